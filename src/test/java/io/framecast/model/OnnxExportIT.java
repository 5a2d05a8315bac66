package io.framecast.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.framecast.forecast.Window;
import io.framecast.frame.CameraId;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.model.engine.ComputeDevice;
import io.framecast.model.engine.EngineConfig;
import io.framecast.model.engine.Precision;
import io.framecast.motion.FlowField;
import io.framecast.motion.Motion;
import io.framecast.motion.OpticalFlow;
import io.framecast.source.Pace;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceSpec;
import io.framecast.source.reader.FrameSources;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each shipped model in ONNX, run by ONNX Runtime, gives the forecasts that it gives here. */
class OnnxExportIT {
    private static final Path MODELS = Path.of("models");
    private static final int HORIZON = 32;

    /** Frames that flow-lstm reads one by one. */
    private static final int CONTEXT = 10;

    /** Frames from which the trials of flow-lstm forecast. */
    private static final int TRIAL_CONTEXT = 5;

    /** Which part of the bytes may differ by a level: rounding makes that, the more the more often it is fed back. */
    private static final double ROUNDED = 0.05;

    /** By their length. */
    private static final Map<Integer, List<Window>> WINDOWS = new HashMap<>();

    @TempDir
    Path folder;

    static Stream<String> models() {
        return ModelFolder.names(MODELS).stream();
    }

