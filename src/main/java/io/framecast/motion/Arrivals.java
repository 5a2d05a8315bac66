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

    private static int[] slowestFirst(float[] dx, float[] dy) {
        var keys = new long[dx.length];
        for (int place = 0; place < keys.length; place++) {
            float speed = dx[place] * dx[place] + dy[place] * dy[place]; // squared: only compared
            keys[place] = (long) Float.floatToIntBits(speed) << Integer.SIZE | keys.length - 1 - place;
        }
        Arrays.sort(keys);
        var places = new int[keys.length];
        for (int i = 0; i < places.length; i++) {
            places[i] = keys.length - 1 - (int) keys[i];
        }
        return places;
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
        for (int i = 0; i < places.length; i++) {
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

    /** Without the detour over double that the library's takes. */
    private static int ceiling(float value) {
        int whole = (int) value;
        return whole < value ? whole + 1 : whole;
    }
}
