package io.framecast.forecast;

import io.framecast.frame.CameraId;
import io.framecast.frame.FrameId;
import java.time.Instant;

/**
 * How surprising one real frame was.
 *
 * @param camera whose frame
 * @param epoch the frame's
 * @param sequence the frame's
 * @param time when it was captured
 * @param forecastId the forecast it is compared with: the newest made before it was there
 * @param step which of that forecast's frames, 1 for the nearest
 * @param measure the logarithm of the error that is more than usual in its place over the error that was expected
 * @param surprise how unusual that is, {@code -log10} of its chance; NaN while that is not known
 * @param errors where the forecast was wrong
 * @param unusual where it was more wrong than forecasts of the camera usually are there
 */
public record FrameSurprise(
        CameraId camera,
        long epoch,
        long sequence,
        Instant time,
        String forecastId,
        int step,
        double measure,
        double surprise,
        ErrorMap errors,
        ErrorMap unusual) {
    /** From here on a frame counts as surprising: one false alarm in a thousand frames. */
    public static final double THRESHOLD = 3;

    /** The frame itself, in the camera's order. */
    public FrameId frame() {
        return new FrameId(epoch, sequence);
    }

    /** Whether it passes {@link #THRESHOLD}. */
    public boolean isSurprising() {
        return surprise >= THRESHOLD;
    }
}
