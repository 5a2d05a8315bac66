package io.framecast.forecast;

import java.time.Duration;
import java.time.Instant;

/**
 * When the stages of a live forecast happened, on this machine's clock.
 *
 * @param captured the capture time of the last context frame
 * @param polled when the predictor had that frame
 * @param forecast when the model had answered
 */
public record LatencyStamps(Instant captured, Instant polled, Instant forecast) {
    /** From capture to forecast. */
    public Duration total() {
        return Duration.between(captured, forecast);
    }
}
