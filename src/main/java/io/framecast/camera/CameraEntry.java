package io.framecast.camera;

import io.framecast.frame.CameraId;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceException;
import io.framecast.source.SourceLocation;
import io.framecast.source.SourceSpec;
import java.util.Map;

/**
 * A camera as people write it down.
 *
 * @param camera its id
 * @param source where its pictures come from, as on the command line; it may hold a password
 * @param settings its own, by the names of {@link CameraSettings}
 * @param paused whether it is left alone for now
 */
public record CameraEntry(CameraId camera, String source, Map<String, String> settings, boolean paused) {
    private static final int LONGEST_SOURCE = 2000;

    /**
     * Checks it.
     *
     * @throws IllegalArgumentException if the source is too long, or a setting is unknown or malformed
     */
    public CameraEntry {
        settings = Map.copyOf(settings);
        if (source.length() > LONGEST_SOURCE) {
            throw new IllegalArgumentException(
                    "the source has " + source.length() + " characters: it may have " + LONGEST_SOURCE);
        }
        CameraSettings.apply(SourceConfig.defaults(), settings);
    }

    /**
     * Where its pictures come from.
     *
     * @throws IllegalArgumentException if the source is malformed
     * @throws SourceException if a secret that it refers to is not there
     */
    public SourceLocation location() {
        return SourceLocation.parse(source);
    }

    /**
     * How it is to be read.
     *
     * @param usual how cameras are read that have no settings of their own
     * @throws IllegalArgumentException if the source is malformed
     * @throws SourceException if a secret that it refers to is not there
     */
    public CameraPlan plan(SourceConfig usual) {
        return new CameraPlan(
                new SourceSpec(camera, location()),
                CameraSettings.apply(usual, settings),
                CameraSettings.model(settings));
    }

    /** Without the secrets of its source. */
    @Override
    public String toString() {
        return camera.value();
    }
}
