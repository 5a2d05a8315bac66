package io.framecast.cli;

import io.framecast.camera.CameraSettings;
import io.framecast.frame.CameraId;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What {@code --camera} says: how single cameras are read otherwise than the others, and which have a model of their
 * own.
 *
 * @param reading how those cameras are read
 * @param models the names of their models
 */
record OwnSettings(Map<CameraId, SourceConfig> reading, Map<CameraId, String> models) {
    private static final String FORM = "write it as door.read-timeout=60s";

    /** Copies the maps. */
    OwnSettings {
        reading = Map.copyOf(reading);
        models = Map.copyOf(models);
    }

    /**
     * Reads what was typed.
     *
     * @param typed values by {@code ID.SETTING}
     * @param usual how the others are read
     * @throws IllegalArgumentException if one names no camera or setting, or its value is malformed
     */
    static OwnSettings of(Map<String, String> typed, SourceConfig usual, List<SourceSpec> sources) {
        var settings = new HashMap<CameraId, Map<String, String>>();
        typed.forEach((key, value) -> {
            int dot = key.indexOf('.');
            if (dot < 0) {
                throw new IllegalArgumentException("--camera '" + key + "=" + value + "' names no setting: " + FORM);
            }
            CameraId camera = camera(key.substring(0, dot), sources);
            settings.computeIfAbsent(camera, id -> new TreeMap<>()).put(key.substring(dot + 1), value);
        });
        var reading = new HashMap<CameraId, SourceConfig>();
        var models = new HashMap<CameraId, String>();
        settings.forEach((camera, own) -> {
            try {
                SourceConfig changed = CameraSettings.apply(usual, own);
                if (!changed.equals(usual)) {
                    reading.put(camera, changed);
                }
                String model = CameraSettings.model(own);
                if (!model.isEmpty()) {
                    models.put(camera, model);
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("--camera " + camera + ": " + e.getMessage(), e);
            }
        });
        return new OwnSettings(reading, models);
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
}
