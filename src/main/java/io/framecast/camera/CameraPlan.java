package io.framecast.camera;

import io.framecast.frame.CameraId;
import io.framecast.source.Region;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceLocation;
import io.framecast.source.SourceSpec;

/**
 * A camera that is to be read.
 *
 * @param spec which, and where its pictures come from
 * @param reading how it is read
 * @param model the name of its own model; empty if predictors forecast it with their usual one
 */
public record CameraPlan(SourceSpec spec, SourceConfig reading, String model) {
    /**
     * Checks that the source can be read so.
     *
     * @throws IllegalArgumentException if a region of a scene is wanted, which is rendered whole
     */
    public CameraPlan {
        if (spec.location().kind() == SourceLocation.Kind.SCENE
                && !reading.region().equals(Region.WHOLE)) {
            throw new IllegalArgumentException("camera '" + spec.camera() + "' is the scene " + spec.location()
                    + ", which has no region: leave that out");
        }
    }

    /** One without a model of its own. */
    public CameraPlan(SourceSpec spec, SourceConfig reading) {
        this(spec, reading, "");
    }

    /** Whether another is read alike, whatever their models are. */
    public boolean isReadAs(CameraPlan other) {
        return spec.equals(other.spec) && reading.equals(other.reading);
    }

    /** Which camera. */
    public CameraId camera() {
        return spec.camera();
    }
}
