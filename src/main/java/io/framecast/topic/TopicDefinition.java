package io.framecast.topic;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * How a topic should be, as {@code topics/NAME.yaml} says.
 *
 * @param name the kind of topic
 * @param version the version of its records; a new one is a new topic
 * @param partitions how many
 * @param config topic configuration, by Kafka's names
 */
public record TopicDefinition(String name, int version, int partitions, Map<String, String> config) {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    /** The definition of every topic. */
    public static List<TopicDefinition> all() {
        return Arrays.stream(TopicKind.values()).map(TopicDefinition::of).toList();
    }

    /** The definition of one. */
    public static TopicDefinition of(TopicKind kind) {
        String file = "/topics/" + kind.title() + ".yaml";
        try (InputStream in = TopicDefinition.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is not part of this build");
            }
            return YAML.readValue(in, TopicDefinition.class);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " of this build cannot be read", e);
        }
    }

    /** The topic's full name: {@code prefix.name.vN}. */
    public String topic(String prefix) {
        return prefix + "." + name + ".v" + version;
    }
}
