package io.framecast.frame;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;

/**
 * When a frame was captured, and how that is known.
 *
 * @param captured the capture time, cut to whole microseconds
 * @param clock the clock it was read from
 * @param pts the presentation timestamp in microseconds from the start of the stream, where the stream has one
 */
public record FrameTime(Instant captured, ClockSource clock, OptionalLong pts) {
    /** Cuts the capture time to microseconds, which is what a record carries. */
    public FrameTime {
        captured = captured.truncatedTo(ChronoUnit.MICROS);
    }
}