    @ParameterizedTest
    @MethodSource("models")
    void model_inOnnx_forecastsTheSameBytes_ofAnyNumberOfWindows(String name) throws Exception {
        ModelFolder model = ModelFolder.find(MODELS, name);
        Path file = folder.resolve(name + ".onnx");

        OnnxExport.Inputs inputs = OnnxExport.write(model, file);

        List<Window> windows = windows(inputs.contextLength());
        byte[] expected = here(model, windows);
        assertAlike(byOnnxRuntime(file, inputs, windows), expected);
        assertAlike(byOnnxRuntime(file, inputs, windows.subList(1, 2)), part(expected, 1, windows.size()));
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    /** So that the comparison above is one of moving pictures. */
    @Test
    void windows_thatAreCompared_move() {
        assertThat(windows(10)).allSatisfy(window -> {
            var motion = Motion.of(new OpticalFlow(), FrameShape.STANDARD, pixels(window));
            float fastest = 0;
            for (int place = 0; place < 64 * 64; place++) {
                fastest = Math.max(
                        fastest,
                        Math.abs(motion.steady().dx(place))
                                + Math.abs(motion.steady().dy(place)));
            }
            assertThat(fastest).isGreaterThan(0.5f);
        });
    }

    @Test
    void file_thatCannotBeWritten_isNamed() {
        ModelFolder model = ModelFolder.find(MODELS, "unet-shapes");
        Path file = folder.resolve("missing").resolve("shapes.onnx");

        assertThatThrownBy(() -> OnnxExport.write(model, file))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(file.toString());
    }

    private static void assertAlike(byte[] actual, byte[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        int rounded = 0;
        for (int i = 0; i < actual.length; i++) {
            int difference = Math.abs((actual[i] & 0xFF) - (expected[i] & 0xFF));
            assertThat(difference).as("byte " + i).isLessThanOrEqualTo(1);
            rounded += difference;
        }
        assertThat(rounded / (double) actual.length).isLessThan(ROUNDED);
    }

    private static byte[] part(byte[] all, int index, int parts) {
        int size = all.length / parts;
        return Arrays.copyOfRange(all, index * size, (index + 1) * size);
    }

    private static List<Window> windows(int length) {
        return WINDOWS.computeIfAbsent(length, OnnxExportIT::rendered);
    }

    /** Windows of different scenes; one is long only because it begins with the same frame again and again. */
    private static List<Window> rendered(int length) {
        var windows = new ArrayList<Window>();
        for (String scene : List.of("street", "shapes", "surprise")) {
            List<Frame> frames = FrameSources.open(
                            SourceSpec.parse(scene + "=test:" + scene),
                            SourceConfig.defaults().withPace(Pace.MAX))
                    .frames()
                    .skip(40)
                    .take(length)
                    .collectList()
                    .blockOptional()
                    .orElse(Collections.emptyList());
            windows.add(new Window(new CameraId(scene), scene.equals("shapes") ? shortened(frames) : frames));
        }
        return windows;
    }

    private static List<Frame> shortened(List<Frame> frames) {
        int real = Math.min(CONTEXT + 3, frames.size());
        Pixels first = frames.get(frames.size() - real).pixels();
        return IntStream.range(0, frames.size())
                .mapToObj(i -> i < frames.size() - real ? with(frames.get(i), first) : frames.get(i))
                .toList();
    }

    private static Frame with(Frame frame, Pixels pixels) {
        return new Frame(frame.camera(), frame.epoch(), frame.sequence(), frame.time(), frame.shape(), pixels);
    }

    private static List<Pixels> pixels(Window window) {
        return window.frames().stream().map(Frame::pixels).toList();
    }

    private static byte[] here(ModelFolder model, List<Window> windows) {
        try (var forecaster =
                NetworkForecaster.load(model, ComputeDevice.choose(EngineConfig.cpu()), Precision.FLOAT32)) {
            var all = ByteBuffer.allocate(windows.size() * HORIZON * FrameShape.STANDARD.bytes());
            forecaster
                    .forecast(windows)
                    .forEach(forecast -> forecast.frames().forEach(frame -> all.put(frame.toByteArray())));
            return all.array();
        }
    }

    private static byte[] byOnnxRuntime(Path file, OnnxExport.Inputs inputs, List<Window> windows) throws Exception {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        var given = new HashMap<String, OnnxTensor>();
        try (OrtSession session = environment.createSession(file.toString())) {
            int count = windows.size();
            var bytes = ByteBuffer.allocateDirect(count * inputs.contextLength() * FrameShape.STANDARD.bytes());
            windows.forEach(window -> pixels(window).forEach(frame -> bytes.put(frame.toByteArray())));
            given.put(
                    "context",
                    OnnxTensor.createTensor(
                            environment,
                            bytes.flip(),
                            new long[] {count, inputs.contextLength(), 64, 64, 3},
                            OnnxJavaType.UINT8));
            if (inputs.flowFields() > 0) {
                given.put(
                        "flows", OnnxTensor.createTensor(environment, flows(inputs.flowFields(), windows), new long[] {
                            count, inputs.flowFields(), 64, 64, 2
                        }));
            }
            assertThat(session.getInputNames()).isEqualTo(given.keySet());
            assertThat(session.getMetadata().getCustomMetadata()).containsKeys("model", "version");
            try (OrtSession.Result result = session.run(Map.copyOf(given))) {
                ByteBuffer forecast = ((OnnxTensor) result.get(0)).getByteBuffer();
                var all = new byte[forecast.remaining()];
                forecast.get(all);
                return all;
            }
        } finally {
            given.values().forEach(OnnxTensor::close);
        }
    }

    /** As docs/models.md says: near and steady, with four also those of the first five frames. */
    private static FloatBuffer flows(int fields, List<Window> windows) {
        var opticalFlow = new OpticalFlow();
        FloatBuffer flows = ByteBuffer.allocateDirect(windows.size() * fields * 64 * 64 * 2 * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        for (Window window : windows) {
            List<Pixels> context = pixels(window);
            if (fields == 2) {
                put(Motion.of(opticalFlow, FrameShape.STANDARD, context), flows);
            } else {
                put(Motion.roughly(opticalFlow, FrameShape.STANDARD, context), flows);
                put(
                        Motion.roughly(
                                opticalFlow,
                                FrameShape.STANDARD,
                                context.subList(context.size() - CONTEXT, context.size() - CONTEXT + TRIAL_CONTEXT)),
                        flows);
            }
        }
        return flows.flip();
    }

    private static void put(Motion motion, FloatBuffer into) {
        for (FlowField field : List.of(motion.near(), motion.steady())) {
            for (int place = 0; place < 64 * 64; place++) {
                into.put(field.dx(place)).put(field.dy(place));
            }
        }
    }
}
