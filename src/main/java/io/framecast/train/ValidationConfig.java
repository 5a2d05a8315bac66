package io.framecast.train;

import io.framecast.forecast.Forecast;

/**
 * How the weights that are kept are chosen.
 *
 * @param every training steps between validations
 * @param horizon steps of the closed-loop forecasts that are scored, up to {@value Forecast#HORIZON}
 */
public record ValidationConfig(int every, int horizon) {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is outside its range
     */
    public ValidationConfig {
        Range.require("validation.every", every, 1, Integer.MAX_VALUE);
        Range.require("validation.horizon", horizon, 1, Forecast.HORIZON);
    }
}
