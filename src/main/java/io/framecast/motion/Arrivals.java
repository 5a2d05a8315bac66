package io.framecast.motion;

import java.util.Arrays;

/**
 * Where the pixels of a picture arrive when each repeats its movement: a pixel covers what is within {@value #REACH}
 * pixels of it, so that what grows by half a frame leaves no gap. Where several arrive the fastest counts, of equally
 * fast ones the first row by row. Immutable.
 */
final class Arrivals {
    /** Nothing arrives. */
    static final int NONE = -1;

    private static final float REACH = 0.75f;

    /** What moves less than this reaches its own pixel alone, however it is rounded. */
    private static final float LEAVES = 0.99f - REACH;

    private static final int DIGIT_BITS = 11;
    private static final int DIGIT = (1 << DIGIT_BITS) - 1;

    private final int width;
    private final int height;

    // The pixels, the one that counts most last: each simply overwrites those before it.
    private final int[] places;
    private final float[] columns;
    private final float[] rows;
    private final float[] dx;
    private final float[] dy;

    Arrivals(int width, int height, float[] dx, float[] dy) {
        this.width = width;
        this.height = height;
        places = slowestFirst(dx, dy);
        columns = new float[places.length];
        rows = new float[places.length];
        this.dx = new float[places.length];
        this.dy = new float[places.length];
        for (int i = 0; i < places.length; i++) {
            int place = places[i];
            int row = place / width;
            columns[i] = place % width;
            rows[i] = row;
            this.dx[i] = dx[place];
            this.dy[i] = dy[place];
        }
    }

    /** Places by speed, of equal ones the last first: sorted by one digit of the speed after the other. */
    private static int[] slowestFirst(float[] dx, float[] dy) {
        var speeds = new int[dx.length];
        var places = new int[dx.length];
        for (int place = 0; place < dx.length; place++) {
            // Squared: only compared, as are the bits of numbers that are not negative.
            speeds[place] = Float.floatToIntBits(dx[place] * dx[place] + dy[place] * dy[place]);
            places[place] = dx.length - 1 - place;
        }
        for (int shift = 0; shift < Integer.SIZE; shift += DIGIT_BITS) {
            places = sorted(places, speeds, shift);
        }
        return places;
    }

    /** The places by a digit of their speed, of those with the same digit in the order in which they were. */
    private static int[] sorted(int[] places, int[] speeds, int shift) {
        var ends = new int[1 << DIGIT_BITS];
        for (int speed : speeds) {
            ends[speed >>> shift & DIGIT]++;
        }
        for (int digit = 1; digit < ends.length; digit++) {
            ends[digit] += ends[digit - 1];
        }
        var sorted = new int[places.length];
        for (int i = places.length - 1; i >= 0; i--) {
            sorted[--ends[speeds[places[i]] >>> shift & DIGIT]] = places[i];
        }
        return sorted;
    }

    /**
     * Finds the place whose movement arrives at each pixel.
     *
     * @param frames how often the movement is repeated, 0 or more
     * @param into receives it for each pixel, row by row: H x W, or {@link #NONE}
     */
    void after(float frames, int[] into) {
        Arrays.fill(into, NONE);
        float lastColumn = width - 1;
        float lastRow = height - 1;
        int staying = staying(frames);
        for (int i = 0; i < staying; i++) {
            into[places[i]] = places[i];
        }
        for (int i = staying; i < places.length; i++) {
            float x = columns[i] + frames * dx[i];
            float y = rows[i] + frames * dy[i];
            float left = x - REACH;
            float right = x + REACH;
            float top = y - REACH;
            float bottom = y + REACH;
            if (right >= 0 && left <= lastColumn && bottom >= 0 && top <= lastRow) {
                int first = Math.max(0, ceiling(left));
                int last = Math.min(width - 1, (int) right);
                int upper = Math.max(0, ceiling(top)) * width;
                int lower = Math.min(height - 1, (int) bottom) * width;
                // REACH makes it one or two columns and rows, so these are all; storing one twice beats a branch.
                int place = places[i];
                into[upper + first] = place;
                into[upper + last] = place;
                into[lower + first] = place;
                into[lower + last] = place;
            }
        }
    }

    /** How many of the pixels, the slowest first, reach nothing but their own place: found by halving. */
    private int staying(float frames) {
        int staying = 0;
        int leaving = places.length;
        while (staying < leaving) {
            int middle = (staying + leaving) >>> 1;
            float x = frames * dx[middle];
            float y = frames * dy[middle];
            if (x * x + y * y < LEAVES * LEAVES) {
                staying = middle + 1;
            } else {
                leaving = middle;
            }
        }
        return staying;
    }

    /** Without the detour over double that the library's takes. */
    private static int ceiling(float value) {
        int whole = (int) value;
        return whole < value ? whole + 1 : whole;
    }
}
