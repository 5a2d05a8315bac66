package io.framecast.preview.http;

import io.framecast.preview.clips.ClipFolder;
import io.framecast.preview.history.CameraHistories;
import java.time.Instant;
import java.util.Optional;

/**
 * What is known of the past.
 *
 * @param histories the last minutes of each camera
 * @param pictures what cameras saw in full
 * @param clips those of surprising stretches, if any are kept
 */
public record Past(CameraHistories histories, PictureLookup pictures, Optional<ClipFolder> clips) {
    /** No past at all. */
    public static Past none() {
        return new Past(new CameraHistories(Instant.EPOCH), PictureLookup.NONE, Optional.empty());
    }
}
