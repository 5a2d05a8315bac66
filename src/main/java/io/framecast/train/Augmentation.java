package io.framecast.train;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Makes other windows of one, all frames alike: a part of the picture, that may move, mirrored or turned, played
 * backwards, recoloured. A part is cut from frames that were read larger than they are trained on, so that it is as
 * sharp as the whole.
 */
final class Augmentation {
    private static final int[][] CHANNEL_ORDERS = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    private static final int LEVELS = 256;

    private final FrameShape shape;

    /** @param shape the size that windows get */
    Augmentation(FrameShape shape) {
        this.shape = shape;
    }

    /**
     * Draws another window.
     *
     * @param window frames of the shape {@code read}
     * @param read at least as large as the shape they get
     * @param movingCamera share of windows in which the part that is cut moves, as if somebody held the camera
     */
    List<Pixels> apply(List<Pixels> window, FrameShape read, double movingCamera, Random random) {
        var frames = new ArrayList<>(window);
        if (random.nextInt(10) < 3) {
            Collections.reverse(frames);
        }
        var view = View.draw(read, shape, random);
        List<View> views = movingCamera > 0 && random.nextDouble() < movingCamera
                ? new CameraMotion(read, shape, random).move(view, frames.size())
                : Collections.nCopies(frames.size(), view);
        int[] order = random.nextBoolean() ? CHANNEL_ORDERS[0] : CHANNEL_ORDERS[random.nextInt(CHANNEL_ORDERS.length)];
        byte[] levels = levels(random);
        return IntStream.range(0, frames.size())
                .mapToObj(i -> redraw(frames.get(i), read, views.get(i), order, levels))
                .toList();
    }

    /** The window as it is, only resized. */
    List<Pixels> resize(List<Pixels> window, FrameShape read) {
        if (read.equals(shape)) {
            return window;
        }
        var whole = new View(0, 0, read.height(), read.width(), false, false, false);
        byte[] same = new byte[LEVELS];
        for (int level = 0; level < LEVELS; level++) {
            same[level] = (byte) level;
        }
        return window.stream()
                .map(picture -> redraw(picture, read, whole, CHANNEL_ORDERS[0], same))
                .toList();
    }

    /** Half of the windows get another contrast and brightness, a tenth become negatives. */
    private static byte[] levels(Random random) {
        boolean recoloured = random.nextBoolean();
        double contrast = recoloured ? 0.6 + 0.8 * random.nextDouble() : 1;
        double brightness = recoloured ? 60 * (random.nextDouble() - 0.5) : 0;
        boolean negative = random.nextInt(10) == 0;
        var levels = new byte[LEVELS];
        for (int level = 0; level < LEVELS; level++) {
            long value = Math.max(0, Math.min(255, Math.round((level - 127.5) * contrast + 127.5 + brightness)));
            levels[level] = (byte) (negative ? 255 - value : value);
        }
        return levels;
    }

    /**
     * The part of a picture that is shown, and how it is turned.
     *
     * @param top of the part, in pixels of what was read
     * @param left of the part
     * @param height of the part
     * @param width of the part
     * @param mirror whether left and right are exchanged
     * @param flip whether top and bottom are
     * @param transpose whether rows and columns are, before
     */
    record View(double top, double left, double height, double width, boolean mirror, boolean flip, boolean transpose) {
        /** A third of the windows show the whole. */
        static View draw(FrameShape read, FrameShape shape, Random random) {
            double smallest = Math.max((double) shape.height() / read.height(), (double) shape.width() / read.width());
            double zoom = random.nextInt(3) == 0 ? 1 : smallest + (1 - smallest) * random.nextDouble();
            double height = zoom * read.height();
            double width = zoom * read.width();
            double top = random.nextDouble() * (read.height() - height);
            double left = random.nextDouble() * (read.width() - width);
            // Cameras stand upright: seldom upside down or on their side.
            boolean transpose = random.nextInt(4) == 0 && shape.height() == shape.width();
            return new View(top, left, height, width, random.nextBoolean(), random.nextInt(4) == 0, transpose);
        }

        /** The same, turned alike, of another part. */
        View at(double newTop, double newLeft, double newHeight, double newWidth) {
            return new View(newTop, newLeft, newHeight, newWidth, mirror, flip, transpose);
        }
    }

    private Pixels redraw(Pixels picture, FrameShape read, View view, int[] order, byte[] levels) {
        Spans rows = Spans.of(view.top(), view.height(), shape.height(), read.height());
        Spans columns = Spans.of(view.left(), view.width(), shape.width(), read.width());
        float[] narrowed = narrow(picture, read, rows, columns);
        var out = new byte[shape.bytes()];
        int target = 0;
        for (int row = 0; row < shape.height(); row++) {
            for (int column = 0; column < shape.width(); column++) {
                int turnedRow = view.transpose() ? column : row;
                int turnedColumn = view.transpose() ? row : column;
                int fromRow = view.flip() ? shape.height() - 1 - turnedRow : turnedRow;
                int fromColumn = view.mirror() ? shape.width() - 1 - turnedColumn : turnedColumn;
                for (int channel = 0; channel < shape.channels(); channel++) {
                    float value = lower(narrowed, rows, fromRow, fromColumn * shape.channels() + order[channel]);
                    out[target++] = levels[Math.round(value)];
                }
            }
        }
        return Pixels.copyOf(out);
    }

    /** Averages along each row of the part. */
    private float[] narrow(Pixels picture, FrameShape read, Spans rows, Spans columns) {
        int channels = shape.channels();
        byte[] bytes = picture.toByteArray();
        var narrowed = new float[read.height() * shape.width() * channels];
        for (int row = rows.first(0); row <= rows.last(shape.height() - 1); row++) {
            for (int column = 0; column < shape.width(); column++) {
                for (int from = columns.first(column); from <= columns.last(column); from++) {
                    float share = columns.share(column, from);
                    int source = (row * read.width() + from) * channels;
                    int target = (row * shape.width() + column) * channels;
                    for (int channel = 0; channel < channels; channel++) {
                        narrowed[target + channel] += share * (bytes[source + channel] & 0xFF);
                    }
                }
            }
        }
        return narrowed;
    }

    /** Averages down one column of what {@link #narrow} gave. */
    private float lower(float[] narrowed, Spans rows, int row, int place) {
        float sum = 0;
        for (int from = rows.first(row); from <= rows.last(row); from++) {
            sum += rows.share(row, from) * narrowed[from * shape.width() * shape.channels() + place];
        }
        return Math.max(0, Math.min(sum, 255));
    }

    /** Which pixels of one side each pixel of the new side averages, by the area they share. */
    private record Spans(double start, double step, int limit) {
        static Spans of(double start, double length, int count, int limit) {
            return new Spans(start, length / count, limit);
        }

        int first(int place) {
            return (int) (start + place * step);
        }

        int last(int place) {
            return Math.min(limit - 1, (int) Math.ceil(start + (place + 1) * step - 1e-9) - 1);
        }

        float share(int place, int from) {
            double overlap = Math.min(from + 1.0, start + (place + 1) * step) - Math.max(from, start + place * step);
            return (float) (Math.max(0, overlap) / step);
        }
    }
}
