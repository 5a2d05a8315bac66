package io.framecast.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What holds for each network that chooses among what classical means foresee. */
abstract class FlowNetworkTest {
    static final int SIDE = 32;
    static final int CONTEXT = 10;
    static final float LEVEL = 2f / 255;
    private static final int SQUARE = 8;

    final Torch torch = Torch.open();
    final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    final ParameterStore store = new ParameterStore(manager, false);
    final FramePredictor network;
    private final float slopeStep;

    /** @param slopeStep how far from a weight its slope is measured, within the same bend of the leaky ReLU */
    FlowNetworkTest(String architecture, float slopeStep) {
        this.slopeStep = slopeStep;
        manager.getEngine().setRandomSeed(3); // a slope across a bend of the leaky ReLU would be another one
        network = fresh(architecture);
    }

    final FramePredictor fresh(String architecture) {
        var built = Architecture.named(architecture).build(HyperParameters.none(), torch);
        built.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 3, SIDE, SIDE));
        return built;
    }

    @AfterEach
    void close() {
        manager.close();
        torch.close();
    }

    /** Frames (1, times, 3, SIDE, SIDE) of a light square that moves right by a pixel a frame over a fixed texture. */
    final NDArray movingSquare(int times) {
        var texture = new Random(3);
        var background = new float[3 * SIDE * SIDE];
        for (int i = 0; i < background.length; i++) {
            background[i] = -0.6f + 0.2f * texture.nextFloat();
        }
        var frames = new float[times * background.length];
        for (int t = 0; t < times; t++) {
            System.arraycopy(background, 0, frames, t * background.length, background.length);
            for (int channel = 0; channel < 3; channel++) {
                for (int row = 12; row < 12 + SQUARE; row++) {
                    for (int column = 2 + t; column < 2 + t + SQUARE; column++) {
                        int place = (channel * SIDE + row) * SIDE + column;
                        frames[t * background.length + place] = 0.8f + 0.2f * ((row + column - t) % 3);
                    }
                }
            }
        }
        return manager.create(frames, new Shape(1, times, 3, SIDE, SIDE)).clip(-1, 1);
    }

    @Test
    void forecast_ofAStillPicture_isThatPicture() {
        NDArray still = movingSquare(1);

        NDArray forecast = network.forecast(store, still.repeat(1, CONTEXT), 32, false);

        assertThat(forecast.getShape()).isEqualTo(new Shape(1, 32, 3, SIDE, SIDE));
        assertThat(meanSquare(forecast, still.repeat(1, 32))).isLessThan(1e-12);
    }

    @Test
    void forecast_ofFramesThatDifferByRoundingOnly_isTheLastOne() {
        NDArray picture = movingSquare(1);
        NDArray flicker = manager.zeros(new Shape(1, CONTEXT, 3, SIDE, SIDE));
        flicker.set(new NDIndex(":, :, :, 2:30:3, 2:30:3"), LEVEL);
        flicker.set(new NDIndex(":, ::2"), 0); // every other frame lies a level higher in a ninth of its pixels
        NDArray context = picture.repeat(1, CONTEXT).add(flicker);

        NDArray forecast = network.forecast(store, context, 32, false);

        assertThat(meanSquare(forecast, context.get(new NDIndex(":, -1:")).repeat(1, 32)))
                .isLessThan(1e-12);
    }

    @Test
    void forecast_besideAMovingSquare_isNotHeldWhereItMoves() {
        NDArray context = movingSquare(CONTEXT);
        NDArray last = context.get(new NDIndex(":, -1:"));

        NDArray change = network.forecast(store, context, 1, false).sub(last).abs();

        assertThat(change.get(new NDIndex(":, :, :, 12:20")).max().getFloat()).isGreaterThan(0.5f);
    }

    @Test
    void forecast_ofAMovingSquare_movesOnFromTheStart() {
        NDArray frames = movingSquare(CONTEXT + 5);
        NDArray context = frames.get(new NDIndex(":, :{}", CONTEXT));
        NDArray truth = frames.get(new NDIndex(":, {}:", CONTEXT));
        NDArray last = context.get(new NDIndex(":, -1:"));

        NDArray forecast = network.forecast(store, context, 5, false);

        assertThat(meanSquare(forecast, truth)).isLessThan(0.5 * meanSquare(last.repeat(1, 5), truth));
    }

    @Test
    void forecast_someSteps_areThoseOfAllSteps() {
        NDArray context = movingSquare(CONTEXT);

        NDArray all = network.forecast(store, context, 32, false);
        NDArray some = network.forecast(store, context, new int[] {2, 7, 32}, false);

        assertThat(meanSquare(some.get(new NDIndex(":, 1")), all.get(new NDIndex(":, 6"))))
                .isLessThan(1e-12);
        assertThat(meanSquare(some.get(new NDIndex(":, 2")), all.get(new NDIndex(":, 31"))))
                .isLessThan(1e-12);
    }

    @Test
    void forecast_ofAnEarlierStep_doesNotDependOnLaterOnes() {
        NDArray context = movingSquare(CONTEXT);

        NDArray shorter = network.forecast(store, context, 6, false);
        NDArray longer = network.forecast(store, context, 32, false);

        assertThat(meanSquare(shorter, longer.get(new NDIndex(":, :6")))).isLessThan(1e-12);
    }

    @Test
    void forecast_severalAtOnce_areThoseOfEachAlone() {
        NDArray frames = movingSquare(CONTEXT + 3);
        NDArray earlier = frames.get(new NDIndex(":, :{}", CONTEXT));
        NDArray later = frames.get(new NDIndex(":, 3:"));

        NDArray both = network.forecast(store, earlier.concat(later, 0), 3, false);

        assertThat(meanSquare(both.get(new NDIndex("0:1")), network.forecast(store, earlier, 3, false)))
                .isLessThan(1e-9);
        assertThat(meanSquare(both.get(new NDIndex("1:2")), network.forecast(store, later, 3, false)))
                .isLessThan(1e-9);
    }

    @Test
    void forecast_fromOneFrame_repeatsIt() {
        NDArray one = movingSquare(1);

        assertThat(meanSquare(network.forecast(store, one, 4, false), one.repeat(1, 4)))
                .isLessThan(1e-3);
    }

    @Test
    void gradient_reachesEveryWeight_andIsTheSlope() {
        NDArray frames = movingSquare(CONTEXT + 3);
        NDArray context = frames.get(new NDIndex(":, :{}", CONTEXT));
        NDArray truth = frames.get(new NDIndex(":, {}:", CONTEXT));
        network.getParameters().values().forEach(weight -> weight.getArray().setRequiresGradient(true));

        try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
            collector.backward(loss(context, truth));
        }

        network.getParameters()
                .forEach(entry -> assertThat(entry.getValue()
                                .getArray()
                                .getGradient()
                                .abs()
                                .sum()
                                .getFloat())
                        .as(entry.getKey())
                        .isFinite()
                        .isPositive());
        for (String name : new String[] {"outBias", "phaseWeight", "trunk"}) {
            assertSlope(name, context, truth);
        }
    }

    /** Against the difference of the loss on both sides of a weight. */
    private void assertSlope(String name, NDArray context, NDArray truth) {
        NDArray weight = network.getParameters().stream()
                .filter(entry -> entry.getKey().contains(name))
                .findFirst()
                .orElseThrow()
                .getValue()
                .getArray();
        float gradient = weight.getGradient().toFloatArray()[0];
        float[] values = weight.toFloatArray();
        values[0] += slopeStep;
        weight.set(values);
        double above = exactLoss(context, truth);
        values[0] -= 2 * slopeStep;
        weight.set(values);
        double below = exactLoss(context, truth);
        values[0] += slopeStep;
        weight.set(values);
        assertThat((above - below) / (2 * slopeStep))
                .as(name)
                .isCloseTo(gradient, within(2e-3 + 0.05 * Math.abs(gradient)));
    }

    /** Summed in double, because the difference of two of them is looked at. */
    private double exactLoss(NDArray context, NDArray truth) {
        double sum = 0;
        for (float difference :
                network.forecast(store, context, 3, true).sub(truth).toFloatArray()) {
            sum += (double) difference * difference;
        }
        return sum;
    }

    private NDArray loss(NDArray context, NDArray truth) {
        return network.forecast(store, context, 3, true).sub(truth).square().sum();
    }

    static double meanSquare(NDArray a, NDArray b) {
        return a.sub(b).square().mean().getFloat();
    }
}
