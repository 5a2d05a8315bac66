package io.framecast.train;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * What a training step minimizes.
 *
 * @param method which frames the network reads while it forecasts
 * @param scheduledSampling share of a forecast's steps that get the real frame instead of the network's own, at the
 *     start of the training; it falls to 0 at half the steps (S. Bengio et al.: Scheduled Sampling. NeurIPS 2015)
 * @param stepsDrawn how many steps of the horizon, drawn at random, count in a training step; the horizon or more means
 *     all. A network that must compute all steps in turn saves no time with fewer
 * @param stillWeight how many times the error of a pixel counts, in closed loop, that does not change over the window,
 *     at least 1; more than 1 keeps the background sharper and forecasts less of what moves
 */
public record ObjectiveConfig(Method method, double scheduledSampling, int stepsDrawn, double stillWeight) {
    /** Which frames the network reads while it forecasts. */
    public enum Method {
        /** Real frames at every step; the loss is half the sum of squared errors of the next frame. */
        TEACHER_FORCED,
        /**
         * Real frames in the context, then its own output. Each window's error is divided by persistence's; otherwise
         * the few windows that move most would dominate.
         */
        CLOSED_LOOP;

        /** Its name in recipes and on the command line. */
        @JsonValue
        public String title() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is outside its range
     */
    public ObjectiveConfig {
        Range.require("objective.scheduled-sampling", scheduledSampling, 0, 1);
        Range.require("objective.steps-drawn", stepsDrawn, 1, Integer.MAX_VALUE);
        Range.require("objective.still-weight", stillWeight, 1, 1000);
    }
}
