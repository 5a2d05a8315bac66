package io.framecast.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import io.framecast.forecast.Forecast;
import io.framecast.forecast.Window;
import io.framecast.frame.CameraId;
import io.framecast.frame.ClockSource;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.FrameTime;
import io.framecast.frame.Pixels;
import io.framecast.model.engine.ComputeDevice;
import io.framecast.model.engine.EngineConfig;
import io.framecast.model.engine.Precision;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkForecasterTest {
    private static final FrameShape SHAPE = new FrameShape(16, 16, 3);
    private static final int CONTEXT = 5;

    @TempDir
    Path folder;

    @Test
    void forecast_ofSeveralCameras_isOneEachInOrderAndOfTheHorizon() {
        try (var forecaster = forecaster("frame")) {
            var windows = List.of(window("a", 1, CONTEXT), window("b", 2, CONTEXT));
            List<Forecast> forecasts = forecaster.forecast(windows);
            assertThat(forecasts)
                    .extracting(forecast -> forecast.origin().camera().value())
                    .containsExactly("a", "b");
            assertThat(forecasts).allSatisfy(forecast -> {
                assertThat(forecast.frames()).hasSize(32);
                assertThat(forecast.interval()).isEqualTo(Duration.ofMillis(100));
                assertThat(forecast.contextLength()).isEqualTo(CONTEXT);
            });
            assertThat(forecasts.get(0).frames()).isNotEqualTo(forecasts.get(1).frames());
        }
    }

    @Test
    void forecast_onAProcessor_isTheSameToTheBitWhateverSharesItsBatch() {
        assertTheSameWhateverSharesItsBatch(forecaster("frame"), SHAPE, 9);
    }

    /** The networks' own layers round otherwise on another number of threads. */
    @ParameterizedTest
    @ValueSource(strings = {"unet-shapes", "deconv-lstm", "flow-mixture", "flow-lstm"})
    void forecast_byAShippedModel_isTheSameToTheBitWhateverSharesItsBatch(String name) {
        ModelFolder model = ModelFolder.find(Path.of("models"), name);
        assertTheSameWhateverSharesItsBatch(
                NetworkForecaster.load(model, ComputeDevice.choose(EngineConfig.cpu()), Precision.AUTO),
                model.shape(),
                3);
    }

    private static void assertTheSameWhateverSharesItsBatch(NetworkForecaster opened, FrameShape shape, int count) {
        try (var forecaster = opened) {
            var windows = IntStream.range(0, count)
                    .mapToObj(camera -> window("c" + camera, camera, forecaster.contextLength(), shape))
                    .toList();
            List<Forecast> together = forecaster.forecast(windows);
            assertThat(together).hasSameSizeAs(windows);
            for (int i = 0; i < windows.size(); i++) {
                assertThat(together.get(i))
                        .isEqualTo(forecaster.forecast(List.of(windows.get(i))).get(0));
            }
        }
    }

    @Test
    void forecast_ofTheSameWindow_isTheSameToTheBit() {
        try (var forecaster = forecaster("frame")) {
            var window = List.of(window("a", 3, CONTEXT));
            assertThat(forecaster.forecast(window)).isEqualTo(forecaster.forecast(window));
        }
    }

    @Test
    void forecast_byAFreshNetworkThatDrawsChanges_isNearlyTheLastFrame() {
        try (var forecaster = forecaster("change")) {
            Window window = window("a", 4, CONTEXT);
            Pixels first = forecaster.forecast(List.of(window)).get(0).frames().get(0);
            for (int i = 0; i < first.size(); i++) {
                assertThat(first.at(i))
                        .isBetween(
                                window.last().pixels().at(i) - 4,
                                window.last().pixels().at(i) + 4);
            }
        }
    }

    @Test
    void forecast_fromOneFrame_works() {
        try (var forecaster = forecaster("frame")) {
            assertThat(forecaster.forecast(List.of(window("a", 5, 1))).get(0).contextLength())
                    .isEqualTo(1);
        }
    }

    @Test
    void forecast_ofNoWindows_isEmpty() {
        try (var forecaster = forecaster("frame")) {
            assertThat(forecaster.forecast(List.of())).isEmpty();
        }
    }

    @Test
    void closedLoop_isTheNetworkOnItsOwnOutput() {
        try (var torch = Torch.open();
                var manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            FramePredictor network = ModelFolder.build(description("frame"), torch, manager);
            var store = new ParameterStore(manager, false);
            NDArray context = manager.randomUniform(-1, 1, new Shape(2, CONTEXT, 3, 16, 16));
            NDArray all = context;
            for (int step = 0; step < 3; step++) {
                NDArray predictions =
                        network.forward(store, new NDList(all), false).get(0);
                all = all.concat(predictions.get(new NDIndex(":, -1:")), 1);
            }
            float[] stepByStep = all.get(new NDIndex(":, {}:", CONTEXT)).toFloatArray();
            assertThat(network.forecast(store, context, 3, false).toFloatArray())
                    .usingComparatorWithPrecision(1e-4f)
                    .containsExactly(stepByStep);
        }
    }

    @Test
    void forecast_overAndOver_leavesNoArraysBehind() {
        try (var torch = Torch.open();
                var manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            FramePredictor network = ModelFolder.build(description("change"), torch, manager);
            var store = new ParameterStore(manager, false);
            forecastOnce(network, store, manager);
            int before = arrays(manager) + arrays(torch.manager());
            for (int i = 0; i < 3; i++) {
                forecastOnce(network, store, manager);
            }
            assertThat(arrays(manager) + arrays(torch.manager())).isEqualTo(before);
        }
    }

    private static void forecastOnce(FramePredictor network, ParameterStore store, NDManager manager) {
        try (NDManager scratch = manager.newSubManager()) {
            network.forecast(store, scratch.zeros(new Shape(1, 2, 3, 16, 16), DataType.FLOAT32), 4, false);
        }
    }

    private static int arrays(NDManager manager) {
        return manager.getManagedArrays().size();
    }

    private NetworkForecaster forecaster(String output) {
        ModelDescription description = description(output);
        try (var torch = Torch.open();
                var manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            ModelFolder.write(folder, description, ModelFolder.build(description, torch, manager));
        }
        return NetworkForecaster.load(
                ModelFolder.find(folder, folder.toString()), ComputeDevice.choose(EngineConfig.cpu()), Precision.AUTO);
    }

    private static ModelDescription description(String output) {
        return ModelDescription.builder("test", "deconv-lstm", CONTEXT, SHAPE)
                .date("2026-01-01")
                .hyperParameters(Map.of("filters", List.of(4, 8), "hidden", 8, "output", output))
                .build();
    }

    private static Window window(String camera, int seed, int length) {
        return window(camera, seed, length, SHAPE);
    }

    private static Window window(String camera, int seed, int length, FrameShape shape) {
        var random = new Random(seed);
        var id = new CameraId(camera);
        var frames = new ArrayList<Frame>();
        for (int i = 0; i < length; i++) {
            var bytes = new byte[shape.bytes()];
            random.nextBytes(bytes);
            var time = new FrameTime(Instant.EPOCH.plusMillis(100L * i), ClockSource.MEDIA, OptionalLong.empty());
            frames.add(new Frame(id, 1, i, time, shape, Pixels.copyOf(bytes)));
        }
        return new Window(id, frames);
    }
}
