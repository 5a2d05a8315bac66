package io.framecast.forecast;

import io.framecast.frame.Pixels;
import java.util.ArrayList;
import java.util.List;

/**
 * How wrong a forecast will be, as far as a model can know: the mean squared error that it expects at each step.
 *
 * <p>For step k, with m(a, b) the mean squared difference of two pictures of values 0 to 1, x the last frame, p the one
 * before, f the first of as many frames as the model needs, y the forecast and e = 1e-6,
 *
 * <pre>
 * ln(expected) = a + b ln(m(x, p) + e) + c ln(m(x, f) + e) + d ln(m(y, x) + e)
 * </pre>
 *
 * What moved lately, what moved over those frames and what is said to move tell how much can go wrong. The numbers of
 * each step are fitted to errors on recordings that the model did not learn from.
 *
 * @param steps a, b, c and d of each step, nearest first
 */
public record ExpectedError(List<List<Double>> steps) {
    /** How many numbers a step has. */
    public static final int TERMS = 4;

    private static final double LEAST = 1e-6;
    private static final double LEVELS = 255;

    /**
     * Copies the numbers.
     *
     * @throws IllegalArgumentException if a step has not four finite ones
     */
    public ExpectedError {
        steps = steps.stream().map(List::copyOf).toList();
        for (List<Double> step : steps) {
            if (step.size() != TERMS || !step.stream().allMatch(Double::isFinite)) {
                throw new IllegalArgumentException("expected error " + step + " must be " + TERMS + " finite numbers");
            }
        }
    }

    /**
     * The mean squared error to expect of each frame, values taken as 0 to 1.
     *
     * @param window the newest frames, as many as the model needs
     * @param frames the forecast, no more than there are steps
     */
    public List<Double> of(Window window, List<Pixels> frames) {
        var expected = new ArrayList<Double>();
        double[] terms = contextTerms(window);
        for (int step = 0; step < frames.size(); step++) {
            terms[TERMS - 1] = logarithm(frames.get(step), window.last().pixels());
            double logarithm = 0;
            for (int term = 0; term < TERMS; term++) {
                logarithm += steps.get(step).get(term) * terms[term];
            }
            expected.add(Math.min(1, Math.exp(logarithm)));
        }
        return expected;
    }

    /** What the numbers of a step are multiplied with: 1 and the three logarithms. */
    public static double[] terms(Window window, Pixels forecast) {
        double[] terms = contextTerms(window);
        terms[TERMS - 1] = logarithm(forecast, window.last().pixels());
        return terms;
    }

    /** The same but for the last, which alone differs from step to step. */
    private static double[] contextTerms(Window window) {
        Pixels last = window.last().pixels();
        Pixels before = window.frames().get(Math.max(0, window.length() - 2)).pixels();
        Pixels first = window.frames().get(0).pixels();
        return new double[] {1, logarithm(last, before), logarithm(last, first), 0};
    }

    private static double logarithm(Pixels a, Pixels b) {
        long sum = 0;
        for (int i = 0; i < a.size(); i++) {
            int difference = a.at(i) - b.at(i);
            sum += (long) difference * difference;
        }
        return Math.log(sum / (LEVELS * LEVELS * a.size()) + LEAST);
    }
}
