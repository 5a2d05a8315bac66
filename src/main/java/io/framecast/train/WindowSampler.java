package io.framecast.train;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Draws training windows: a clip in proportion to the root of its length, any start, any stride, mirrored and
 * recoloured at random, and rather one that moves. What a step gets depends on the seed and the step alone.
 */
final class WindowSampler {
    /** Mean squared difference of first and last frame, in units of 255 squared, below which a window hardly moves. */
    private static final double STILL = 2e-4;

    private static final int TRIES = 4;

    private final List<Clip> clips;
    private final TrainingConfig config;
    private final FrameShape shape;
    private final Augmentation augmentation;
    private final double[] cumulated;

    /**
     * Prepares to draw.
     *
     * @param clips frames of one shape, that which windows get or larger
     * @param shape the size of the frames in windows
     */
    WindowSampler(List<Clip> clips, FrameShape shape, TrainingConfig config) {
        this.clips = clips.stream()
                .filter(clip -> clip.length() >= config.windowLength())
                .toList();
        if (this.clips.isEmpty()) {
            throw new IllegalArgumentException("no clip has the " + config.windowLength()
                    + " frames that a window needs; give longer clips or a shorter --horizon");
        }
        this.config = config;
        this.shape = shape;
        augmentation = new Augmentation(shape);
        cumulated = new double[this.clips.size()];
        double sum = 0;
        for (int i = 0; i < cumulated.length; i++) {
            sum += Math.sqrt(this.clips.get(i).length());
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
        List<Pixels> window =
                augmentation.apply(drawMoving(random), clips.get(0).shape(), random);
        boolean pasted = random.nextDouble() < config.pasted();
        return pasted ? new PastedThings(shape, random).paste(window) : window;
    }

    /** The steps of the horizon that a training step looks at, from 1, rising. */
    int[] steps(int step) {
        if (config.stepsDrawn() >= config.horizon()) {
            return IntStream.rangeClosed(1, config.horizon()).toArray();
        }
        var random = new Random(config.seed() * 1_000_003L - 1 - step);
        return random.ints(1, config.horizon() + 1)
                .distinct()
                .limit(config.stepsDrawn())
                .sorted()
                .toArray();
    }

    private List<Pixels> drawMoving(Random random) {
        List<Pixels> window = draw(random);
        for (int tries = 1; tries < TRIES && motion(window) < STILL; tries++) {
            window = draw(random);
        }
        return window;
    }

    private List<Pixels> draw(Random random) {
        double pick = random.nextDouble() * cumulated[cumulated.length - 1];
        int chosen = 0;
        while (cumulated[chosen] < pick) {
            chosen++;
        }
        Clip clip = clips.get(chosen);
        int largestStride = Math.min(config.maxStride(), (clip.length() - 1) / (config.windowLength() - 1));
        int stride = 1 + random.nextInt(largestStride);
        int start = random.nextInt(clip.length() - (config.windowLength() - 1) * stride);
        var window = new ArrayList<Pixels>();
        for (int i = 0; i < config.windowLength(); i++) {
            window.add(clip.frames().get(start + i * stride));
        }
        return window;
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
}
