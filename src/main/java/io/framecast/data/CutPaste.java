package io.framecast.data;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Lets one or two things fly through a window: rectangles and ellipses cut from its own first frame and recoloured,
 * with any speed, a little acceleration, some bouncing off the border. A few recordings show few movements; these show
 * all.
 */
public final class CutPaste {
    private static final int SMALLEST = 6;
    private static final int LARGEST = 23;

    /** Pixels a frame. */
    private static final double SLOWEST_STRANGER = 0.5;

    private static final double FASTEST_STRANGER = 2;

    private final FrameShape shape;
    private final Random random;

    public CutPaste(FrameShape shape, Random random) {
        this.shape = shape;
        this.random = random;
    }

    /** A thing: its colours, its outline and where it is. */
    @SuppressWarnings("ArrayRecordComponent") // only read, and never compared
    private record Thing(int height, int width, float[] colours, boolean round) {
        /** Whether a place belongs to it. */
        boolean covers(int row, int column) {
            if (row < 0 || column < 0 || row >= height || column >= width) {
                return false;
            }
            double y = (row + 0.5 - height / 2.0) / (height / 2.0);
            double x = (column + 0.5 - width / 2.0) / (width / 2.0);
            return !round || y * y + x * x <= 1;
        }
    }

    /** The window with things in it; a third of the time the window's first frame stands still behind them. */
    public List<Pixels> paste(List<Pixels> window) {
        boolean still = random.nextInt(3) == 0;
        var frames = new ArrayList<float[]>();
        for (Pixels picture : window) {
            frames.add(values(still ? window.get(0) : picture));
        }
        int things = 1 + random.nextInt(2);
        for (int i = 0; i < things; i++) {
            fly(cut(window.get(0)), frames);
        }
        double noise = random.nextBoolean() ? 3 * random.nextDouble() : 0;
        return frames.stream().map(frame -> rounded(frame, noise)).toList();
    }

    /**
     * Some frames with one thing that is suddenly there and moves.
     *
     * @param frames at least one
     * @param centres takes row and column of its centre in each frame
     */
    List<Pixels> appear(List<Pixels> frames, List<double[]> centres) {
        var drawn = new ArrayList<float[]>();
        frames.forEach(picture -> drawn.add(values(picture)));
        Thing thing = cut(frames.get(0));
        double row = random.nextDouble() * (shape.height() - thing.height());
        double column = random.nextDouble() * (shape.width() - thing.width());
        double angle = 2 * Math.PI * random.nextDouble();
        double speed = random.nextDouble(SLOWEST_STRANGER, FASTEST_STRANGER);
        for (float[] frame : drawn) {
            draw(thing, row, column, frame);
            centres.add(new double[] {row + thing.height() / 2.0, column + thing.width() / 2.0});
            row += speed * Math.sin(angle);
            column += speed * Math.cos(angle);
        }
        return drawn.stream().map(frame -> rounded(frame, 0)).toList();
    }

    private static float[] values(Pixels picture) {
        var values = new float[picture.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = picture.at(i);
        }
        return values;
    }

    private Thing cut(Pixels from) {
        int height = side(shape.height());
        int width = side(shape.width());
        int top = random.nextInt(shape.height() - height + 1);
        int left = random.nextInt(shape.width() - width + 1);
        boolean recoloured = random.nextInt(10) < 6;
        float keep = recoloured ? 0.4f + 0.6f * random.nextFloat() : 1;
        var tint = new float[shape.channels()];
        for (int channel = 0; channel < tint.length; channel++) {
            tint[channel] = recoloured ? 120 * random.nextFloat() : 0;
        }
        var colours = new float[height * width * shape.channels()];
        int target = 0;
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                for (int channel = 0; channel < shape.channels(); channel++) {
                    int at = ((top + row) * shape.width() + left + column) * shape.channels() + channel;
                    colours[target++] = keep * from.at(at) + tint[channel];
                }
            }
        }
        return new Thing(height, width, colours, random.nextBoolean());
    }

    private int side(int limit) {
        return Math.min(limit, SMALLEST + random.nextInt(LARGEST - SMALLEST + 1));
    }

    private void fly(Thing thing, List<float[]> frames) {
        double row = random.nextDouble(-thing.height(), shape.height());
        double column = random.nextDouble(-thing.width(), shape.width());
        double down = 0.9 * random.nextGaussian();
        double right = 0.9 * random.nextGaussian();
        double downMore = 0.01 * random.nextGaussian();
        double rightMore = 0.01 * random.nextGaussian();
        boolean bounces = random.nextInt(10) < 4;
        for (float[] frame : frames) {
            draw(thing, row, column, frame);
            row += down;
            column += right;
            down += downMore;
            right += rightMore;
            if (bounces && (row < 0 || row > shape.height() - thing.height())) {
                down = -down;
            }
            if (bounces && (column < 0 || column > shape.width() - thing.width())) {
                right = -right;
            }
        }
    }

    /** Draws it between pixels: bilinear, over what is there. */
    private void draw(Thing thing, double row, double column, float[] frame) {
        int top = (int) Math.floor(row);
        int left = (int) Math.floor(column);
        float below = (float) (row - top);
        float beside = (float) (column - left);
        for (int y = Math.max(0, top); y <= Math.min(shape.height() - 1, top + thing.height()); y++) {
            for (int x = Math.max(0, left); x <= Math.min(shape.width() - 1, left + thing.width()); x++) {
                blend(thing, y - top, x - left, below, beside, frame, (y * shape.width() + x) * shape.channels());
            }
        }
    }

    private void blend(Thing thing, int row, int column, float below, float beside, float[] frame, int at) {
        float cover = 0;
        var colour = new float[shape.channels()];
        for (int corner = 0; corner < 4; corner++) {
            int fromRow = row - corner / 2;
            int fromColumn = column - corner % 2;
            float share = (corner / 2 == 0 ? 1 - below : below) * (corner % 2 == 0 ? 1 - beside : beside);
            if (thing.covers(fromRow, fromColumn)) {
                cover += share;
                for (int channel = 0; channel < colour.length; channel++) {
                    int place = (fromRow * thing.width() + fromColumn) * colour.length + channel;
                    colour[channel] += share * thing.colours()[place];
                }
            }
        }
        for (int channel = 0; channel < colour.length; channel++) {
            frame[at + channel] = (1 - cover) * frame[at + channel] + colour[channel];
        }
    }

    private Pixels rounded(float[] frame, double noise) {
        var bytes = new byte[frame.length];
        for (int i = 0; i < bytes.length; i++) {
            double value = frame[i] + (noise > 0 ? noise * random.nextGaussian() : 0);
            bytes[i] = (byte) Math.max(0, Math.min(255, Math.round(value)));
        }
        return Pixels.copyOf(bytes);
    }
}
