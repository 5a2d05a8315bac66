package io.framecast.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.Forecaster;
import io.framecast.forecast.LatencyStamps;
import io.framecast.forecast.ModelVersion;
import io.framecast.forecast.Window;
import io.framecast.frame.CameraId;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Frames;
import io.framecast.frame.Ticker;
import io.framecast.predict.PredictListener;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A shadow next to a predictor that a test plays. */
class ShadowTest {
    private static final FrameShape SHAPE = new FrameShape(8, 8, 3);
    private static final int CONTEXT = 4;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final ShadowScores scores = new ShadowScores(metrics, "shadow");
    private final List<Shadow> opened = new ArrayList<>();

    /** What is told to the camera's own listener. */
    private static final class Told implements PredictListener {
        private final List<String> dropped = new ArrayList<>();

        @Override
        public void forecast(Forecast forecast, LatencyStamps stamps) {}

        @Override
        public void dropped(CameraId camera, String cause) {
            dropped.add(camera + " " + cause);
        }
    }

    private final Told told = new Told();

    /** A model that breaks. */
    private static final class Broken implements Forecaster {
        @Override
        public ModelVersion model() {
            return new ModelVersion("broken", "1");
        }

        @Override
        public int contextLength() {
            return CONTEXT;
        }

        @Override
        public List<Forecast> forecast(List<Window> windows) {
            throw new IllegalStateException("out of native memory");
        }
    }

    @AfterEach
    void close() {
        opened.forEach(Shadow::close);
    }

    private Shadow shadow(Forecaster challenger) {
        var shadow = new Shadow(challenger, told, scores, Ticker.system());
        opened.add(shadow);
        return shadow;
    }

    private static Frame frame(long sequence) {
        return Frames.of("a", Frames.EPOCH, sequence, SHAPE);
    }

    private static void play(Shadow shadow, Forecaster own, int frames, int waiting) {
        for (long sequence = 0; sequence < frames; sequence++) {
            shadow.frame(frame(sequence));
            if (sequence >= CONTEXT - 1 && sequence % 5 == 0) {
                long last = sequence;
                var window = new Window(
                        new CameraId("a"),
                        LongStream.rangeClosed(last - CONTEXT + 1, last)
                                .mapToObj(ShadowTest::frame)
                                .toList());
                shadow.modelCalled();
                shadow.forecasts(List.of(window), own.forecast(List.of(window)), waiting);
            }
        }
    }

    private double windows(String result) {
        return metrics.get("framecast.shadow.windows")
                .tag("result", result)
                .functionCounter()
                .count();
    }

    @Test
    void windows_areForecastByBoth_andCompared() {
        play(shadow(new MeanForecaster("shadow", 2)), new MeanForecaster("own", CONTEXT), 200, 0);

        await().until(() -> windows("forecast") == 39);
        await().until(() ->
                !scores.summary().isEmpty() && scores.summary().get(0).forecasts() >= 32);
        assertThat(scores.summary()).singleElement().satisfies(camera -> {
            assertThat(camera.camera()).isEqualTo("a");
            assertThat(camera.model()).isEqualTo("own");
            assertThat(camera.shadow()).isEqualTo("shadow");
            // Grey grows by 1 a frame: the mean of 2 frames lags less than that of 4, both more than the last frame.
            assertThat(camera.skill()).isNegative();
            assertThat(camera.difference()).isPositive();
        });
        assertThat(metrics.get("framecast.shadow.skill")
                        .tag("of", "shadow")
                        .gauge()
                        .value())
                .isEqualTo(scores.summary().get(0).shadowSkill());
        assertThat(windows("skipped")).isZero();
    }

    @Test
    void windows_whileTheOwnModelIsBehind_areSkipped_andCounted() {
        play(shadow(new MeanForecaster("shadow", 2)), new MeanForecaster("own", CONTEXT), 50, 1);
        assertThat(windows("skipped")).isEqualTo(9);
        assertThat(windows("forecast")).isZero();
    }

    @Test
    void windows_shorterThanTheShadowTakes_areSkipped() {
        play(shadow(new MeanForecaster("shadow", CONTEXT + 1)), new MeanForecaster("own", CONTEXT), 50, 0);
        assertThat(windows("skipped")).isEqualTo(9);
    }

    @Test
    void shadowThatBreaks_isAskedNoMore_andTheOwnGoesOn() {
        Shadow shadow = shadow(new Broken());
        play(shadow, new MeanForecaster("own", CONTEXT), 100, 0);
        await().until(() -> windows("skipped") == 19);
        shadow.dropped(new CameraId("a"), "stale");
        assertThat(told.dropped).containsExactly("a stale");
        assertThat(scores.summary()).isEmpty();
    }

    @Test
    void close_closesTheChallenger_andTakesNothingMore() {
        var challenger = new MeanForecaster("shadow", 2);
        Shadow shadow = shadow(challenger);
        shadow.close();
        assertThat(challenger.isClosed()).isTrue();
        play(shadow, new MeanForecaster("own", CONTEXT), 50, 0);
        assertThat(windows("skipped")).isEqualTo(9);
    }
}
