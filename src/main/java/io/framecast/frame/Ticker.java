package io.framecast.frame;

import java.time.Duration;

/**
 * A clock that only goes forward, for durations. The time of day may be set while a program runs, so an
 * {@link java.time.Instant} is only ever a stamp.
 */
@FunctionalInterface
public interface Ticker {
    /** Nanoseconds since some moment; only differences mean anything. */
    long nanos();

    /** How long ago a reading of this ticker was. */
    default Duration since(long nanos) {
        return Duration.ofNanos(nanos() - nanos);
    }

    /** The machine's, which is {@link System#nanoTime}. */
    static Ticker system() {
        return System::nanoTime;
    }
}
