package io.framecast.worker;

import io.framecast.frame.Frame;
import java.time.Instant;

/**
 * A frame as it lies in its topic.
 *
 * @param frame the frame
 * @param partition where it lies
 * @param offset its place there
 * @param trace its W3C trace context
 * @param polled when it was read
 */
public record FrameRecord(Frame frame, int partition, long offset, String trace, Instant polled) {}
