package io.framecast.forecast;

import io.framecast.frame.CameraId;
import java.time.Instant;

/**
 * The last real frame before a forecast, by name.
 *
 * @param camera its camera
 * @param epoch its epoch
 * @param sequence its number in the epoch
 * @param time its capture time
 */
public record Origin(CameraId camera, long epoch, long sequence, Instant time) {}
