package io.framecast.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import org.junit.jupiter.api.Test;

class FlowMixtureTest extends FlowNetworkTest {
    FlowMixtureTest() {
        super("flow-mixture", 0.005f);
    }

    @Test
    void forecast_ofALongContext_takesItsLastFrames() {
        NDArray frames = movingSquare(CONTEXT + 4);

        NDArray longer = network.forecast(store, frames, 3, false);
        NDArray enough = network.forecast(store, frames.get(new NDIndex(":, 4:")), 3, false);

        assertThat(meanSquare(longer, enough)).isZero();
    }

    @Test
    void forecast_whereLittleMoves_goesHalfTheWayThatTrainingGoes() {
        NDArray context = movingSquare(CONTEXT);
        NDArray quiet = context.mul(manager.create(0.04f)); // changes of up to 8 levels, at few pixels
        NDArray last = quiet.get(new NDIndex(":, -1:")).repeat(1, 8);

        NDArray trained = network.forecast(store, quiet, 8, true).sub(last);
        NDArray given = network.forecast(store, quiet, 8, false).sub(last);

        assertThat(trained.abs().max().getFloat()).as("is not held").isGreaterThan(0.002f);
        assertThat(meanSquare(given, trained.mul(manager.create(0.5f)))).isLessThan(1e-12);
    }

    @Test
    void priors_startAsTheLastFrameWarped_andEndAsTheMeanOfTheAverages() {
        float[] priors = FlowMixture.priors(new int[] {1, 32});

        // w = exp(-1 / 15) = 0.9355, e = 1 - exp(-1 / 5) = 0.1813; then exp(-32 / 15) = 0.1184, 1 - exp(-32 / 5) =
        // 0.9983
        double[] shares = {
            0.0728, 0.0258, 0.0258, 0.3318, 0.3318, 0.3318, 0.02, 0.02, 0.02, //
            0.0215, 0.4601, 0.4601, 0.0595, 0.0595, 0.0595, 0.02, 0.02, 0.02
        };
        assertThat(priors).hasSize(shares.length);
        for (int i = 0; i < shares.length; i++) {
            assertThat(Math.exp(priors[i])).as("share %d", i).isCloseTo(shares[i], within(1e-4));
        }
    }

    @Test
    void phases_ofTheFirstStepAndTheLast_areAllWithinZeroAndOne() {
        float[] phases = FlowMixture.phases(new int[] {1, 32});

        float[] expected = {1, 0.03125f, 0, 0.71653f, 0.90484f, 1, 1, 1, 0.00002f, 0.04076f};
        assertThat(phases).containsExactly(expected, within(1e-5f));
    }
}
