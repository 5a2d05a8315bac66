package io.framecast.cli;

import io.framecast.camera.CameraSettings;
import io.framecast.frame.CameraId;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What {@code --camera} says: how single cameras are read otherwise than the others. */
final class OwnSettings {
    private static final String FORM = "write it as door.read-timeout=60s";

    private OwnSettings() {}

    /**
     * How those cameras are read that are read otherwise than the others.
     *
     * @param typed values by {@code ID.SETTING}
     * @param usual how the others are read
     * @throws IllegalArgumentException if one names no camera or setting, or its value is malformed
     */
    static Map<CameraId, SourceConfig> of(Map<String, String> typed, SourceConfig usual, List<SourceSpec> sources) {
        var own = new HashMap<CameraId, SourceConfig>();
        typed.forEach((key, value) -> {
            int dot = key.indexOf('.');
            if (dot < 0) {
                throw new IllegalArgumentException("--camera '" + key + "=" + value + "' names no setting: " + FORM);
            }
            CameraId camera = camera(key.substring(0, dot), sources);
            own.put(camera, changed(camera, key.substring(dot + 1), value, own.getOrDefault(camera, usual)));
        });
        return Map.copyOf(own);
    }

    private static CameraId camera(String id, List<SourceSpec> sources) {
        return sources.stream()
                .map(SourceSpec::camera)
                .filter(camera -> camera.value().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--camera names '" + id
                        + "', which is no camera of this run: there are "
                        + sources.stream()
                                .map(source -> source.camera().value())
                                .sorted()
                                .collect(Collectors.joining(", "))));
    }

    private static SourceConfig changed(CameraId camera, String name, String value, SourceConfig before) {
        try {
            return CameraSettings.apply(before, Map.of(name, value));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--camera " + camera + ": " + e.getMessage(), e);
        }
    }
}
