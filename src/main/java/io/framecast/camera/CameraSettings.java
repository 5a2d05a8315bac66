package io.framecast.camera;

import io.framecast.source.Fit;
import io.framecast.source.Region;
import io.framecast.source.RtspTransport;
import io.framecast.source.SourceConfig;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/** What may be set for one camera apart from the others: how it is read, and its model. */
public final class CameraSettings {
    private static final Map<String, Setting> SETTINGS = Map.of(
            "fps", new Setting("a number above 0, up to 240", (reading, text) -> reading.fps(number(text))),
            "region",
                    new Setting(
                            "LEFT,TOP,WIDTH,HEIGHT in percent of the picture, as in 25,0,50,100",
                            (reading, text) -> reading.region(Region.parse(text))),
            "fit", new Setting("stretch, crop or letterbox", (reading, text) -> reading.fit(Fit.valueOf(upper(text)))),
            "rtsp-transport",
                    new Setting(
                            "auto, tcp or udp",
                            (reading, text) -> reading.transport(RtspTransport.valueOf(upper(text)))),
            "open-timeout",
                    new Setting("a time, as in 30s", (reading, text) -> reading.openTimeout(TimeText.parse(text))),
            "read-timeout",
                    new Setting("a time, as in 60s", (reading, text) -> reading.readTimeout(TimeText.parse(text))));

    private static final String MODEL = "model";
    private static final Pattern MODEL_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+(\\.[0-9]+)?");

    private CameraSettings() {}

    /**
     * A setting of one camera.
     *
     * @param values what it may be, in words
     */
    private record Setting(String values, BiFunction<SourceConfig.Builder, String, SourceConfig.Builder> change) {}

    /** The names of the settings, in order. */
    public static Collection<String> names() {
        var names = new TreeSet<>(SETTINGS.keySet());
        names.add(MODEL);
        return names;
    }

    /**
     * The name of the camera's own model; empty if it has none.
     *
     * @param values by the settings' names
     * @throws IllegalArgumentException if it is malformed, as a folder is
     */
    public static String model(Map<String, String> values) {
        var name = values.getOrDefault(MODEL, "");
        if (!name.isEmpty() && !MODEL_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(MODEL + " '" + name + "' is malformed: use the name of a model in the"
                    + " predictors' models folder, as 'framecast models' lists them, or of a baseline");
        }
        return name;
    }

    /**
     * How a camera is read with some settings changed. A model changes nothing of that.
     *
     * @param before how it is read without them
     * @param values by the settings' names
     * @throws IllegalArgumentException if there is no such setting, or its value is malformed
     */
    public static SourceConfig apply(SourceConfig before, Map<String, String> values) {
        var unused = model(values);
        var reading = before;
        for (var entry : new TreeMap<>(values).entrySet()) {
            if (!entry.getKey().equals(MODEL)) {
                reading = changed(reading, entry.getKey(), entry.getValue());
            }
        }
        return reading;
    }

    private static SourceConfig changed(SourceConfig before, String name, String value) {
        var setting = SETTINGS.get(name);
        if (setting == null) {
            throw new IllegalArgumentException(
                    "'" + name + "' is unknown: a camera may have its own " + String.join(", ", names()));
        }
        try {
            return setting.change().apply(before.toBuilder(), value).build();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + " '" + value + "' is malformed: use " + setting.values(), e);
        }
    }

    private static double number(String text) {
        if (!NUMBER.matcher(text).matches()) { // Java takes 5d and 0x1p2 as well
            throw new IllegalArgumentException("no number");
        }
        return Double.parseDouble(text);
    }

    private static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }
}
