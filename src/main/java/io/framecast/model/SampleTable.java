package io.framecast.model;

import io.framecast.frame.FrameShape;
import io.framecast.motion.FlowField;

/**
 * What moves along the flows, and reading it between its pixels, bilinearly and from the border if outside: the
 * script's {@code sample} of the last frame, of the slightly blurred one, and of the moving features. A pixel's values
 * lie side by side, so that its four neighbours are four short reads. For one thread.
 */
final class SampleTable {
    private static final int COLOURS = FlowMixture.COLOURS;

    /** Values that a loop reads at once; twice as many where there are. */
    private static final int UNROLLED = 4;

    /** Among the candidates: x, and x slightly blurred. */
    private static final int SLIGHTLY = 5 * COLOURS;

    private final int width;
    private final int height;
    private final int channels;
    /** (H, W, channels): x, the features, x slightly blurred, and zeros. */
    private final float[] values;

    /** From a pixel to the one on its right, and to the one below it. */
    private final int right;

    private final int below;
    /** Of each pixel of the picture. */
    private final float[] columns;

    private final float[] rows;

    // Of each pixel that was found last: its upper left neighbour in values, and how far it is from there
    private int[] corners = {};
    private float[] sharesRight = {};
    private float[] sharesBelow = {};
    private float[] bare = {};

    SampleTable(BlendKernel.Inputs inputs, int hidden, int carried, FrameShape shape) {
        width = shape.width();
        height = shape.height();
        channels = rounded(2 * COLOURS + carried);
        values = new float[width * height * channels];
        right = width > 1 ? channels : 0;
        below = height > 1 ? width * channels : 0;
        columns = new float[width * height];
        rows = new float[width * height];
        for (int place = 0; place < columns.length; place++) {
            int row = place / width;
            columns[place] = place % width;
            rows[place] = row;
        }
        for (int colour = 0; colour < COLOURS; colour++) {
            put(inputs.candidates(), colour, colour);
            put(inputs.candidates(), SLIGHTLY + colour, COLOURS + carried + colour);
        }
        for (int feature = 0; feature < carried; feature++) {
            putFeature(inputs.features(), hidden + feature, COLOURS + feature);
        }
    }

    private void putFeature(float[] features, int feature, int channel) {
        int places = width * height;
        int count = features.length / places;
        for (int place = 0; place < places; place++) {
            values[place * channels + channel] = features[place * count + feature];
        }
    }

    /** How many rows {@link #sample} may write where some are wanted. */
    static int rounded(int wanted) {
        return (wanted + UNROLLED - 1) / UNROLLED * UNROLLED;
    }

    private void put(float[] planes, int plane, int channel) {
        int places = width * height;
        for (int place = 0; place < places; place++) {
            values[place * channels + channel] = planes[plane * places + place];
        }
    }

    /**
     * Finds where pixels come from.
     *
     * @param frames how often the flow is repeated
     * @param origins the place of the movement that arrives at each pixel, or -1
     * @param start the first pixel
     * @param count how many
     */
    void find(FlowField flow, float frames, int[] origins, int start, int count) {
        if (corners.length < count) {
            corners = new int[count];
            sharesRight = new float[count];
            sharesBelow = new float[count];
            bare = new float[count];
        }
        for (int p = 0; p < count; p++) {
            int arrived = origins[start + p];
            int origin = arrived < 0 ? start + p : arrived;
            bare[p] = arrived < 0 ? 1 : 0;
            sharesRight[p] = columns[start + p] - frames * flow.dx(origin);
            sharesBelow[p] = rows[start + p] - frames * flow.dy(origin);
        }
        confine(sharesRight, width - 1, count);
        confine(sharesBelow, height - 1, count);
        int lastCorner = Math.max(0, width - 2);
        int lowestCorner = Math.max(0, height - 2);
        for (int p = 0; p < count; p++) {
            int left = Math.min((int) sharesRight[p], lastCorner);
            int top = Math.min((int) sharesBelow[p], lowestCorner);
            corners[p] = (top * width + left) * channels;
            sharesRight[p] -= left;
            sharesBelow[p] -= top;
        }
    }

