package io.framecast.source;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known of a picture that was decoded or rendered, without its pixels.
 *
 * @param session which opening of the source it came from; another number is another stretch
 * @param width columns as it is seen
 * @param height rows as it is seen
 * @param pts presentation timestamp in microseconds on the stream's own time line, which may start and jump anywhere
 * @param captured the camera's wall clock at capture, where it tells
 */
public record Picture(int session, int width, int height, OptionalLong pts, Optional<Instant> captured) {}
