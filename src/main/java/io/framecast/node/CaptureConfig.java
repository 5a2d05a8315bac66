package io.framecast.node;

import io.framecast.source.SourceConfig;
import io.framecast.source.SourceSpec;
import java.util.List;

/**
 * The capture role.
 *
 * @param sources which cameras, at least one
 * @param reading how they are read
 * @param waitForCameras whether to go on trying when not one camera can be reached at the start
 */
public record CaptureConfig(List<SourceSpec> sources, SourceConfig reading, boolean waitForCameras) {
    /** Copies the list. */
    public CaptureConfig {
        sources = List.copyOf(sources);
    }
}
