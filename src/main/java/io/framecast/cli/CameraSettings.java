package io.framecast.cli;

import io.framecast.frame.CameraId;
import io.framecast.source.Fit;
import io.framecast.source.RtspTransport;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceSpec;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.TypeConversionException;

/** What is read otherwise of single cameras than of the others. */
final class CameraSettings {
    private static final Map<String, Setting> SETTINGS = Map.of(
            "fps", new Setting("a number above 0, up to 240", (reading, text) -> reading.fps(Double.parseDouble(text))),
            "fit", new Setting("stretch, crop or letterbox", (reading, text) -> reading.fit(Fit.valueOf(upper(text)))),
            "rtsp-transport",
                    new Setting(
                            "auto, tcp or udp",
                            (reading, text) -> reading.transport(RtspTransport.valueOf(upper(text)))),
            "open-timeout", new Setting("a time, as in 30s", (reading, text) -> reading.openTimeout(time(text))),
            "read-timeout", new Setting("a time, as in 60s", (reading, text) -> reading.readTimeout(time(text))));

    private static final String FORM = "write it as door.read-timeout=60s";

    private CameraSettings() {}

    /**
     * A setting of one camera.
     *
     * @param values what it may be, in words
     */
    private record Setting(String values, BiFunction<SourceConfig.Builder, String, SourceConfig.Builder> change) {}

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
            own.put(camera, changed(key, value, own.getOrDefault(camera, usual)));
        });
        return Map.copyOf(own);
    }

    private static CameraId camera(String id, List<SourceSpec> sources) {
        return sources.stream()
                .map(SourceSpec::camera)
                .filter(camera -> camera.value().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--camera names '" + id
                        + "', which is no camera of this" + " run: there are "
                        + joined(sources.stream().map(source -> source.camera().value()))));
    }

    private static SourceConfig changed(String key, String value, SourceConfig before) {
        String name = key.substring(key.indexOf('.') + 1);
        Setting setting = SETTINGS.get(name);
        if (setting == null) {
            throw new IllegalArgumentException("--camera '" + key + "' is unknown: a camera may have its own "
                    + joined(SETTINGS.keySet().stream()));
        }
        try {
            return setting.change().apply(before.toBuilder(), value).build();
        } catch (IllegalArgumentException | TypeConversionException e) {
            throw new IllegalArgumentException(
                    "--camera " + key + " '" + value + "' is malformed: use " + setting.values(), e);
        }
    }

    private static Duration time(String text) {
        return new Durations().convert(text);
    }

    private static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    private static String joined(Stream<String> names) {
        return names.sorted().collect(Collectors.joining(", "));
    }
}
