package io.framecast.source;

import java.time.Duration;

/**
 * How long to wait before a lost camera is tried again: doubling from {@code min} to {@code max}, less up to a quarter
 * at random so that many cameras behind one switch don't come back in step.
 *
 * @param min the first wait, more than zero
 * @param max the longest wait, at least {@code min}
 */
public record Backoff(Duration min, Duration max) {
    private static final int DOUBLINGS = 20;
    private static final double JITTER = 0.25;

    /**
     * Checks the order.
     *
     * @throws IllegalArgumentException if {@code min} is not positive or {@code max} is below it
     */
    public Backoff {
        if (min.isZero() || min.isNegative() || max.compareTo(min) < 0) {
            throw new IllegalArgumentException(
                    "backoff from " + min + " to " + max + " is out of order: 0 < min <= max, as in PT0.25S to PT2S");
        }
    }

    /**
     * The wait before a try.
     *
     * @param failures tries that failed in a row before it, from 1
     * @param random uniform in 0 (inclusive) to 1 (exclusive)
     * @return {@code min x 2^(failures - 1)}, at most {@code max}, less up to a quarter
     */
    public Duration delay(int failures, double random) {
        var doubled = (double) min.toNanos() * (1L << Math.min(Math.max(failures - 1, 0), DOUBLINGS));
        var capped = Math.min(doubled, (double) max.toNanos());
        return Duration.ofNanos((long) (capped * (1 - JITTER * random)));
    }
}
