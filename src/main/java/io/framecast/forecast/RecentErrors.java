package io.framecast.forecast;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The errors that were expected of a camera's recent forecasts, and those that occurred: means of each step of the
 * horizon. What a model expects was fitted on other cameras; here things may happen more often, or less.
 *
 * @param expected the mean squared error that was expected, values taken as 0 to 1, nearest step first; empty if the
 *     model expects nothing
 * @param real the one that occurred, of as many steps
 */
public record RecentErrors(List<Double> expected, List<Double> real) {
    /** However seldom something went wrong lately, a twelfth of what is expected elsewhere still is. */
    private static final double LEAST = 1 / 12.0;

    private static final RecentErrors NONE = new RecentErrors(List.of(), List.of());

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if they are not equally long, or a mean is not a number from 0 to 1
     */
    public RecentErrors {
        expected = List.copyOf(expected);
        real = List.copyOf(real);
        if (expected.size() != real.size()) {
            throw new IllegalArgumentException(
                    "recent errors of " + expected.size() + " steps expected, of " + real.size() + " occurred");
        }
        Stream.of(expected, real).flatMap(List::stream).forEach(mean -> {
            if (!(mean >= 0 && mean <= 1)) {
                throw new IllegalArgumentException("recent error " + mean + " is out of range: from 0 to 1");
            }
        });
    }

    /** Of a model that expects nothing. */
    public static RecentErrors none() {
        return NONE;
    }

    /**
     * What to expect on this camera of a forecast of which {@code errors} are expected on any. Where errors were
     * greater than expected, by so much more: something happened from time to time that no forecast could know. Where
     * they were smaller, by a factor less.
     */
    public List<Double> correct(List<Double> errors) {
        var corrected = new ArrayList<Double>();
        for (int step = 0; step < errors.size(); step++) {
            corrected.add(step < real.size() ? correct(step, errors.get(step)) : errors.get(step));
        }
        return corrected;
    }

    private double correct(int step, double error) {
        double more = real.get(step) - expected.get(step);
        return more >= 0 ? Math.min(1, error + more) : error * Math.max(LEAST, real.get(step) / expected.get(step));
    }
}
