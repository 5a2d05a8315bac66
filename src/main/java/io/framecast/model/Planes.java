package io.framecast.model;

import java.util.Arrays;

/**
 * Loops over planes, pictures of one value per pixel, row by row, which Java turns into vector instructions.
 *
 * @param height of the planes
 * @param width of the planes
 */
record Planes(int height, int width) {
    /** Pixels of a plane. */
    int places() {
        return height * width;
    }

    /** The mean of the square around each pixel, taken twice. */
    float[] blur(float[] plane, int radius) {
        return box(box(plane, radius), radius);
    }

    /** Mean of the square around each pixel; beyond the border the outermost pixels are repeated. */
    float[] box(float[] plane, int radius) {
        float[][] rows = rows(plane);
        var sum = new float[width];
        for (int row = -radius; row < radius; row++) {
            add(sum, rows[Math.max(0, Math.min(row, height - 1))]);
        }
        var boxed = new float[places()];
        float share = 1f / ((2 * radius + 1) * (2 * radius + 1));
        for (int row = 0; row < height; row++) {
            add(sum, rows[Math.min(row + radius, height - 1)]);
            sumRow(sum, radius, share, boxed, row * width);
            subtract(sum, rows[Math.max(0, row - radius)]);
        }
        return boxed;
    }

    private void sumRow(float[] values, int radius, float share, float[] into, int start) {
        double sum = (double) radius * values[0];
        for (int column = 0; column < radius; column++) {
            sum += values[Math.min(column, width - 1)];
        }
        for (int column = 0; column < width; column++) {
            sum += values[Math.min(column + radius, width - 1)];
            into[start + column] = (float) sum * share;
            sum -= values[Math.max(0, column - radius)];
        }
    }

    /** The largest of the square around each pixel: of the rows' largest, the largest in each column. */
    float[] peak(float[] values, int radius) {
        var rowPeak = new float[places()];
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                int from = row * width + Math.max(0, column - radius);
                int to = row * width + Math.min(width - 1, column + radius);
                float largest = values[from];
                for (int at = from + 1; at <= to; at++) {
                    largest = Math.max(largest, values[at]);
                }
                rowPeak[row * width + column] = largest;
            }
        }
        float[][] rows = rows(rowPeak);
        var peak = new float[places()];
        for (int row = 0; row < height; row++) {
            float[] largest = rows[row].clone();
            for (int near = Math.max(0, row - radius); near <= Math.min(height - 1, row + radius); near++) {
                raise(largest, rows[near]);
            }
            System.arraycopy(largest, 0, peak, row * width, width);
        }
        return peak;
    }

    private float[][] rows(float[] plane) {
        var rows = new float[height][];
        for (int row = 0; row < height; row++) {
            rows[row] = Arrays.copyOfRange(plane, row * width, (row + 1) * width);
        }
        return rows;
    }

    /** A plane plus a number. */
    static float[] shifted(float[] plane, float by) {
        var shifted = new float[plane.length];
        for (int i = 0; i < shifted.length; i++) {
            shifted[i] = plane[i] + by;
        }
        return shifted;
    }

    /** A plane times a number. */
    static float[] scaled(float[] plane, float factor) {
        var scaled = new float[plane.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = plane[i] * factor;
        }
        return scaled;
    }

    /** (a - b) times a factor. */
    static float[] difference(float[] a, float[] b, float factor) {
        var difference = new float[a.length];
        for (int i = 0; i < difference.length; i++) {
            difference[i] = (a[i] - b[i]) * factor;
        }
        return difference;
    }

    /** into *= factor. */
    static void scale(float[] into, float factor) {
        for (int i = 0; i < into.length; i++) {
            into[i] *= factor;
        }
    }

    /** into += plane. */
    static void add(float[] into, float[] plane) {
        for (int i = 0; i < into.length; i++) {
            into[i] += plane[i];
        }
    }

    /** into -= plane. */
    static void subtract(float[] into, float[] plane) {
        for (int i = 0; i < into.length; i++) {
            into[i] -= plane[i];
        }
    }

    /** Goes a share of the way from into to plane. */
    static void approach(float[] into, float[] plane, float share) {
        for (int i = 0; i < into.length; i++) {
            into[i] += (plane[i] - into[i]) * share;
        }
    }

    /** into = max(into, plane). */
    static void raise(float[] into, float[] plane) {
        for (int i = 0; i < into.length; i++) {
            into[i] = Math.max(into[i], plane[i]);
        }
    }

    /** into = min(into, plane). */
    static void lower(float[] into, float[] plane) {
        for (int i = 0; i < into.length; i++) {
            into[i] = Math.min(into[i], plane[i]);
        }
    }

    /** into += (a - b)^2. */
    static void addSquare(float[] into, float[] a, float[] b) {
        for (int i = 0; i < into.length; i++) {
            into[i] += (a[i] - b[i]) * (a[i] - b[i]);
        }
    }

    /** into += |a - b|. */
    static void addDistance(float[] into, float[] a, float[] b) {
        for (int i = 0; i < into.length; i++) {
            into[i] += Math.abs(a[i] - b[i]);
        }
    }

    /** into = max(into, |a - b|). */
    static void raiseDistance(float[] into, float[] a, float[] b) {
        for (int i = 0; i < into.length; i++) {
            into[i] = Math.max(into[i], Math.abs(a[i] - b[i]));
        }
    }

    /** into += sqrt(squares * factor). */
    static void addRoot(float[] into, float[] squares, float factor) {
        for (int i = 0; i < into.length; i++) {
            into[i] += (float) Math.sqrt(squares[i] * factor);
        }
    }
}
