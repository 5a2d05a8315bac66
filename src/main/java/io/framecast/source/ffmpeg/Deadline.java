package io.framecast.source.ffmpeg;

import io.framecast.source.Stop;
import java.time.Duration;

/**
 * The time limit of one session's blocking calls. Once missed it stays missed, so that a broken session only closes.
 */
final class Deadline {
    private final Stop stop;
    private volatile long due;
    private volatile boolean missed;

    Deadline(Stop stop, Duration limit) {
        this.stop = stop;
        this.due = System.nanoTime() + limit.toNanos();
    }

    /** Starts the limit anew. */
    void extend(Duration limit) {
        due = System.nanoTime() + limit.toNanos();
    }

    /** Whether a blocking call has to give up now. */
    boolean over() {
        if (!missed && System.nanoTime() - due > 0) {
            missed = true;
        }
        return missed || stop.given();
    }

    boolean missed() {
        return missed;
    }
}
