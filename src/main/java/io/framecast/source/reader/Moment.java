package io.framecast.source.reader;

import java.time.Instant;

/**
 * A moment on both clocks of this machine.
 *
 * @param wall the time of day, which may be set
 * @param nanos {@link System#nanoTime}, which only goes forward
 */
record Moment(Instant wall, long nanos) {
    static Moment now() {
        return new Moment(Instant.now(), System.nanoTime());
    }

    long wallMicros() {
        return Math.addExact(Math.multiplyExact(wall.getEpochSecond(), 1_000_000L), wall.getNano() / 1_000);
    }

    long microsSince(Moment earlier) {
        return (nanos - earlier.nanos) / 1_000;
    }
}
