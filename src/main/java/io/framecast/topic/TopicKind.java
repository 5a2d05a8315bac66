package io.framecast.topic;

import java.util.Arrays;
import java.util.Optional;

/** The topics of Framecast. */
public enum TopicKind {
    FRAMES("frames"),
    PICTURES("pictures"),
    FORECASTS("forecasts"),
    SCORES("scores"),
    SURPRISE("surprise"),
    STRETCHES("stretches"),
    CAMERAS("cameras"),
    MODELS("models"),
    DEAD_LETTER("dead-letter");

    private final String title;

    TopicKind(String title) {
        this.title = title;
    }

    /** Its name on the command line and in {@code topics/NAME.yaml}. */
    public String title() {
        return title;
    }

    /** Its full name on a cluster. */
    public String topic(String prefix) {
        return TopicDefinition.of(this).topic(prefix);
    }

    /** The kind of a name, if there is one. */
    public static Optional<TopicKind> named(String title) {
        return Arrays.stream(values()).filter(kind -> kind.title.equals(title)).findFirst();
    }
}