    /** A loop of its own, which Java turns into vector instructions. */
    private static void confine(float[] row, float largest, int count) {
        for (int p = 0; p < count; p++) {
            row[p] = Math.max(0, Math.min(row[p], largest));
        }
    }

    /** 1 for each pixel found where nothing is known to arrive, else 0. */
    void uncovered(float[] into, int count) {
        System.arraycopy(bare, 0, into, 0, count);
    }

    /**
     * Reads the pixels found.
     *
     * @param into a row for each value of a pixel: the colours of x, the features, the colours of x slightly blurred
     * @param from the first of them that is wanted
     * @param to the one after the last that is wanted; a few more before and after may be written
     */
    void sample(float[][] into, int from, int to, int count) {
        int channel = from / UNROLLED * UNROLLED;
        for (; channel + UNROLLED < to; channel += 2 * UNROLLED) {
            sample(
                    channel,
                    into[channel],
                    into[channel + 1],
                    into[channel + 2],
                    into[channel + 3],
                    into[channel + 4],
                    into[channel + 5],
                    into[channel + 6],
                    into[channel + 7],
                    count);
        }
        for (; channel < to; channel += UNROLLED) {
            sample(channel, into[channel], into[channel + 1], into[channel + 2], into[channel + 3], count);
        }
    }

    private void sample(
            int channel,
            float[] first,
            float[] second,
            float[] third,
            float[] fourth,
            float[] fifth,
            float[] sixth,
            float[] seventh,
            float[] eighth,
            int count) {
        for (int p = 0; p < count; p++) {
            int a = corners[p] + channel;
            int b = a + right;
            int c = a + below;
            int d = b + below;
            float shareRight = sharesRight[p];
            float shareBelow = sharesBelow[p];
            float wd = shareRight * shareBelow;
            float wb = shareRight - wd;
            float wc = shareBelow - wd;
            float wa = 1 - shareRight - wc;
            first[p] = wa * values[a] + wb * values[b] + wc * values[c] + wd * values[d];
            second[p] = wa * values[a + 1] + wb * values[b + 1] + wc * values[c + 1] + wd * values[d + 1];
            third[p] = wa * values[a + 2] + wb * values[b + 2] + wc * values[c + 2] + wd * values[d + 2];
            fourth[p] = wa * values[a + 3] + wb * values[b + 3] + wc * values[c + 3] + wd * values[d + 3];
            fifth[p] = wa * values[a + 4] + wb * values[b + 4] + wc * values[c + 4] + wd * values[d + 4];
            sixth[p] = wa * values[a + 5] + wb * values[b + 5] + wc * values[c + 5] + wd * values[d + 5];
            seventh[p] = wa * values[a + 6] + wb * values[b + 6] + wc * values[c + 6] + wd * values[d + 6];
            eighth[p] = wa * values[a + 7] + wb * values[b + 7] + wc * values[c + 7] + wd * values[d + 7];
        }
    }

    private void sample(int channel, float[] first, float[] second, float[] third, float[] fourth, int count) {
        for (int p = 0; p < count; p++) {
            int a = corners[p] + channel;
            int b = a + right;
            int c = a + below;
            int d = b + below;
            float shareRight = sharesRight[p];
            float shareBelow = sharesBelow[p];
            float wd = shareRight * shareBelow;
            float wb = shareRight - wd;
            float wc = shareBelow - wd;
            float wa = 1 - shareRight - wc;
            first[p] = wa * values[a] + wb * values[b] + wc * values[c] + wd * values[d];
            second[p] = wa * values[a + 1] + wb * values[b + 1] + wc * values[c + 1] + wd * values[d + 1];
            third[p] = wa * values[a + 2] + wb * values[b + 2] + wc * values[c + 2] + wd * values[d + 2];
            fourth[p] = wa * values[a + 3] + wb * values[b + 3] + wc * values[c + 3] + wd * values[d + 3];
        }
    }
}
