package io.framecast.train;

import io.framecast.data.CutPaste;
import io.framecast.data.TrainingSet;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.model.FrameArrays;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Draws training windows: a set in proportion to the root of its length (all of one camera like one), any start, any
 * stride, cut, mirrored and recoloured at random, and rather one that moves. What a step gets depends on the seed and
 * the step alone.
 */
public final class WindowSampler {
    /** Mean squared difference of first and last frame, in units of 255 squared, below which a window hardly moves. */
    private static final double STILL = 2e-4;

    private static final int TRIES = 4;

    private final List<TrainingSet> sets;
    private final FrameShape shape;
    private final TrainingConfig config;
    private final Augmentation augmentation;
    private final double[] cumulated;

    /**
     * Prepares to draw.
     *
     * @param sets with frames of the shape that windows get, or larger ones
     * @param shape the size of the frames in windows
     * @throws IllegalArgumentException if no set has a window that is long enough
     */
    public WindowSampler(List<TrainingSet> sets, FrameShape shape, TrainingConfig config) {
        this.sets =
                sets.stream().filter(set -> set.has(config.leastWindowLength())).toList();
        if (this.sets.isEmpty()) {
            throw new IllegalArgumentException("no clip has the " + config.leastWindowLength()
                    + " frames that a window needs; give longer clips, a shorter --horizon or --least-horizon");
        }
        this.shape = shape;
        this.config = config;
        augmentation = new Augmentation(shape);
        cumulated = new double[this.sets.size()];
        double sum = 0;
        for (int i = 0; i < cumulated.length; i++) {
            sum += weight(this.sets.get(i));
            cumulated[i] = sum;
        }
    }

    /** The root of the set's length; its part of the root of all that show its camera, if that is known. */
    private double weight(TrainingSet set) {
        Optional<PathMatcher> camera = config.sampling().oneCamera().stream()
                .map(SamplingConfig::recordingsLike)
                .filter(pattern -> shows(pattern, set))
                .findFirst();
        long together = camera.map(pattern -> sets.stream()
                        .filter(other -> shows(pattern, other))
                        .mapToLong(TrainingSet::length)
                        .sum())
                .orElse(set.length());
        return set.length() / Math.sqrt((double) together);
    }

    private static boolean shows(PathMatcher camera, TrainingSet set) {
        Path file = Path.of(set.name()).getFileName();
        return file != null && camera.matches(file);
    }

    /** The windows of a step: as many lists of frames as the batch has places; those of short clips end early. */
    public List<List<Pixels>> windows(int step) {
        var random = new Random(config.seed() * 1_000_003L + step);
        var windows = new ArrayList<List<Pixels>>();
        for (int i = 0; i < config.sampling().batch(); i++) {
            windows.add(withWholeContext(window(random), random));
        }
        return windows;
    }

    /**
     * A window that has the whole horizon if it can, and half of the time from some frame on; with its first frame
     * repeated in place of what its context lacks. As it is, where all contexts are whole.
     */
    private List<Pixels> withWholeContext(List<Pixels> window, Random random) {
        int least = config.sampling().leastContext();
        int whole = config.sampling().contextLength();
        if (least == whole || config.isTeacherForced()) {
            return window;
        }
        int horizon = config.sampling().horizon();
        int leastAfter = Math.min(config.sampling().leastHorizon(), horizon);
        int length = window.size();
        int known = length >= least + horizon
                ? length - horizon
                : least + random.nextInt(Math.min(whole, length - leastAfter) - least + 1);
        int context = random.nextBoolean() ? known : least + random.nextInt(known - least + 1);
        int first = known - context;
        return FrameArrays.filledUp(window.subList(first, length), length - first + whole - context);
    }

    private List<Pixels> window(Random random) {
        TrainingSet set = choose(random);
        List<Pixels> window = draw(set, random);
        if (!set.isAugmentable()) {
            return augmentation.resize(window, set.shape());
        }
        for (int tries = 1; tries < TRIES && motion(window) < STILL; tries++) {
            set = choose(random);
            window = draw(set, random);
        }
        if (!set.isAugmentable() || !isAugmented(random)) { // another set may have been drawn
            return augmentation.resize(window, set.shape());
        }
        List<Pixels> other =
                augmentation.apply(window, set.shape(), config.augmentation().movingCamera(), random);
        return random.nextDouble() < config.augmentation().pasted() ? new CutPaste(shape, random).paste(other) : other;
    }

    private boolean isAugmented(Random random) {
        double share = config.augmentation().share();
        return share == 1 || (share > 0 && random.nextDouble() < share); // drawn only where it decides
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
        return set.draw(
                config.leastWindowLength(),
                config.usualWindowLength(),
                config.windowLength(),
                config.sampling().maxStride(),
                random);
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
