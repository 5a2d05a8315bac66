package io.framecast.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.framecast.data.Recording;
import io.framecast.evaluate.ClipScores;
import io.framecast.evaluate.Evaluation;
import io.framecast.evaluate.EvaluationConfig;
import io.framecast.forecast.Forecaster;
import io.framecast.forecast.Window;
import io.framecast.frame.CameraId;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.model.ModelFolder;
import io.framecast.model.NetworkForecaster;
import io.framecast.model.engine.ComputeDevice;
import io.framecast.model.engine.EngineConfig;
import io.framecast.model.engine.Precision;
import io.framecast.source.Pace;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceSpec;
import io.framecast.source.reader.FrameSources;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the default model promises of any camera, on scenes it was never trained on. */
class ShippedModelIT {
    private static final int HORIZON = 32;
    private static final double SHARP_DB = 35;

    private static NetworkForecaster model;

    @BeforeAll
    static void load() {
        model = NetworkForecaster.load(
                ModelFolder.find(Path.of("models"), "flow-lstm"),
                ComputeDevice.choose(EngineConfig.cpu()),
                Precision.AUTO);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static List<Frame> frames(String scene, int count, FrameShape shape) {
        return FrameSources.open(
                        SourceSpec.parse("camera=test:" + scene),
                        SourceConfig.defaults().withPace(Pace.MAX).withShape(shape))
                .frames()
                .take(count)
                .collectList()
                .blockOptional()
                .orElse(Collections.emptyList());
    }

    private static List<Frame> frames(String scene, int count) {
        return frames(scene, count, FrameShape.STANDARD);
    }

    @Test
    void forecast_ofAStreet_isBetterThanTheLastFrame_andItsBackgroundStaysSharp() {
        ClipScores scores = scores(frames("street", 240));

        assertBetterThanTheLastFrame(scores);
        assertThat(scores.of("model").stillPsnrOfAllSteps()).isGreaterThan(SHARP_DB);
    }

    /** Where a camera looks, in pixels from its place. */
    private enum Motion {
        PAN,
        TREMBLE,
        SWAY;

        int down(int frame, Random random) {
            return switch (this) {
                case PAN -> 0;
                case TREMBLE -> random.nextInt(3) - 1;
                case SWAY -> (int) Math.round(4 * Math.sin(frame / 5.0));
            };
        }

        int right(int frame, Random random) {
            return switch (this) {
                case PAN -> frame / 2;
                case TREMBLE -> random.nextInt(3) - 1;
                case SWAY -> (int) Math.round(3 * Math.sin(frame / 7.0));
            };
        }
    }

    static List<Arguments> movingCameras() {
        return Stream.of("street", "still")
                .flatMap(scene -> Arrays.stream(Motion.values()).map(motion -> Arguments.of(scene, motion)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("movingCameras")
    void forecast_ofACameraThatMoves_isBetterThanTheLastFrame(String scene, Motion motion) {
        var random = new Random(1);
        var shape = new FrameShape(128, 128, 3);
        List<Frame> wide = frames(scene, 120, shape);
        var frames = new ArrayList<Frame>();
        for (int i = 0; i < wide.size(); i++) {
            Frame frame = wide.get(i);
            int top = 20 + motion.down(i, random);
            int left = 2 + motion.right(i, random);
            frames.add(new Frame(
                    frame.camera(),
                    frame.epoch(),
                    frame.sequence(),
                    frame.time(),
                    FrameShape.STANDARD,
                    part(frame.pixels(), shape, top, left)));
        }

        assertBetterThanTheLastFrame(scores(frames));
    }

    private static Pixels part(Pixels picture, FrameShape shape, int top, int left) {
        int row = FrameShape.STANDARD.width() * 3;
        var bytes = new byte[FrameShape.STANDARD.bytes()];
        for (int at = 0; at < bytes.length; at++) {
            bytes[at] = (byte) picture.at(((top + at / row) * shape.width() + left) * 3 + at % row);
        }
        return Pixels.copyOf(bytes);
    }

    private static void assertBetterThanTheLastFrame(ClipScores scores) {
        double[] persistence = scores.of("persistence").mse();
        for (int step = 0; step < HORIZON; step++) {
            assertThat(scores.of("model").mse()[step]).as("step %d", step + 1).isLessThan(persistence[step]);
        }
    }

    private ClipScores scores(List<Frame> frames) {
        Map<String, Forecaster> forecasters = new LinkedHashMap<>(Evaluation.baselines());
        var scores = new ArrayList<ClipScores>();
        forecasters.put("model", model);
        new Evaluation(
                        new EvaluationConfig(10, HORIZON, 10),
                        forecasters,
                        (clip, window, truth, forecasts) -> {},
                        warning -> {
                            throw new AssertionError(warning);
                        })
                .run(List.of(new Frames(frames)), scores::add);
        return scores.get(0);
    }

    @Test
    void forecast_ofAStillCamera_isItsPicture_toTheByte() {
        List<Frame> frames = frames("still", 10);
        var window = new Window(new CameraId("camera"), frames);
        assertThat(model.forecast(List.of(window)).get(0).frames())
                .hasSize(HORIZON)
                .containsOnly(frames.get(9).pixels());
    }

    private record Frames(List<Frame> frames) implements Recording {
        @Override
        public String name() {
            return "scene";
        }

        @Override
        public void read(Consumer<Frame> reader) {
            frames.forEach(reader);
        }
    }
}
