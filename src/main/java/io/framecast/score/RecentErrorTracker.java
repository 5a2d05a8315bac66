package io.framecast.score;

import io.framecast.forecast.RecentErrors;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps the {@link RecentErrors} of one camera and model as its forecasts are scored. Older ones fade, so that about 32
 * count; four more count as right from the start, so that a few say little.
 */
public final class RecentErrorTracker {
    /** What is left of older forecasts with each newer one: they count for about 32. */
    private static final double KEEP = 1 - 1 / 32.0;

    /** So many forecasts that were right are taken for granted. */
    private static final double GRANTED = 4;

    private final List<Step> steps = new ArrayList<>();

    /** The faded sums of a step. */
    private static final class Step {
        private double expected;
        private double real;
        private double count;

        private void next(double expectedNow, double realNow) {
            expected = KEEP * expected + expectedNow;
            real = KEEP * real + realNow;
            count = KEEP * count + 1;
        }

        private double meanExpected() {
            return count == 0 ? 0 : expected / count;
        }

        private double meanReal() {
            return (real + GRANTED * meanExpected()) / (count + GRANTED);
        }
    }

    /**
     * Takes a forecast that is complete.
     *
     * @param expected the mean squared error that was expected of each step, values taken as 0 to 1; none if the model
     *     does not know
     * @param real the one that occurred, of as many steps at least; NaN where the real frame never came
     */
    public void next(List<Double> expected, List<Double> real) {
        for (int step = 0; step < expected.size(); step++) {
            if (steps.size() <= step) {
                steps.add(new Step());
            }
            double asked = Math.max(0, Math.min(1, expected.get(step))); // another program's forecast may say anything
            if (!Double.isNaN(asked) && !Double.isNaN(real.get(step))) {
                steps.get(step).next(asked, real.get(step));
            }
        }
    }

    /** The means until now; none before the first forecast of which something was expected. */
    public RecentErrors recent() {
        return new RecentErrors(
                steps.stream().map(Step::meanExpected).toList(),
                steps.stream().map(Step::meanReal).toList());
    }

    /** Takes up means where an earlier one left them, as if after many forecasts. */
    void restore(RecentErrors recent) {
        steps.clear();
        for (int i = 0; i < recent.expected().size(); i++) {
            var step = new Step();
            step.count = 1 / (1 - KEEP);
            step.expected = recent.expected().get(i) * step.count;
            double granted = GRANTED * recent.expected().get(i);
            step.real = Math.max(0, recent.real().get(i) * (step.count + GRANTED) - granted);
            steps.add(step);
        }
    }
}
