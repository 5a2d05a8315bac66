package io.framecast.preview;

import java.time.Instant;

/**
 * Something that reached the preview.
 *
 * @param value what came
 * @param at when it came, on this machine's clock
 * @param number how many of its kind came from the camera, this one included
 */
public record Arrival<T>(T value, Instant at, long number) {}
