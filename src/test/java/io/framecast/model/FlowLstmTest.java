package io.framecast.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import io.framecast.frame.FrameShape;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlowLstmTest extends FlowNetworkTest {
    FlowLstmTest() {
        super("flow-lstm", 0.002f);
    }

    @Test
    void forecast_whereLittleMoves_andNothingForeseesIt_goesHalfTheWayThatTrainingGoes() {
        NDArray context = jumpingPixels();
        NDArray last = context.get(new NDIndex(":, -1:")).repeat(1, 4);

        NDArray trained = network.forecast(store, context, 4, true).sub(last);
        NDArray given = network.forecast(store, context, 4, false).sub(last);

        assertThat(trained.abs().max().getFloat()).as("is not held").isGreaterThan(0.002f);
        assertThat(meanSquare(given, trained.mul(manager.create(0.5f)))).isLessThan(1e-12);
    }

    /** Where a few pixels change in each frame, for good: of that the last frame knows most. */
    private NDArray jumpingPixels() {
        NDArray picture = movingSquare(1);
        var random = new Random(7);
        var frames = new NDList();
        for (int t = 0; t < CONTEXT; t++) {
            float[] values = picture.toFloatArray();
            for (int i = 0; i < values.length; i++) {
                values[i] += random.nextInt(40) == 0 ? 10 * LEVEL : 0;
            }
            picture = manager.create(values, picture.getShape());
            frames.add(picture);
        }
        return NDArrays.concat(frames, 1);
    }

    @Test
    void forecast_whereLittleMoves_asACandidateForesawBefore_goesAllTheWay() {
        NDArray quiet = movingSquare(CONTEXT).mul(manager.create(0.04f)); // changes of up to 8 levels, at few pixels
        NDArray last = quiet.get(new NDIndex(":, -1:")).repeat(1, 3);

        NDArray trained = network.forecast(store, quiet, 3, true).sub(last);
        NDArray given = network.forecast(store, quiet, 3, false).sub(last);

        assertThat(meanSquare(given, trained)).isLessThan(0.05 * meanSquare(given, manager.zeros(given.getShape())));
    }

    @Test
    void forecast_beforeAnyWeightHasAnOpinion_isThePrior() {
        NDArray context = movingSquare(2); // in which both find the same movement
        FramePredictor mixture = fresh("flow-mixture");
        silence(network);
        silence(mixture);

        NDArray forecast = network.forecast(store, context, 32, true);

        assertThat(meanSquare(forecast, mixture.forecast(store, context, 32, true)))
                .isZero();
    }

    /** Makes all shares those of the prior, and the change nothing. */
    private void silence(FramePredictor network) {
        network.getParameters().stream()
                .filter(entry ->
                        entry.getKey().contains("out") || entry.getKey().contains("Gain"))
                .forEach(entry -> entry.getValue().getArray().muli(manager.create(0f)));
    }

    @Test
    void start_fromAFlowMixture_forecastsAboutAsThat(@TempDir Path models) {
        var shape = new FrameShape(SIDE, SIDE, 3);
        var description = ModelDescription.builder("mixture", "flow-mixture", CONTEXT, shape)
                .date("2026-01-01")
                .summary("trained")
                .build();
        var trained = ModelFolder.build(description, torch, manager);
        trained.getParameters().stream()
                .filter(entry -> entry.getKey().contains("outWeight"))
                .forEach(entry -> entry.getValue().getArray().muli(manager.create(30f)));
        ModelFolder.write(models.resolve("mixture"), description, trained);
        ModelFolder folder = ModelFolder.find(models, "mixture");
        NDArray context = movingSquare(2); // in which both find the same movement
        NDArray expected = folder.load(torch, manager).forecast(store, context, 32, true);
        double before = meanSquare(network.forecast(store, context, 32, true), expected);

        folder.giveTo(network, torch, manager);
        network.getParameters().stream()
                .filter(entry -> entry.getKey().contains("Gain"))
                .forEach(entry -> entry.getValue().getArray().muli(manager.create(0f)));

        assertThat(meanSquare(network.forecast(store, context, 32, true), expected))
                .isLessThan(1e-3 * before);
    }

    @Test
    void start_ofAFlowMixtureFromAFlowLstm_isRefused(@TempDir Path models) {
        var description = ModelDescription.builder("lstm", "flow-lstm", CONTEXT, new FrameShape(SIDE, SIDE, 3))
                .date("2026-01-01")
                .summary("fresh")
                .build();
        ModelFolder.write(models.resolve("lstm"), description, network);
        FramePredictor mixture = fresh("flow-mixture");

        assertThatThrownBy(() -> ModelFolder.find(models, "lstm").giveTo(mixture, torch, manager))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void times_ofTheSteps_lieBetweenTheMomentsAround() {
        NDArray times = FlowLstm.times(manager, new int[] {1, 8, 12});

        assertThat(times.toFloatArray()).containsExactly(0.875f, 0.125f, 0, 0, 1, 0, 0, 0.5f, 0.5f);
    }

    @Test
    void build_ofAsManyReadsAsLevels_isRefused() {
        var hyper = new HyperParameters(Map.of("filters", List.of(8, 16), "reads", List.of(8, 16)));

        assertThatThrownBy(() -> Architecture.named("flow-lstm").build(hyper, torch))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("reads [8, 16]");
    }
}
