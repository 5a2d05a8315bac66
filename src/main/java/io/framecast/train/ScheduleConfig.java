package io.framecast.train;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * How long a training runs, and how large its steps are.
 *
 * @param steps training steps in all
 * @param learningRate Adam's highest learning rate, more than 0
 * @param decay how the learning rate changes after warming up
 * @param warmUpSteps steps in which the learning rate rises to its highest, 0 to start with the highest
 * @param clipNorm the largest norm of a step's whole gradient, 0 for no limit
 * @param averaging decay of the running mean of the weights, which is what is saved (Polyak averaging); 0 saves the
 *     weights themselves
 * @param checkpointEvery steps between checkpoints
 */
public record ScheduleConfig(
        int steps,
        double learningRate,
        Decay decay,
        int warmUpSteps,
        double clipNorm,
        double averaging,
        int checkpointEvery) {
    /**
     * What is left of the learning rate at the end of {@link Decay#COSINE}, as in the first version. It is not 0, so
     * that the last steps still learn.
     */
    private static final double LAST_RATE = 0.01;

    /** How the learning rate changes after warming up. */
    public enum Decay {
        /** It stays as it is. */
        CONSTANT,
        /** It falls to a hundredth along half a cosine. */
        COSINE;

        /** Its name in recipes and on the command line. */
        @JsonValue
        public String title() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is outside its range
     */
    public ScheduleConfig {
        Range.require("schedule.steps", steps, 1, Integer.MAX_VALUE);
        if (!(learningRate > 0)) {
            throw new IllegalArgumentException(
                    "schedule.learning-rate " + learningRate + " is out of range: more than 0");
        }
        Range.require("schedule.warm-up-steps", warmUpSteps, 0, Integer.MAX_VALUE);
        Range.require("schedule.clip-norm", clipNorm, 0, Double.MAX_VALUE);
        Range.require("schedule.averaging", averaging, 0, 0.999999);
        Range.require("schedule.checkpoint-every", checkpointEvery, 1, Integer.MAX_VALUE);
    }

    /** The learning rate of a step, counted from 0. */
    double rate(int step) {
        if (step < warmUpSteps) {
            return learningRate * (step + 1) / warmUpSteps;
        }
        if (decay == Decay.CONSTANT) {
            return learningRate;
        }
        double done = (double) (step - warmUpSteps) / Math.max(1, steps - warmUpSteps);
        double falling = 0.5 * (1 + Math.cos(Math.PI * Math.min(1, done)));
        return learningRate * (LAST_RATE + (1 - LAST_RATE) * falling);
    }
}
