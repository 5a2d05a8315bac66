package io.framecast.source.reader;

import io.framecast.frame.CameraId;
import io.framecast.source.Picture;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says, once, that a camera's own clock is wrong; its frames are dated by ours all the same. */
final class CameraClock {
    private static final Logger log = LoggerFactory.getLogger(CameraClock.class);
    private static final Duration OFF = Duration.ofSeconds(2);

    private final CameraId camera;
    private boolean told;

    CameraClock(CameraId camera) {
        this.camera = camera;
    }

    /** Compares the clock that a picture carries, if it does, with ours. */
    void compare(Picture picture, Moment arrival) {
        picture.captured().filter(captured -> !told).ifPresent(captured -> tell(captured, arrival.wall()));
    }

    private void tell(Instant captured, Instant arrival) {
        Duration ahead = Duration.between(arrival, captured);
        if (ahead.abs().compareTo(OFF) > 0) {
            told = true;
            log.warn(
                    "camera {}: its clock is {} s {} ours; frames are dated by ours, set the camera's with NTP",
                    camera,
                    ahead.abs().toSeconds(),
                    ahead.isNegative() ? "behind" : "ahead of");
        }
    }
}
