package io.framecast.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UNetPredictorTest {
    private static final int SIDE = 32;
    private static final int DRAWS = 4;

    private final Torch torch = Torch.open();
    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final ParameterStore store = new ParameterStore(manager, false);
    private final FramePredictor network = network();

    private FramePredictor network() {
        return network("none");
    }

    private FramePredictor network(String normalization) {
        manager.getEngine().setRandomSeed(5);
        var hyper = new HyperParameters(
                Map.of("filters", List.of(4, 6, 8), "reads", 5, "draws", DRAWS, "normalization", normalization));
        var built = Architecture.named("unet").build(hyper, torch);
        built.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 3, SIDE, SIDE));
        return built;
    }

    @AfterEach
    void close() {
        manager.close();
        torch.close();
    }

    private NDArray frames(int times) {
        return manager.randomUniform(-1, 1, new Shape(2, times, 3, SIDE, SIDE));
    }

    @Test
    void forecast_beyondWhatIsDrawnAtOnce_feedsItsOwnOutputBack() {
        NDArray context = frames(7);

        NDArray all = network.forecast(store, context, 2 * DRAWS + 1, false);

        NDArray first = network.forecast(store, context, DRAWS, false);
        NDArray second = network.forecast(store, context.concat(first.clip(-1, 1), 1), DRAWS, false);
        assertThat(all.getShape()).isEqualTo(new Shape(2, 2 * DRAWS + 1, 3, SIDE, SIDE));
        assertThat(all.get(new NDIndex(":, :{}", DRAWS)).contentEquals(first)).isTrue();
        assertThat(all.get(new NDIndex(":, {}:{}", DRAWS, 2 * DRAWS)).contentEquals(second))
                .isTrue();
    }

    @Test
    void forecast_ofSomeSteps_isThoseOfAll() {
        NDArray context = frames(5);

        NDArray some = network.forecast(store, context, new int[] {2, 7}, false);

        NDArray all = network.forecast(store, context, 7, false);
        assertThat(some.get(new NDIndex(":, 0")).contentEquals(all.get(new NDIndex(":, 1"))))
                .isTrue();
        assertThat(some.get(new NDIndex(":, 1")).contentEquals(all.get(new NDIndex(":, 6"))))
                .isTrue();
    }

    @Test
    void forecast_fromOneFrame_takesItForAllBefore() {
        NDArray one = frames(1);

        NDArray forecast = network.forecast(store, one, 3, false);

        assertThat(forecast.contentEquals(network.forecast(store, one.repeat(1, 5), 3, false)))
                .isTrue();
    }

    @Test
    void forecast_readsTheLastFramesOnly() {
        NDArray context = frames(9);
        NDArray lastFive = context.get(new NDIndex(":, 4:"));

        assertThat(network.forecast(store, context, 3, false)
                        .contentEquals(network.forecast(store, lastFive, 3, false)))
                .isTrue();
    }

    @Test
    void forecast_normalized_ofOtherColours_isTheSameInThoseColours() {
        FramePredictor normalizing = network("window");
        NDArray dim = frames(5);
        NDArray factor = manager.create(new float[] {0.5f, 0.25f, 0.4f}, new Shape(1, 1, 3, 1, 1));
        NDArray offset = manager.create(new float[] {0.5f, 0, -0.5f}, new Shape(1, 1, 3, 1, 1));
        NDArray other = dim.mul(factor).add(offset);

        NDArray forecast = normalizing.forecast(store, other, DRAWS, false);

        NDArray expected =
                normalizing.forecast(store, dim, DRAWS, false).mul(factor).add(offset);
        assertThat(forecast.allClose(expected, 1e-2, 1e-2, false)).isTrue();
        assertThat(network.forecast(store, other, DRAWS, false)
                        .allClose(
                                network.forecast(store, dim, DRAWS, false)
                                        .mul(factor)
                                        .add(offset),
                                1e-2,
                                1e-2,
                                false))
                .isFalse();
    }

    @Test
    void forecast_withPolarity_ofColoursTurnedOver_isTurnedOver() {
        FramePredictor turning = network("polarity");
        NDArray dark = frames(5).square().sub(1); // skewed
        NDArray factor = manager.create(new float[] {-1, 1, -1}, new Shape(1, 1, 3, 1, 1));

        NDArray forecast = turning.forecast(store, dark.mul(factor), 2 * DRAWS, false);

        NDArray expected = turning.forecast(store, dark, 2 * DRAWS, false).mul(factor);
        assertThat(forecast.allClose(expected, 1e-2, 1e-2, false)).isTrue();
        FramePredictor upright = network("window");
        assertThat(upright.forecast(store, dark.mul(factor), 2 * DRAWS, false)
                        .allClose(
                                upright.forecast(store, dark, 2 * DRAWS, false).mul(factor), 1e-2, 1e-2, false))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {DRAWS - 1, DRAWS + 2})
    void forecast_underAGradient_teachesEveryWeight(int furthest) {
        network.getParameters().forEach(entry -> entry.getValue().getArray().setRequiresGradient(true));

        try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
            collector.backward(network.forecast(store, frames(5), new int[] {1, furthest}, true)
                    .square()
                    .mean());
        }

        network.getParameters()
                .forEach(entry -> assertThat(entry.getValue()
                                .getArray()
                                .getGradient()
                                .abs()
                                .sum()
                                .getFloat())
                        .as(entry.getKey())
                        .isPositive());
    }

    @Test
    void build_withASettingOfAnother_isRefused() {
        assertThatThrownBy(() -> Architecture.named("unet").build(new HyperParameters(Map.of("cells", 2)), torch))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("[cells]");
    }
}
