package io.framecast.worker;

import java.time.Instant;

/**
 * A record that was read.
 *
 * @param place where it lies
 * @param offset its offset there
 * @param value what it says
 * @param trace its W3C trace context, or empty
 * @param polled when it was read
 * @param readBack whether it was done before, and only rebuilds the processor's state
 */
public record Input<I>(InputPartition place, long offset, I value, String trace, Instant polled, boolean readBack) {}
