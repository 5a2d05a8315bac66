package io.framecast.evaluate;

import io.framecast.forecast.Forecast;

/**
 * What is forecast in an evaluation.
 *
 * @param context real frames before each forecast, 1 to 256
 * @param asLive whether each forecaster gets as many as it reads live, where there are so many, in place of these
 * @param horizon how many steps of each forecast count, 1 to {@value Forecast#HORIZON}
 * @param every frames between the forecasts of a recording, at least 1
 */
public record EvaluationConfig(int context, boolean asLive, int horizon, int every) {
    private static final int LONGEST_CONTEXT = 256;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is outside its range
     */
    public EvaluationConfig {
        if (context < 1 || context > LONGEST_CONTEXT) {
            throw new IllegalArgumentException(
                    "context of " + context + " frames is out of range: use 1 to " + LONGEST_CONTEXT);
        }
        if (horizon < 1 || horizon > Forecast.HORIZON) {
            throw new IllegalArgumentException(
                    "horizon of " + horizon + " frames is out of range: use 1 to " + Forecast.HORIZON);
        }
        if (every < 1) {
            throw new IllegalArgumentException("every " + every + " frames is out of range: use 1 or more");
        }
    }

    /** All forecasters get the same number of frames. */
    public EvaluationConfig(int context, int horizon, int every) {
        this(context, /* asLive= */ false, horizon, every);
    }

    /** How many frames a forecast and what it is compared with take at least. */
    int windowLength() {
        return context + horizon;
    }
}
