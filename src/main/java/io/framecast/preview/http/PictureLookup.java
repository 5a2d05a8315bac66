package io.framecast.preview.http;

import io.framecast.frame.CameraId;
import io.framecast.frame.CameraPicture;
import java.time.Instant;
import java.util.Optional;

/** Finds what a camera saw in full at a moment that has passed. */
public interface PictureLookup {
    /** Whether there was a picture of about that time; it may be gone. */
    boolean has(CameraId camera, Instant time);

    /** The picture of about that time, if there still is one. May take some tenths of a second. */
    Optional<CameraPicture> find(CameraId camera, Instant time);

    /** Finds nothing. */
    PictureLookup NONE = new PictureLookup() {
        @Override
        public boolean has(CameraId camera, Instant time) {
            return false;
        }

        @Override
        public Optional<CameraPicture> find(CameraId camera, Instant time) {
            return Optional.empty();
        }
    };
}
