package io.framecast.score;

import io.framecast.forecast.PixelError;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;

/**
 * Structural similarity (Wang, Bovik, Sheikh, Simoncelli: Image quality assessment. IEEE TIP 2004, equation 13) with a
 * uniform window of 7x7, K1 0.01, K2 0.03 and sample covariance: the mean over all whole windows and all channels, as
 * scikit-image computes it.
 *
 * <p>Sums over windows are taken from summed area tables of whole numbers, so they are exact.
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
        for (int channel = 0; channel < shape.channels(); channel++) {
            addChannel(shape, channel, x, y, ranges, sums);
        }
        int windows = (shape.height() - SIDE + 1) * (shape.width() - SIDE + 1) * shape.channels();
        for (int i = 0; i < sums.length; i++) {
            sums[i] /= windows;
        }
        return sums;
    }

    private static void addChannel(
            FrameShape shape, int channel, byte[] x, byte[] y, double[] ranges, double[] similarities) {
        int width = shape.width() + 1;
        int[][] tables = tables(shape, channel, x, y);
        for (int row = 0; row + SIDE <= shape.height(); row++) {
            for (int column = 0; column + SIDE <= shape.width(); column++) {
                int corner = row * width + column;
                double meanX = window(tables[0], corner, width) / PLACES / LEVELS;
                double meanY = window(tables[1], corner, width) / PLACES / LEVELS;
                double squareX = window(tables[2], corner, width) / PLACES / (LEVELS * LEVELS);
                double squareY = window(tables[3], corner, width) / PLACES / (LEVELS * LEVELS);
                double product = window(tables[4], corner, width) / PLACES / (LEVELS * LEVELS);
                double sample = PLACES / (PLACES - 1);
                double variances = sample * (squareX - meanX * meanX + squareY - meanY * meanY);
                double covariance = sample * (product - meanX * meanY);
                for (int i = 0; i < ranges.length; i++) {
                    double c1 = K1 * ranges[i] * K1 * ranges[i];
                    double c2 = K2 * ranges[i] * K2 * ranges[i];
                    similarities[i] += (2 * meanX * meanY + c1)
                            * (2 * covariance + c2)
                            / ((meanX * meanX + meanY * meanY + c1) * (variances + c2));
                }
            }
        }
    }

    /** Summed area tables, (H + 1) x (W + 1), of x, y, x x, y y and x y. */
    private static int[][] tables(FrameShape shape, int channel, byte[] x, byte[] y) {
        int width = shape.width() + 1;
        var tables = new int[5][(shape.height() + 1) * width];
        int from = channel;
        for (int row = 1; row <= shape.height(); row++) {
            for (int column = 1; column <= shape.width(); column++) {
                int a = x[from] & 0xFF;
                int b = y[from] & 0xFF;
                from += shape.channels();
                int at = row * width + column;
                put(tables[0], at, width, a);
                put(tables[1], at, width, b);
                put(tables[2], at, width, a * a);
                put(tables[3], at, width, b * b);
                put(tables[4], at, width, a * b);
            }
        }
        return tables;
    }

    private static void put(int[] table, int at, int width, int value) {
        table[at] = value + table[at - 1] + table[at - width] - table[at - width - 1];
    }

    /** The sum over a window; where tables overflow, the differences wrap back to the right sum. */
    private static int window(int[] table, int corner, int width) {
        return table[corner + SIDE * width + SIDE]
                - table[corner + SIDE]
                - table[corner + SIDE * width]
                + table[corner];
    }
}
