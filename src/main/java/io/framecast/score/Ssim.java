package io.framecast.score;

import io.framecast.forecast.PixelError;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;

/**
 * Structural similarity (Wang, Bovik, Sheikh, Simoncelli: Image quality assessment. IEEE TIP 2004, equation 13) with a
 * uniform window of 7x7, K1 0.01, K2 0.03 and sample covariance: the mean over all whole windows and all channels, as
 * scikit-image computes it.
 *
 * <p>Sums over windows are whole numbers, so they are exact. They are kept by column and moved down row by row, in
 * loops that the compiler turns into vector instructions.
 */
public final class Ssim {
    private static final int SIDE = 7;
    private static final double PLACES = SIDE * SIDE;
    private static final double K1 = 0.01;
    private static final double K2 = 0.03;
    private static final double LEVELS = 255;

    private Ssim() {}

    /** Whether pictures of a shape have a similarity: no side is under 7. */
    static boolean isDefined(FrameShape shape) {
        return Math.min(shape.height(), shape.width()) >= SIDE;
    }

    /** The similarity with values taken as 0 to 1, their range being 1: 1 for equal pictures, at least -1. */
    public static double of(FrameShape shape, Pixels forecast, Pixels truth) {
        return of(shape, forecast, truth, 1)[0];
    }

    /**
     * The similarity for several ranges at once. Values are always taken as 0 to 1; OpenSTL's published figures take
     * their range as 2.
     *
     * @param shape the size of both pictures
     * @param ranges of values
     * @return one similarity a range
     * @throws IllegalArgumentException if a picture does not fill the shape, or that has a side under 7
     */
    public static double[] of(FrameShape shape, Pixels forecast, Pixels truth, double... ranges) {
        PixelError.requireSameSize(forecast, truth);
        if (truth.size() != shape.bytes() || !isDefined(shape)) {
            throw new IllegalArgumentException("SSIM of pictures of " + truth.size() + " bytes as " + shape
                    + " is undefined: they must fill a shape of 7x7 or more");
        }
        byte[] x = forecast.toByteArray();
        byte[] y = truth.toByteArray();
        var sums = new double[ranges.length];
        var columns = new Columns(shape);
        for (int row = 0; row < shape.height(); row++) {
            columns.add(x, y, row, 1);
            if (row >= SIDE) {
                columns.add(x, y, row - SIDE, -1);
            }
            if (row >= SIDE - 1) {
                columns.addSimilarities(ranges, sums);
            }
        }
        int windows = (shape.height() - SIDE + 1) * columns.windows;
        for (int i = 0; i < sums.length; i++) {
            sums[i] /= windows;
        }
        return sums;
    }

    /** Sums over seven rows of every column and channel: of x, y, x x + y y, and x y. */
    private static final class Columns {
        private final int channels;
        private final int width;
        private final int windows;
        private final int[][] columns;
        private final int[][] sums;
        private final double[] similarities;

        Columns(FrameShape shape) {
            channels = shape.channels();
            width = shape.width() * channels;
            windows = (shape.width() - SIDE + 1) * channels;
            columns = new int[4][width];
            sums = new int[4][windows];
            similarities = new double[windows];
        }

        /** Adds a row, or takes it away again. */
        void add(byte[] left, byte[] right, int row, int sign) {
            int[] x = columns[0];
            int[] y = columns[1];
            int[] squares = columns[2];
            int[] products = columns[3];
            int from = row * width;
            for (int i = 0; i < width; i++) {
                int a = left[from + i] & 0xFF;
                int b = right[from + i] & 0xFF;
                x[i] += sign * a;
                y[i] += sign * b;
                squares[i] += sign * (a * a + b * b);
                products[i] += sign * (a * b);
            }
        }

        /** Adds the similarities of the windows that lie in these rows, one sum a range. */
        void addSimilarities(double[] ranges, double[] totals) {
            for (int kind = 0; kind < columns.length; kind++) {
                slide(columns[kind], sums[kind]);
            }
            for (int i = 0; i < ranges.length; i++) {
                compare(sums[0], sums[1], sums[2], sums[3], ranges[i], similarities);
                for (double similarity : similarities) {
                    totals[i] += similarity;
                }
            }
        }

        /** Sums seven columns of one channel, each window from the one before it. */
        private void slide(int[] column, int[] window) {
            for (int i = 0; i < channels; i++) {
                window[i] = 0;
                for (int place = 0; place < SIDE; place++) {
                    window[i] += column[i + place * channels];
                }
            }
            for (int i = channels; i < window.length; i++) {
                window[i] = window[i - channels] - column[i - channels] + column[i + (SIDE - 1) * channels];
            }
        }

        /** Equation 13 in levels, numerator and denominator times N N and N (N - 1), N being a window's pixels. */
        private static void compare(
                int[] x, int[] y, int[] squares, int[] products, double range, double[] similarities) {
            double c1 = PLACES * PLACES * square(K1 * range * LEVELS);
            double c2 = PLACES * (PLACES - 1) * square(K2 * range * LEVELS);
            for (int i = 0; i < similarities.length; i++) {
                double sumX = x[i];
                double sumY = y[i];
                double means = sumX * sumY;
                double meanSquares = sumX * sumX + sumY * sumY;
                double covariance = PLACES * products[i] - means;
                double variances = PLACES * squares[i] - meanSquares;
                similarities[i] = (2 * means + c1) * (2 * covariance + c2) / ((meanSquares + c1) * (variances + c2));
            }
        }

        private static double square(double value) {
            return value * value;
        }
    }
}
