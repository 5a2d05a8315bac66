package io.framecast.predict;

import io.framecast.forecast.Forecast;

/**
 * A forecast, and the trace of the frame it starts from.
 *
 * @param forecast the forecast
 * @param trace its W3C trace context
 */
public record Forecasted(Forecast forecast, String trace) {}
