package io.framecast.forecast;

import io.framecast.frame.CameraId;
import java.time.Instant;

/**
 * A stretch of time in which a camera saw what was not expected.
 *
 * @param camera which camera
 * @param epoch of its frames
 * @param sequence of its first frame
 * @param begin when its first surprising frame was captured
 * @param end when its last one was, of those known
 * @param ended whether it is over; until then its end may move
 * @param frames how many of its frames were surprising
 * @param peak the highest surprise in it
 * @param peakTime when that was
 * @param map where the forecast was more wrong than usual at that moment
 */
public record SurprisingStretch(
        CameraId camera,
        long epoch,
        long sequence,
        Instant begin,
        Instant end,
        boolean ended,
        long frames,
        double peak,
        Instant peakTime,
        ErrorMap map) {
    public static SurprisingStretch begunBy(FrameSurprise frame) {
        return new SurprisingStretch(
                frame.camera(),
                frame.epoch(),
                frame.sequence(),
                frame.time(),
                frame.time(),
                false,
                1,
                frame.surprise(),
                frame.time(),
                frame.unusual());
    }

    /** Its name: {@code camera/epoch/sequence}, that of its first frame. */
    public String id() {
        return camera + "/" + epoch + "/" + sequence;
    }

    /** With one more surprising frame. */
    public SurprisingStretch with(FrameSurprise frame) {
        boolean higher = frame.surprise() > peak;
        return new SurprisingStretch(
                camera,
                epoch,
                sequence,
                begin,
                frame.time(),
                ended,
                frames + 1,
                higher ? frame.surprise() : peak,
                higher ? frame.time() : peakTime,
                higher ? frame.unusual() : map);
    }

    public SurprisingStretch over() {
        return new SurprisingStretch(camera, epoch, sequence, begin, end, true, frames, peak, peakTime, map);
    }
}
