package io.framecast.node;

import io.framecast.frame.CameraId;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceSpec;
import java.util.List;
import java.util.Map;

/**
 * The capture role.
 *
 * @param sources which cameras, at least one
 * @param reading how they are read
 * @param own how those are read that are read otherwise
 * @param waitForCameras whether to go on trying when not one camera can be reached at the start
 */
public record CaptureConfig(
        List<SourceSpec> sources, SourceConfig reading, Map<CameraId, SourceConfig> own, boolean waitForCameras) {
    /** Copies list and map. */
    public CaptureConfig {
        sources = List.copyOf(sources);
        own = Map.copyOf(own);
    }

    /** All cameras read alike, given up when not one can be reached at the start. */
    public static CaptureConfig of(List<SourceSpec> sources, SourceConfig reading) {
        return new CaptureConfig(sources, reading, Map.of(), false);
    }

    /** How a camera is read. */
    SourceConfig reading(CameraId camera) {
        return own.getOrDefault(camera, reading);
    }
}
