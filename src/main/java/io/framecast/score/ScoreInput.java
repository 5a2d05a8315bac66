package io.framecast.score;

import io.framecast.forecast.Forecast;
import io.framecast.frame.Frame;

/** What a scorer reads. */
public sealed interface ScoreInput {
    /** A frame that really came. */
    record OfFrame(Frame frame) implements ScoreInput {}

    /** A forecast to score. */
    record OfForecast(Forecast forecast) implements ScoreInput {}
}
