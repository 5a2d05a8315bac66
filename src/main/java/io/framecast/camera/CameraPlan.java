package io.framecast.camera;

import io.framecast.frame.CameraId;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceSpec;

/**
 * A camera that is to be read.
 *
 * @param spec which, and where its pictures come from
 * @param reading how it is read
 */
public record CameraPlan(SourceSpec spec, SourceConfig reading) {
    /** Which camera. */
    public CameraId camera() {
        return spec.camera();
    }
}
