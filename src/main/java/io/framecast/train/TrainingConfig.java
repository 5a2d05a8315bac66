package io.framecast.train;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Every hyper-parameter of a training run; it is saved with the model. The values of a run come from a {@link Recipe}
 * and from what changes it; there are no defaults in code.
 *
 * @param network what is trained
 * @param schedule how long, and how large the steps are
 * @param sampling which windows a step sees
 * @param objective what a step minimizes
 * @param augmentation how windows are changed at random
 * @param validation how the weights that are kept are chosen
 * @param seed of weights, windows and augmentation
 */
public record TrainingConfig(
        NetworkConfig network,
        ScheduleConfig schedule,
        SamplingConfig sampling,
        ObjectiveConfig objective,
        AugmentationConfig augmentation,
        ValidationConfig validation,
        long seed) {
    /**
     * The configuration of a named recipe, with some settings changed.
     *
     * @param settings by their keys, as {@code schedule.steps}, or in sections, as recipe files have them; the key
     *     {@code recipe} names the recipe that the other values come from, {@link Recipe#DEFAULT} if it is absent
     * @throws IllegalArgumentException if a key is unknown, or a value malformed or out of range
     */
    public static TrainingConfig of(Map<String, Object> settings) {
        Map<String, Object> given = TrainingKeys.flat(settings);
        Object recipe = given.getOrDefault(TrainingKeys.RECIPE, Recipe.DEFAULT);
        var all = new LinkedHashMap<>(Recipe.values(String.valueOf(recipe)));
        Object architecture = given.get(TrainingKeys.ARCHITECTURE);
        if (architecture != null && !architecture.equals(all.get(TrainingKeys.ARCHITECTURE))) {
            all.put(TrainingKeys.HYPER_PARAMETERS, Map.of()); // the recipe's are those of another network
        }
        all.putAll(given);
        return TrainingKeys.config(all);
    }

    /** Every setting by its key, as {@link #of} takes them. */
    public Map<String, Object> settings() {
        return TrainingKeys.settings(this);
    }

    /** Every step of the horizon, from 1. */
    int[] allSteps() {
        return IntStream.rangeClosed(1, sampling.horizon()).toArray();
    }

    /** The steps of the horizon that count in a training step, from 1, rising; they depend on the seed and the step. */
    int[] drawnSteps(int step) {
        if (objective.stepsDrawn() >= sampling.horizon()) {
            return allSteps();
        }
        return new Random(seed * 1_000_003L - 1 - step)
                .ints(1, sampling.horizon() + 1)
                .distinct()
                .limit(objective.stepsDrawn())
                .sorted()
                .toArray();
    }

    /** The share of real frames that a step feeds back. */
    double realShare(int step) {
        return objective.scheduledSampling() * Math.max(0, 1 - 2.0 * step / schedule.steps());
    }

    /** Whether training only ever sees real frames. */
    boolean isTeacherForced() {
        return objective.method() == ObjectiveConfig.Method.TEACHER_FORCED;
    }

    /** How many frames a window holds: what the network reads and what it is asked for. */
    int windowLength() {
        return isTeacherForced() ? sampling.horizon() + 1 : sampling.contextLength() + sampling.horizon();
    }

    /** How many frames a window holds at least, where a clip has no more. */
    int leastWindowLength() {
        return isTeacherForced()
                ? windowLength()
                : sampling.leastContext() + Math.min(sampling.leastHorizon(), sampling.horizon());
    }

    /** How many frames a window holds with the least context and the whole horizon. */
    int usualWindowLength() {
        return isTeacherForced() ? windowLength() : sampling.leastContext() + sampling.horizon();
    }
}
