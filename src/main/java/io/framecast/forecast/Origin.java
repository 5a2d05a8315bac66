package io.framecast.forecast;

import io.framecast.frame.CameraId;
import io.framecast.frame.FrameId;
import java.time.Instant;

/**
 * The last real frame before a forecast, by name.
 *
 * @param camera its camera
 * @param epoch its epoch
 * @param sequence its number in the epoch
 * @param time its capture time
 */
public record Origin(CameraId camera, long epoch, long sequence, Instant time) {
    /** The frame itself, in the camera's order. */
    public FrameId frame() {
        return new FrameId(epoch, sequence);
    }
}
