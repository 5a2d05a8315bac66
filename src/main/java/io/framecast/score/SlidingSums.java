package io.framecast.score;

import java.util.Arrays;

/**
 * Sums of whole numbers over windows of 7x7, kept by column while one row after another comes. Exact.
 *
 * <p>Most loops run over whole arrays from the first index on, because Java 17 turns only such into vector
 * instructions.
 */
final class SlidingSums {
    private static final int RGB = 3;

    /** From the first column of a window to its last. */
    private static final int AHEAD = (Ssim.SIDE - 1) * RGB;

    private final int channels;
    private final int[] columns;
    private final int[][] kept; // the rows that are in the columns
    private int[] next;
    private int oldest;

    /** For rows of so many values, those of a pixel's channels are adjacent. */
    SlidingSums(int width, int channels) {
        this.channels = channels;
        columns = new int[width];
        kept = new int[Ssim.SIDE][width];
        next = new int[width];
    }

    /** Begins a picture. */
    void restart() {
        Arrays.fill(columns, 0);
        for (int[] row : kept) {
            Arrays.fill(row, 0);
        }
    }

    /** Takes the next row. */
    void add(int[] row) {
        System.arraycopy(row, 0, next, 0, next.length);
        move();
    }

    /**
     * Takes the products of two rows as the next row.
     *
     * @return their sum
     */
    long addProducts(int[] left, int[] right) {
        multiply(left, right, next);
        long sum = Integer.toUnsignedLong(sum(next)); // 65,536 values of 255 x 255 fit
        move();
        return sum;
    }

    private void move() {
        int[] gone = kept[oldest];
        replace(columns, next, gone);
        kept[oldest] = next;
        next = gone;
        oldest = (oldest + 1) % kept.length;
    }

    /** Gives the sums of the windows over the last seven rows, each from the one before it. */
    void slide(double[] windows) {
        if (channels == RGB) {
            slideRgb(columns, windows);
            return;
        }
        for (int channel = 0; channel < channels; channel++) {
            int sum = 0;
            for (int place = 0; place < Ssim.SIDE - 1; place++) {
                sum += columns[channel + place * channels];
            }
            int ahead = (Ssim.SIDE - 1) * channels;
            for (int i = channel; i < windows.length; i += channels) {
                sum += columns[i + ahead];
                windows[i] = sum;
                sum -= columns[i];
            }
        }
    }

    /** The same with three adjacent channels, which takes a third of the time. */
    private static void slideRgb(int[] columns, double[] windows) {
        int red = 0;
        int green = 0;
        int blue = 0;
        for (int i = 0; i < AHEAD; i += RGB) {
            red += columns[i];
            green += columns[i + 1];
            blue += columns[i + 2];
        }
        for (int i = 0; i < windows.length - 2; i += RGB) {
            red += columns[i + AHEAD];
            green += columns[i + AHEAD + 1];
            blue += columns[i + AHEAD + 2];
            windows[i] = red;
            windows[i + 1] = green;
            windows[i + 2] = blue;
            red -= columns[i];
            green -= columns[i + 1];
            blue -= columns[i + 2];
        }
    }

    private static void multiply(int[] left, int[] right, int[] products) {
        for (int i = 0; i < products.length; i++) {
            products[i] = left[i] * right[i];
        }
    }

    /** In four parts, as each addition would wait for the one before it. */
    private static int sum(int[] values) {
        int a = 0;
        int b = 0;
        int c = 0;
        int d = 0;
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
        return a + b + c + d;
    }

    private static void replace(int[] sums, int[] added, int[] removed) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += added[i] - removed[i];
        }
    }
}
