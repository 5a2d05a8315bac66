package io.framecast.train;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Draws training windows: a set in proportion to the root of its length, any start, any stride, cut, mirrored and
 * recoloured at random, and rather one that moves. What a step gets depends on the seed and the step alone.
 */
final class WindowSampler {
    /** Mean squared difference of first and last frame, in units of 255 squared, below which a window hardly moves. */
    private static final double STILL = 2e-4;

    private static final int TRIES = 4;
    private static final int[][] CHANNEL_ORDERS = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

    private final List<TrainingSet> sets;
    private final TrainingConfig config;
    private final double[] cumulated;

    /** @throws IllegalArgumentException if no set has a window that is long enough */
    WindowSampler(List<TrainingSet> sets, TrainingConfig config) {
        this.sets = sets.stream().filter(set -> set.has(config.windowLength())).toList();
        if (this.sets.isEmpty()) {
            throw new IllegalArgumentException("no clip has the " + config.windowLength()
                    + " frames that a window needs; give longer clips or a shorter --horizon");
        }
        this.config = config;
        cumulated = new double[this.sets.size()];
        double sum = 0;
        for (int i = 0; i < cumulated.length; i++) {
            sum += Math.sqrt((double) this.sets.get(i).length());
            cumulated[i] = sum;
        }
    }

    /** The windows of a step: as many lists of frames as the batch has places. */
    List<List<Pixels>> windows(int step) {
        var random = new Random(config.seed() * 1_000_003L + step);
        var windows = new ArrayList<List<Pixels>>();
        for (int i = 0; i < config.batch(); i++) {
            windows.add(window(random));
        }
        return windows;
    }

    private List<Pixels> window(Random random) {
        TrainingSet set = choose(random);
        if (!set.isAugmentable()) {
            return draw(set, random);
        }
        List<Pixels> window = draw(set, random);
        for (int tries = 1; tries < TRIES && motion(window) < STILL; tries++) {
            set = choose(random);
            window = draw(set, random);
        }
        return config.augment() && set.isAugmentable() ? augment(window, set.shape(), random) : window;
    }

    private TrainingSet choose(Random random) {
        double pick = random.nextDouble() * cumulated[cumulated.length - 1];
        int chosen = 0;
        while (cumulated[chosen] < pick) {
            chosen++;
        }
        return sets.get(chosen);
    }

    private List<Pixels> draw(TrainingSet set, Random random) {
        return set.draw(config.windowLength(), config.maxStride(), random);
    }

    private static double motion(List<Pixels> window) {
        Pixels first = window.get(0);
        Pixels last = window.get(window.size() - 1);
        double sum = 0;
        for (int i = 0; i < first.size(); i += 7) {
            double difference = (first.at(i) - last.at(i)) / 255.0;
            sum += difference * difference;
        }
        return sum * 7 / first.size();
    }

    private static List<Pixels> augment(List<Pixels> window, FrameShape shape, Random random) {
        var view = View.draw(shape, random);
        int[] order = CHANNEL_ORDERS[random.nextInt(CHANNEL_ORDERS.length)];
        double contrast = 0.7 + 0.6 * random.nextDouble();
        double brightness = 40 * (random.nextDouble() - 0.5);
        var levels = new byte[256];
        for (int level = 0; level < levels.length; level++) {
            long value = Math.round((level - 127.5) * contrast + 127.5 + brightness);
            levels[level] = (byte) Math.max(0, Math.min(255, value));
        }
        return window.stream()
                .map(picture -> redraw(picture, shape, view, order, levels))
                .toList();
    }

    /** A part of the picture, mirrored or turned: where a pixel of the new picture lies in the old one. */
    private record View(double zoom, double top, double left, boolean mirror, boolean flip, boolean transpose) {
        private static final double SMALLEST = 0.6;

        static View draw(FrameShape shape, Random random) {
            double zoom = random.nextBoolean() ? 1 : SMALLEST + (1 - SMALLEST) * random.nextDouble();
            double top = random.nextDouble() * (1 - zoom) * (shape.height() - 1);
            double left = random.nextDouble() * (1 - zoom) * (shape.width() - 1);
            // Cameras stand upright: seldom upside down or on their side.
            return new View(zoom, top, left, random.nextBoolean(), random.nextInt(4) == 0, random.nextInt(4) == 0);
        }

        double row(int row, int column, FrameShape shape) {
            int turned = transpose && shape.height() == shape.width() ? column : row;
            return top + zoom * (flip ? shape.height() - 1 - turned : turned);
        }

        double column(int row, int column, FrameShape shape) {
            int turned = transpose && shape.height() == shape.width() ? row : column;
            return left + zoom * (mirror ? shape.width() - 1 - turned : turned);
        }
    }

    private static Pixels redraw(Pixels picture, FrameShape shape, View view, int[] order, byte[] levels) {
        var out = new byte[picture.size()];
        int target = 0;
        for (int row = 0; row < shape.height(); row++) {
            for (int column = 0; column < shape.width(); column++) {
                double y = view.row(row, column, shape);
                double x = view.column(row, column, shape);
                for (int channel = 0; channel < shape.channels(); channel++) {
                    out[target++] = levels[bilinear(picture, shape, y, x, order[channel])];
                }
            }
        }
        return Pixels.copyOf(out);
    }

    private static int bilinear(Pixels picture, FrameShape shape, double y, double x, int channel) {
        int top = Math.min((int) y, shape.height() - 1);
        int left = Math.min((int) x, shape.width() - 1);
        int bottom = Math.min(top + 1, shape.height() - 1);
        int right = Math.min(left + 1, shape.width() - 1);
        double down = y - top;
        double across = x - left;
        double upper = (1 - across) * at(picture, shape, top, left, channel)
                + across * at(picture, shape, top, right, channel);
        double lower = (1 - across) * at(picture, shape, bottom, left, channel)
                + across * at(picture, shape, bottom, right, channel);
        return (int) Math.round((1 - down) * upper + down * lower);
    }

    private static int at(Pixels picture, FrameShape shape, int row, int column, int channel) {
        return picture.at((row * shape.width() + column) * shape.channels() + channel);
    }
}
