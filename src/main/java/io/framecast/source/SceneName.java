package io.framecast.source;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The scenes that can be watched where no camera is. */
public enum SceneName {
    STREET,
    SHAPES,
    STILL,
    SURPRISE;

    /** The name on the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The names that can be asked for. */
    static List<String> labels() {
        return Arrays.stream(values()).map(SceneName::label).toList();
    }

    /** The scene of that name. */
    public static Optional<SceneName> named(String label) {
        return Arrays.stream(values())
                .filter(scene -> scene.label().equals(label))
                .findFirst();
    }
}
