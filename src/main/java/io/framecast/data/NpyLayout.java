package io.framecast.data;

import java.io.IOException;
import java.util.List;
import java.util.Random;

/**
 * Which axis of an array is what.
 *
 * @param sequences N
 * @param frames T, of each sequence
 * @param rows H
 * @param columns W
 * @param channels C, 1 or 3
 */
record NpyLayout(Axis sequences, Axis frames, Axis rows, Axis columns, Axis channels) {
    /**
     * One axis.
     *
     * @param length how many there are
     * @param stride how many values lie between two neighbours
     */
    record Axis(long length, long stride) {
        private static final Axis NONE = new Axis(1, 0);
    }

    private static final int LARGEST_SIDE = 8192;
    /** A side below is rather a number of channels than of pixels. */
    private static final int LEAST_SIDE = 8;

    private static final int ALPHA = 4;
    /** Pairs of pictures that are compared to tell time from sequences. */
    private static final int PAIRS = 200;
    /** Pixels that are compared along a side of a picture. */
    private static final int PLACES = 16;
    /** How much more alike pictures must be along one axis than along the other. */
    private static final double CLEARLY = 0.8;

    /**
     * Tells it from the shape: (T, H, W), (T, H, W, C), (T, C, H, W), (N, T, H, W, C) or (N, T, C, H, W), and (T, N, H,
     * W) or (N, T, H, W) where the pictures tell which of those two it is.
     *
     * @throws IOException if it is none of them, or may be several; says how to save it
     */
    static NpyLayout of(NpyHeader header, NpyValues values) throws IOException {
        List<Long> shape = header.shape();
        return switch (shape.size()) {
            case 3 -> of(header, -1, 0, 1, 2, -1);
            case 4 -> ofFour(header, values);
            case 5 -> isChannels(shape, 2, 3, 4) ? of(header, 0, 1, 3, 4, 2) : of(header, 0, 1, 2, 3, 4);
            default -> throw unknown(header);
        };
    }

    private static NpyLayout ofFour(NpyHeader header, NpyValues values) throws IOException {
        List<Long> shape = header.shape();
        if (isChannels(shape, 3, 1, 2)) {
            return of(header, -1, 0, 1, 2, 3);
        }
        if (isChannels(shape, 1, 2, 3)) {
            return of(header, -1, 0, 2, 3, 1);
        }
        if (shape.get(3) == ALPHA) {
            throw new IOException("its shape " + shape + " has an alpha channel; save frames[..., :3]");
        }
        if (shape.get(1) == ALPHA) {
            throw new IOException(
                    "its shape " + shape + " has 4 of something; save frames[:, :3] if those are channels, or"
                            + " save frames.swapaxes(0, 1)[..., None] if they are sequences");
        }
        NpyLayout framesFirst = of(header, 1, 0, 2, 3, -1);
        double likeness = framesFirst.likeness(values);
        if (likeness < CLEARLY) {
            return framesFirst;
        }
        if (likeness > 1 / CLEARLY) {
            return of(header, 0, 1, 2, 3, -1);
        }
        throw new IOException(
                "its shape " + shape + " may be (T, N, H, W) or (N, T, H, W); save frames[..., None] if it"
                        + " is (N, T, H, W), or save frames.swapaxes(0, 1)[..., None] if it is (T, N, H, W)");
    }

    private static boolean isChannels(List<Long> shape, int channels, int rows, int columns) {
        return (shape.get(channels) == 1 || shape.get(channels) == 3)
                && shape.get(rows) >= LEAST_SIDE
                && shape.get(columns) >= LEAST_SIDE;
    }

    private static NpyLayout of(NpyHeader header, int sequences, int frames, int rows, int columns, int channels)
            throws IOException {
        var layout = new NpyLayout(
                axis(header, sequences),
                axis(header, frames),
                axis(header, rows),
                axis(header, columns),
                axis(header, channels));
        if (!isSide(layout.rows.length) || !isSide(layout.columns.length)) {
            throw unknown(header);
        }
        if (layout.channels.length != 1 && layout.channels.length != 3) {
            throw unknown(header);
        }
        return layout;
    }

    private static Axis axis(NpyHeader header, int number) {
        return number < 0 ? Axis.NONE : new Axis(header.shape().get(number), header.stride(number));
    }

    private static boolean isSide(long length) {
        return length >= LEAST_SIDE && length <= LARGEST_SIDE;
    }

    private static IOException unknown(NpyHeader header) {
        List<Long> shape = header.shape();
        boolean isOnePicture = shape.size() == 3 && isChannels(shape, 2, 0, 1);
        return new IOException("its shape " + shape + (isOnePicture ? " is one picture" : "")
                + " is not (T, H, W, C), (T, H, W), (T, C, H, W) or (N, T, H, W, C) with 1 or 3 channels and sides of 8 to"
                + " 8192" + (isOnePicture ? "; save frames[None]" : "; save it with one of these shapes"));
    }

    /**
     * How much pictures differ from the next frame, as a share of how much they differ from the next sequence. Below 1,
     * frames are what the axis of frames says; 1 if it cannot be told. Takes a sample of the pictures.
     */
    private double likeness(NpyValues values) {
        if (sequences.length < 2 || frames.length < 2) {
            return frames.length < 2 ? Double.POSITIVE_INFINITY : 0;
        }
        var random = new Random(1);
        double alongFrames = 0;
        double alongSequences = 0;
        for (int pair = 0; pair < PAIRS; pair++) {
            long frame = random.nextLong(frames.length - 1);
            long sequence = random.nextLong(sequences.length - 1);
            double[] picture = coarse(values, sequence, frame);
            alongFrames += difference(picture, coarse(values, sequence, frame + 1));
            alongSequences += difference(picture, coarse(values, sequence + 1, frame));
        }
        return alongFrames == alongSequences ? 1 : alongFrames / alongSequences;
    }

    /** A picture in 8 x 8 parts, each the sum of some of its pixels, so that what moves a little stays in its part. */
    private double[] coarse(NpyValues values, long sequence, long frame) {
        var sums = new double[LEAST_SIDE * LEAST_SIDE];
        long start = sequence * sequences.stride + frame * frames.stride;
        int places = PLACES * LEAST_SIDE;
        for (int y = 0; y < Math.min(places, rows.length); y++) {
            long row = y * rows.length / Math.min(places, rows.length);
            for (int x = 0; x < Math.min(places, columns.length); x++) {
                long column = x * columns.length / Math.min(places, columns.length);
                int part = (int) (row * LEAST_SIDE / rows.length * LEAST_SIDE + column * LEAST_SIDE / columns.length);
                sums[part] += values.at(start + row * rows.stride + column * columns.stride);
            }
        }
        return sums;
    }

    private static double difference(double[] one, double[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += Math.abs(one[i] - other[i]);
        }
        return sum;
    }
}
