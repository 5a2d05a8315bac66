package io.framecast.motion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.ModelVersion;
import io.framecast.forecast.Window;
import io.framecast.frame.CameraId;
import io.framecast.frame.ClockSource;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.FrameTime;
import io.framecast.frame.Pixels;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlowFadeTest {
    private static final FrameShape SHAPE = FrameShape.STANDARD;
    private static final CameraId CAMERA = new CameraId("yard");

    private final FlowFade flowFade = new FlowFade();

    @Test
    void forecast_squareMovingRight_isSeenFurtherRight() {
        double[] errors = IntStream.range(0, 21)
                .mapToDouble(i -> Math.abs(placeError(12 + i % 5 * 2, 8 + i, 10 + i % 7)))
                .sorted()
                .toArray();
        assertThat(errors[errors.length / 2]).as("median of %s", errors).isLessThan(1.5);
    }

    /** How far right of its true place the square is forecast at step 5, in pixels. */
    private double placeError(double left, double top, double side) {
        Window window = window(10, 1, i -> Pictures.draw(SHAPE, Pictures.square(left + 2 * (i - 9), top, side)));
        double now = column(window.last().pixels());
        return column(forecast(window).frames().get(4)) - (now + 10);
    }

    /** The mean column of all that is brighter than half of the square. */
    private static double column(Pixels pixels) {
        return IntStream.range(0, SHAPE.height() * SHAPE.width())
                .filter(place -> pixels.at(3 * place) > 120)
                .mapToDouble(place -> place % SHAPE.width())
                .average()
                .orElseThrow();
    }

    @Test
    void forecast_framesDroppedInTheLastPair_movesAtThePaceAFrame() {
        IntFunction<Pixels> steady = i -> Pictures.draw(SHAPE, Pictures.texture(i, 0));
        IntFunction<Pixels> halved = i -> Pictures.draw(SHAPE, Pictures.texture(2 * i, 0));
        Pixels whole = forecast(window(2, 1, steady)).frames().get(0);
        Pixels dropped = forecast(window(2, 2, halved)).frames().get(0);
        assertThat(meanDifference(whole, Pictures.draw(SHAPE, Pictures.texture(2, 0))))
                .isLessThan(4);
        assertThat(meanDifference(dropped, Pictures.draw(SHAPE, Pictures.texture(3, 0))))
                .isLessThan(4);
    }

    private static double meanDifference(Pixels one, Pixels other) {
        return IntStream.range(0, one.size())
                .mapToDouble(i -> Math.abs(one.at(i) - other.at(i)))
                .average()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 25})
    void forecast_stillWindow_isExactlyTheStillPicture(int length) {
        Pixels picture = Pictures.noise(SHAPE, 1);
        assertThat(forecast(window(length, 1, i -> picture)).frames())
                .hasSize(Forecast.HORIZON)
                .containsOnly(picture);
    }

    @Test
    void forecast_withoutFlow_fadesIntoTheAverage() {
        var small = new FrameShape(8, 8, 3);
        Window window = window(small, 10, 1, i -> Pictures.noise(small, i));
        Forecast forecast = forecast(window);
        for (int step = 1; step <= Forecast.HORIZON; step++) {
            for (int i = 0; i < small.bytes(); i++) {
                assertThat((double) forecast.frames().get(step - 1).at(i))
                        .isCloseTo(reference(window, step, i), within(0.501));
            }
        }
    }

    /** The formula in float64, its average written out as a sum, where the flow is none. */
    private static double reference(Window window, int step, int index) {
        double average = Math.pow(0.7, 9) * window.frames().get(0).pixels().at(index);
        for (int age = 0; age < 9; age++) {
            average += 0.3
                    * Math.pow(0.7, age)
                    * window.frames().get(9 - age).pixels().at(index);
        }
        double last = window.last().pixels().at(index);
        double w = Math.exp(-step / 15.0);
        double e = 1 - Math.exp(-step / 5.0);
        return w * last + (1 - w) * ((1 - e) * last + e * average);
    }

    @Test
    void forecast_blackToWhite_staysInRange() {
        Window window = window(10, 1, i -> Pictures.draw(SHAPE, (x, y) -> (x + i) % 8 < 4 ? 0 : 255));
        assertThat(forecast(window).frames())
                .allSatisfy(
                        frame -> assertThat(meanDifference(frame, window.last().pixels()))
                                .isLessThan(160));
    }

    @Test
    void forecast_severalWindows_isOneEachInOrderAndTheSameAgain() {
        Window moving = window(10, 1, i -> Pictures.draw(SHAPE, Pictures.texture(i, 0)));
        Window still = window(3, 1, i -> Pictures.noise(SHAPE, 1));
        List<Forecast> forecasts = flowFade.forecast(List.of(moving, still));
        assertThat(forecasts).hasSize(2);
        assertThat(forecasts.get(0)).isEqualTo(forecast(moving));
        assertThat(forecasts.get(1)).isEqualTo(forecast(still));
        assertThat(forecasts.get(0).model()).isEqualTo(new ModelVersion("flow-fade", "1"));
        assertThat(forecasts.get(0).origin()).isEqualTo(moving.origin());
        assertThat(forecasts.get(0).contextLength()).isEqualTo(10);
        assertThat(flowFade.forecast(List.of())).isEmpty();
    }

    private Forecast forecast(Window window) {
        return flowFade.forecast(List.of(window)).get(0);
    }

    private static Window window(int length, int stride, IntFunction<Pixels> pictures) {
        return window(SHAPE, length, stride, pictures);
    }

    /** A window whose every {@code stride}th frame was not dropped. */
    private static Window window(FrameShape shape, int length, int stride, IntFunction<Pixels> pictures) {
        var frames = new ArrayList<Frame>();
        for (int i = 0; i < length; i++) {
            long sequence = (long) i * stride;
            var time = new FrameTime(
                    Instant.EPOCH.plusMillis(100 * sequence), ClockSource.MEDIA, OptionalLong.of(100_000 * sequence));
            frames.add(new Frame(CAMERA, 1, sequence, time, shape, pictures.apply(i)));
        }
        return new Window(CAMERA, frames);
    }
}
