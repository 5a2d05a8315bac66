package io.framecast.predict;

import java.time.Duration;

/**
 * How micro-batches are made.
 *
 * @param policy what happens to a window that a newer one overtakes
 * @param maxBatch the most windows forecast and committed together, at least 1
 * @param maxDelay how long a window waits for others at most
 */
public record BatchConfig(Policy policy, int maxBatch, Duration maxDelay) {
    /**
     * Checks the bounds.
     *
     * @throws IllegalArgumentException if they make no sense
     */
    public BatchConfig {
        if (maxBatch < 1 || maxBatch > 1024) {
            throw new IllegalArgumentException("max-batch " + maxBatch + " is outside 1 to 1024");
        }
        if (maxDelay.isNegative()) {
            throw new IllegalArgumentException("max-delay " + maxDelay + " is negative");
        }
    }

    /** The newest window of each camera, up to 16 together, waiting 20 ms for each other. */
    public static BatchConfig defaults() {
        return new BatchConfig(Policy.LATEST, 16, Duration.ofMillis(20));
    }
}
