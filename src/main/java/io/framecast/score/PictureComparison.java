package io.framecast.score;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares pictures of one shape: mean squared error and {@link Ssim} in one pass. Keeps its buffers, so it is used by
 * one thread.
 */
final class PictureComparison {
    private static final double SQUARED_LEVELS = 255.0 * 255.0;

    private final FrameShape shape;
    private final Rows left;
    private final Rows right;
    private final WindowSums other;
    private final SlidingSums first;
    private final SlidingSums second;
    private final Windows windows;

    /**
     * What a comparison says.
     *
     * @param meanSquare the mean squared error, values taken as 0 to 1
     * @param similarities one for each range; NaN for pictures with a side under 7
     */
    record Comparison(double meanSquare, List<Double> similarities) {}

    PictureComparison(FrameShape shape) {
        this.shape = shape;
        left = new Rows(shape);
        right = new Rows(shape);
        other = new WindowSums(shape, Pixels.copyOf(new byte[0]));
        int width = shape.width() * shape.channels();
        first = new SlidingSums(width, shape.channels());
        second = new SlidingSums(width, shape.channels());
        windows = new Windows(Ssim.rowWindows(shape));
    }

    FrameShape shape() {
        return shape;
    }

    /** The sums of a picture that is to be compared with several. */
    WindowSums sums(Pixels picture) {
        var sums = new WindowSums(shape, picture);
        compute(sums, left);
        return sums;
    }

    /**
     * Compares a real picture with one that is compared with no other.
     *
     * @param ranges of values, for the similarities
     */
    Comparison compare(WindowSums real, Pixels seen, double... ranges) {
        other.replace(seen);
        compute(other, right);
        return compare(real, other, ranges);
    }

    /**
     * Compares two pictures.
     *
     * @param ranges of values, for the similarities
     */
    Comparison compare(WindowSums real, WindowSums seen, double... ranges) {
        left.read(real.picture());
        right.read(seen.picture());
        first.restart();
        long products = 0;
        var totals = new double[ranges.length];
        for (int row = 0; row < shape.height(); row++) {
            products += first.addProducts(left.row(row), right.row(row));
            int top = row - Ssim.SIDE + 1;
            if (top >= 0 && Ssim.isDefined(shape)) {
                first.slide(windows.products);
                windows.addSimilarities(real, seen, top, ranges, totals);
            }
        }
        double squareError = real.squareSum() + seen.squareSum() - 2 * products;
        int count = Ssim.windowRows(shape) * Ssim.rowWindows(shape);
        return new Comparison(
                squareError / (SQUARED_LEVELS * shape.bytes()),
                Arrays.stream(totals).map(total -> total / count).boxed().toList());
    }

    private void compute(WindowSums sums, Rows rows) {
        rows.read(sums.picture());
        first.restart();
        second.restart();
        long squares = 0;
        for (int row = 0; row < shape.height(); row++) {
            first.add(rows.row(row));
            squares += second.addProducts(rows.row(row), rows.row(row));
            int top = row - Ssim.SIDE + 1;
            if (top >= 0 && Ssim.isDefined(shape)) {
                first.slide(sums.values(top));
                second.slide(sums.squares(top));
            }
        }
        sums.squareSum(squares);
    }

    /** The values of the last picture that was asked for, row by row. */
    private static final class Rows {
        private final int[][] rows;
        private @Nullable Pixels picture;

        Rows(FrameShape shape) {
            rows = new int[shape.height()][shape.width() * shape.channels()];
        }

        @SuppressWarnings("ReferenceEquality") // the same picture, not an equal one: comparing them takes as long
        void read(Pixels asked) {
            if (asked == picture) {
                return;
            }
            int from = 0;
            for (int[] row : rows) {
                asked.copyTo(row, from);
                from += row.length;
            }
            picture = asked;
        }

        int[] row(int number) {
            return rows[number];
        }
    }

    /** One row of windows. One short loop after another, as Java 17 makes vector instructions of such only. */
    private static final class Windows {
        private final double[] products;
        private final double[] squares;
        private final double[] means;
        private final double[] meanSquares;
        private final double[] similarities;
        private final double[] denominators;

        Windows(int count) {
            products = new double[count];
            squares = new double[count];
            means = new double[count];
            meanSquares = new double[count];
            similarities = new double[count];
            denominators = new double[count];
        }

        /** Adds the similarities of the row's windows, one sum for each range. */
        void addSimilarities(WindowSums real, WindowSums seen, int row, double[] ranges, double[] totals) {
            multiply(real.values(row), seen.values(row), means);
            addSquares(real.values(row), seen.values(row), meanSquares);
            addUp(real.squares(row), seen.squares(row), squares);
            for (int i = 0; i < ranges.length; i++) {
                Ssim.numerators(means, products, ranges[i], similarities);
                Ssim.denominators(meanSquares, squares, ranges[i], denominators);
                divide(similarities, denominators);
                totals[i] += sum(similarities);
            }
        }

        private static void multiply(double[] left, double[] right, double[] products) {
            for (int i = 0; i < products.length; i++) {
                products[i] = left[i] * right[i];
            }
        }

        private static void addSquares(double[] left, double[] right, double[] sums) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] = left[i] * left[i] + right[i] * right[i];
            }
        }

        private static void divide(double[] values, double[] by) {
            for (int i = 0; i < values.length; i++) {
                values[i] /= by[i];
            }
        }

        private static void addUp(double[] left, double[] right, double[] sums) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] = left[i] + right[i];
            }
        }

        /** In four parts, as each addition would wait for the one before it. */
        private static double sum(double[] values) {
            double a = 0;
            double b = 0;
            double c = 0;
            double d = 0;
            int last = values.length - values.length % 4;
            for (int i = 0; i < last; i += 4) {
                a += values[i];
                b += values[i + 1];
                c += values[i + 2];
                d += values[i + 3];
            }
            for (int i = last; i < values.length; i++) {
                a += values[i];
            }
            return a + b + (c + d);
        }
    }
}
