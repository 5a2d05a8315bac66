package io.framecast.score;

import io.framecast.forecast.Forecast;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * How unusually badly reality fits the forecasts of one camera. The measure of a forecast is the logarithm of the real
 * error of its nearest steps over the error that the model expected (or, if it does not know, over the usual one). Its
 * surprise is {@code -log10} of the share of the camera's last measures that were as large: with 1 one in ten is, with
 * 2 one in a hundred. So a threshold of 2 gives one false alarm in a hundred forecasts, on a camera that goes on as
 * before (Conformal anomaly detection: R. Laxhammar, G. Falkman 2010).
 *
 * <p>Only forecasts before it count, so the past is never judged by the future.
 */
public final class Surprise {
    /** From here on a forecast counts as surprising: one false alarm in a hundred. */
    public static final double THRESHOLD = 2;

    private static final int NEAREST = 8;
    private static final int MEMORY = 500;
    private static final int LEAST = 20;
    private static final double SMALLEST_ERROR = 1e-6;

    private final Deque<Double> measures = new ArrayDeque<>();

    /**
     * Takes the next forecast's outcome.
     *
     * @param forecast the forecast
     * @param steps its scores
     * @return its surprise, 0 or more; no number if none of its nearest frames came, or fewer than 20 forecasts came
     *     before
     */
    public double next(Forecast forecast, List<StepScore> steps) {
        double measure = measure(forecast, steps);
        if (Double.isNaN(measure)) {
            return Double.NaN;
        }
        long asLarge = measures.stream().filter(before -> before >= measure).count();
        double share = (asLarge + 1.0) / (measures.size() + 1.0);
        double surprise = measures.size() < LEAST ? Double.NaN : -Math.log10(share);
        measures.addLast(measure);
        if (measures.size() > MEMORY) {
            measures.removeFirst();
        }
        return surprise;
    }

    private static double measure(Forecast forecast, List<StepScore> steps) {
        var ratios = new double[Math.min(NEAREST, steps.size())];
        int known = 0;
        for (int step = 0; step < ratios.length; step++) {
            StepScore score = steps.get(step);
            if (!score.isMissing()) {
                double expected = forecast.expectedErrors().isEmpty()
                        ? 1
                        : forecast.expectedErrors().get(step);
                ratios[known++] = Math.log((score.mse() + SMALLEST_ERROR) / (expected + SMALLEST_ERROR));
            }
        }
        return Arrays.stream(ratios, 0, known).average().orElse(Double.NaN);
    }
}
