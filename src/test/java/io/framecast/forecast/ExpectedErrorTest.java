package io.framecast.forecast;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Holds what a model expects against the plain formula, each step by itself, to the bit. */
class ExpectedErrorTest {
    private static final FrameShape SHAPE = new FrameShape(8, 8, 3);
    private static final int STEPS = 4;

    private final Random random = new Random(9);

    @Test
    void of_eachStep_isThePlainFormula() {
        for (int length : new int[] {1, 2, 10}) {
            var window = new Window(new CameraId("door"), frames(length));
            var numbers = new ArrayList<List<Double>>();
            var forecast = new ArrayList<Pixels>();
            for (int step = 0; step < STEPS; step++) {
                numbers.add(
                        List.of(random.nextGaussian(), random.nextDouble(), random.nextDouble(), random.nextDouble()));
                forecast.add(picture());
            }

            List<Double> expected = new ExpectedError(numbers).of(window, forecast);

            for (int step = 0; step < STEPS; step++) {
                double plain = plain(window, forecast.get(step), numbers.get(step));
                assertThat(expected.get(step)).isEqualTo(plain);
                assertThat(ExpectedError.terms(window, forecast.get(step))[3])
                        .isEqualTo(logarithm(forecast.get(step), window.last().pixels()));
            }
        }
    }

    private static double plain(Window window, Pixels forecast, List<Double> numbers) {
        Pixels last = window.last().pixels();
        Pixels before = window.frames().get(Math.max(0, window.length() - 2)).pixels();
        Pixels first = window.frames().get(0).pixels();
        double sum = 0;
        sum += numbers.get(0) * 1;
        sum += numbers.get(1) * logarithm(last, before);
        sum += numbers.get(2) * logarithm(last, first);
        sum += numbers.get(3) * logarithm(forecast, last);
        return Math.min(1, Math.exp(sum));
    }

    private static double logarithm(Pixels a, Pixels b) {
        return Math.log(PixelError.meanSquare(a, b) + 1e-6);
    }

    private List<Frame> frames(int count) {
        var frames = new ArrayList<Frame>();
        for (int i = 0; i < count; i++) {
            var time = new FrameTime(Instant.EPOCH.plusMillis(100L * i), ClockSource.ARRIVAL, OptionalLong.empty());
            frames.add(new Frame(new CameraId("door"), 1, i, time, SHAPE, picture()));
        }
        return frames;
    }

    private Pixels picture() {
        var bytes = new byte[SHAPE.bytes()];
        random.nextBytes(bytes);
        return Pixels.copyOf(bytes);
    }
}
