package io.framecast.node;

import io.framecast.camera.CameraPlan;
import io.framecast.camera.CamerasFile;
import io.framecast.frame.CameraId;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The capture role.
 *
 * @param sources which cameras stay as they are; at least one if there is no file
 * @param reading how they are read
 * @param own how those are read that are read otherwise
 * @param models of those that have a model of their own, by name
 * @param waitForCameras whether to go on trying when not one camera can be reached at the start
 * @param changes where cameras come from that may change
 */
public record CaptureConfig(
        List<SourceSpec> sources,
        SourceConfig reading,
        Map<CameraId, SourceConfig> own,
        Map<CameraId, String> models,
        boolean waitForCameras,
        Optional<Changes> changes) {
    /** Without a model of their own. */
    public CaptureConfig(
            List<SourceSpec> sources,
            SourceConfig reading,
            Map<CameraId, SourceConfig> own,
            boolean waitForCameras,
            Optional<Changes> changes) {
        this(sources, reading, own, Map.of(), waitForCameras, changes);
    }

    /**
     * Cameras that come and go.
     *
     * @param file which holds them
     * @param overHttp whether HTTP clients may change it
     * @param localAllowed whether they may name addresses of this machine and its link
     */
    public record Changes(CamerasFile file, boolean overHttp, boolean localAllowed) {}

    /**
     * Copies list and maps.
     *
     * @throws IllegalArgumentException if a camera cannot be read as it says
     */
    public CaptureConfig {
        sources = List.copyOf(sources);
        own = Map.copyOf(own);
        models = Map.copyOf(models);
        var unused = plans(sources, reading, own, models);
    }

    /** All cameras read alike, given up when not one can be reached at the start. */
    public static CaptureConfig of(List<SourceSpec> sources, SourceConfig reading) {
        return new CaptureConfig(sources, reading, Map.of(), false, Optional.empty());
    }

    /** How the cameras are read that stay as they are. */
    List<CameraPlan> plans() {
        return plans(sources, reading, own, models);
    }

    private static List<CameraPlan> plans(
            List<SourceSpec> sources,
            SourceConfig reading,
            Map<CameraId, SourceConfig> own,
            Map<CameraId, String> models) {
        return sources.stream()
                .map(spec -> new CameraPlan(
                        spec, own.getOrDefault(spec.camera(), reading), models.getOrDefault(spec.camera(), "")))
                .toList();
    }
}
