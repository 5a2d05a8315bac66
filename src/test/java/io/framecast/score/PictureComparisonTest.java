package io.framecast.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.framecast.forecast.PixelError;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.score.PictureComparison.Comparison;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds the comparison against the plain formula, window by window, in doubles. */
class PictureComparisonTest {
    private static final double EXACT = 1e-12;
    private static final int SIDE = 7;

    private final Random random = new Random(5);

    @ParameterizedTest
    @CsvSource({"64, 64, 3", "7, 7, 1", "7, 9, 3", "13, 8, 4", "31, 40, 2"})
    void compare_isThePlainFormula(int height, int width, int channels) {
        var shape = new FrameShape(height, width, channels);
        var comparison = new PictureComparison(shape);
        Pixels last = noise(shape, 256);
        for (int spread : new int[] {1, 2, 40, 256}) {
            Pixels real = near(last, spread);
            Pixels seen = near(real, spread);
            WindowSums sums = comparison.sums(real);

            Comparison forecast = comparison.compare(sums, seen, 1, 2);
            Comparison still = comparison.compare(sums, comparison.sums(last), 1, 2);
            Comparison again = comparison.compare(sums, seen, 1, 2);

            assertThat(forecast.meanSquare()).isEqualTo(PixelError.meanSquare(seen, real));
            assertThat(still.meanSquare()).isEqualTo(PixelError.meanSquare(last, real));
            assertThat(forecast.similarities())
                    .usingElementComparator(PictureComparisonTest::compare)
                    .containsExactly(similarity(shape, seen, real, 1), similarity(shape, seen, real, 2));
            assertThat(still.similarities())
                    .usingElementComparator(PictureComparisonTest::compare)
                    .containsExactly(similarity(shape, last, real, 1), similarity(shape, last, real, 2));
            assertThat(again.similarities()).as("nothing stays in the buffers").isEqualTo(forecast.similarities());
        }
    }

    @Test
    void compare_atTheEndsOfTheRange_isExact() {
        var shape = FrameShape.STANDARD;
        var comparison = new PictureComparison(shape);
        var white = new byte[shape.bytes()];
        Arrays.fill(white, (byte) 255);
        Pixels bright = Pixels.copyOf(white);
        Pixels black = Pixels.copyOf(new byte[shape.bytes()]);

        Comparison different = comparison.compare(comparison.sums(bright), black, 1);
        Comparison equal = comparison.compare(comparison.sums(bright), bright, 1);

        assertThat(different.meanSquare()).isEqualTo(1);
        assertThat(different.similarities().get(0)).isCloseTo(similarity(shape, black, bright, 1), within(EXACT));
        assertThat(equal.meanSquare()).isZero();
        assertThat(equal.similarities().get(0)).isCloseTo(1, within(EXACT));
    }

    @Test
    void rowOfTheWidestShape_doesNotOverflow() {
        var shape = new FrameShape(1, 1 << 14, 4);
        var comparison = new PictureComparison(shape);
        var white = new byte[shape.bytes()];
        Arrays.fill(white, (byte) 255);

        Comparison found =
                comparison.compare(comparison.sums(Pixels.copyOf(white)), Pixels.copyOf(new byte[shape.bytes()]), 1);

        assertThat(found.meanSquare()).isEqualTo(1);
        assertThat(found.similarities().get(0)).isNaN();
    }

    private static int compare(double one, double other) {
        return Math.abs(one - other) <= EXACT ? 0 : Double.compare(one, other);
    }

    private Pixels noise(FrameShape shape, int levels) {
        var bytes = new byte[shape.bytes()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) random.nextInt(levels);
        }
        return Pixels.copyOf(bytes);
    }

    private Pixels near(Pixels picture, int spread) {
        byte[] bytes = picture.toByteArray();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Math.min(255, (bytes[i] & 0xFF) + random.nextInt(spread));
        }
        return Pixels.copyOf(bytes);
    }

    /** The mean over all windows and channels of equation 13, each with its own means, variances and covariance. */
    private static double similarity(FrameShape shape, Pixels x, Pixels y, double range) {
        double sum = 0;
        int count = 0;
        for (int channel = 0; channel < shape.channels(); channel++) {
            for (int top = 0; top + SIDE <= shape.height(); top++) {
                for (int left = 0; left + SIDE <= shape.width(); left++) {
                    sum += similarity(
                            window(shape, x, top, left, channel), window(shape, y, top, left, channel), range);
                    count++;
                }
            }
        }
        return sum / count;
    }

    private static double similarity(double[] x, double[] y, double range) {
        double meanX = Arrays.stream(x).average().orElseThrow();
        double meanY = Arrays.stream(y).average().orElseThrow();
        double varianceX = 0;
        double varianceY = 0;
        double covariance = 0;
        for (int i = 0; i < x.length; i++) {
            varianceX += (x[i] - meanX) * (x[i] - meanX) / (x.length - 1);
            varianceY += (y[i] - meanY) * (y[i] - meanY) / (x.length - 1);
            covariance += (x[i] - meanX) * (y[i] - meanY) / (x.length - 1);
        }
        double c1 = Math.pow(0.01 * range, 2);
        double c2 = Math.pow(0.03 * range, 2);
        return (2 * meanX * meanY + c1)
                * (2 * covariance + c2)
                / ((meanX * meanX + meanY * meanY + c1) * (varianceX + varianceY + c2));
    }

    private static double[] window(FrameShape shape, Pixels picture, int top, int left, int channel) {
        var values = new double[SIDE * SIDE];
        for (int i = 0; i < values.length; i++) {
            int row = top + i / SIDE;
            int column = left + i % SIDE;
            values[i] = picture.at((row * shape.width() + column) * shape.channels() + channel) / 255.0;
        }
        return values;
    }
}
