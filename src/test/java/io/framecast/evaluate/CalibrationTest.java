package io.framecast.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.framecast.forecast.ExpectedError;
import io.framecast.forecast.Forecast;
import io.framecast.forecast.ModelVersion;
import io.framecast.forecast.PixelError;
import io.framecast.forecast.Window;
import io.framecast.frame.CameraId;
import io.framecast.frame.ClockSource;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.FrameTime;
import io.framecast.frame.Pixels;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CalibrationTest {
    private static final FrameShape SHAPE = new FrameShape(8, 8, 3);
    private static final int HORIZON = 3;

    private final Random random = new Random(5);

    /** A picture whose values lie up to {@code spread} from grey. */
    private Pixels noise(double spread) {
        var bytes = new byte[SHAPE.bytes()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Math.round(128 + spread * (2 * random.nextDouble() - 1));
        }
        return Pixels.copyOf(bytes);
    }

    private Window window(double spread) {
        return window(spread, 0);
    }

    private Window window(double spread, int first) {
        var frames = new ArrayList<Frame>();
        for (int i = 0; i < 4; i++) {
            var time = new FrameTime(
                    Instant.EPOCH.plusMillis(100L * (first + i)), ClockSource.MEDIA, OptionalLong.empty());
            frames.add(new Frame(new CameraId("a"), 1, first + i, time, SHAPE, noise(spread)));
        }
        return new Window(new CameraId("a"), frames);
    }

    private static Forecast repeatLast(Window window, List<Double> expected) {
        return new Forecast(
                window.origin(),
                new ModelVersion("m", "1"),
                window.length(),
                Duration.ofMillis(100),
                SHAPE,
                Collections.nCopies(HORIZON, window.last().pixels()),
                expected,
                Optional.empty());
    }

    @Test
    void fit_whereErrorFollowsMotion_expectsTheErrorsOfNewWindows() {
        var calibration = new Calibration("m", 10);
        for (int i = 0; i < 200; i++) {
            double spread = 2 + 60 * random.nextDouble();
            Window window = window(spread);
            calibration.forecast("clip" + i % 4, window, truth(spread), Map.of("m", repeatLast(window, List.of())));
        }

        ExpectedError fitted = calibration.fit();

        assertThat(fitted.steps()).hasSize(HORIZON);
        for (double spread : new double[] {5, 20, 50}) {
            double expected = 0;
            double real = 0;
            for (int i = 0; i < 50; i++) {
                Window window = window(spread);
                Forecast forecast = repeatLast(window, List.of());
                expected += fitted.of(window, forecast.frames()).get(1);
                real += PixelError.meanSquare(
                        forecast.frames().get(1), truth(spread).get(1));
            }
            assertThat(expected / real).as("spread " + spread).isCloseTo(1, within(0.15));
        }
    }

    private List<Pixels> truth(double spread) {
        return List.of(noise(spread), noise(spread), noise(spread));
    }

    @Test
    void fit_withoutAForecast_saysSo() {
        assertThatThrownBy(() -> new Calibration("m", 10).fit())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no forecast of m");
    }

    @Test
    void reliability_listsExpectedBesideReal() {
        var reliability = new Reliability();
        Window window = window(10);
        reliability.forecast(
                "clip", window, truth(10), Map.of("m", repeatLast(window, Collections.nCopies(HORIZON, 0.002))));

        assertThat(reliability.lines()).first().asString().contains("m");
        assertThat(reliability.lines()).last().asString().contains("2.000");
    }

    /** Tenths of windows that follow each other by a frame and are wrong about fivefold: as expected, then after. */
    private List<double[]> tenths(int windows) {
        var reliability = new Reliability();
        for (int first = 0; first < windows; first++) {
            Window window = window(10, first);
            List<Double> expected = Collections.nCopies(HORIZON, 0.0002);
            reliability.forecast("clip", window, truth(10), Map.of("m", repeatLast(window, expected)));
        }
        return reliability.lines().stream()
                .filter(line -> !line.contains("m"))
                .map(line -> Arrays.stream(line.trim().split(" +"))
                        .mapToDouble(Double::parseDouble)
                        .toArray())
                .toList();
    }

    @Test
    void reliability_afterWhatCameBefore_isRightWhereTheModelIsNot() {
        List<double[]> lines = tenths(400);

        assertThat(lines).hasSize(20);
        assertThat(lines.subList(0, 10))
                .allSatisfy(tenth -> assertThat(tenth[1] / tenth[0]).isBetween(4.5, 5.7));
        assertThat(lines.subList(15, 20))
                .allSatisfy(tenth -> assertThat(tenth[1] / tenth[0]).isBetween(0.9, 1.25));
    }

    @Test
    void reliability_beforeTheFramesHaveCome_isWhatTheModelExpects() {
        assertThat(tenths(HORIZON)).allSatisfy(tenth -> assertThat(tenth[0]).isEqualTo(0.2));
        assertThat(tenths(HORIZON + 1))
                .last()
                .satisfies(tenth -> assertThat(tenth[0]).isGreaterThan(0.3));
    }

    @Test
    void expectedError_withoutFourNumbersAStep_isRefused() {
        assertThatThrownBy(() -> new ExpectedError(List.of(List.of(1.0, 2.0, 3.0))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("4 finite numbers");
    }
}
