package io.framecast.topic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.google.protobuf.Descriptors.Descriptor;
import io.framecast.topic.proto.Frame;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The AsyncAPI document of the topics, against their definitions and the schema. */
class AsyncApiTest {
    /** Settings that a reader need not know. */
    private static final Set<String> UNTOLD = Set.of("segment.bytes", "message.timestamp.after.max.ms");

    private static JsonNode document;

    @BeforeAll
    static void read() throws IOException {
        document = new ObjectMapper(new YAMLFactory())
                .readTree(Path.of("topics", "asyncapi.yaml").toFile());
    }

    private static Set<String> names(JsonNode node) {
        var names = new TreeSet<String>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static JsonNode referred(JsonNode node) {
        JsonNode found = document.at(node.get("$ref").asText().substring(1));
        assertThat(found.isMissingNode()).as(node.toString()).isFalse();
        return found;
    }

    @Test
    void channels_areTheTopics() {
        assertThat(names(document.get("channels")))
                .isEqualTo(
                        Arrays.stream(TopicKind.values()).map(TopicKind::title).collect(Collectors.toSet()));
    }

    @ParameterizedTest
    @EnumSource
    void channel_isAsItsTopicIsDefined(TopicKind kind) {
        TopicDefinition definition = TopicDefinition.of(kind);
        JsonNode channel = document.get("channels").get(kind.title());
        assertThat(channel.get("address").asText()).isEqualTo(definition.topic("framecast"));
        JsonNode kafka = channel.get("bindings").get("kafka");
        assertThat(kafka.get("partitions").asInt()).isEqualTo(definition.partitions());
        JsonNode settings = kafka.get("topicConfiguration");
        var told = new TreeSet<>(definition.config().keySet());
        told.removeAll(UNTOLD);
        assertThat(names(settings)).isEqualTo(told);
        told.forEach(name -> assertThat(
                        settings.get(name).isArray()
                                ? settings.get(name).get(0).asText()
                                : settings.get(name).asText())
                .as(name)
                .isEqualTo(definition.config().get(name)));
    }

    @Test
    void messages_areThoseOfTheSchema() {
        List<String> known = Frame.getDescriptor().getFile().getMessageTypes().stream()
                .map(Descriptor::getFullName)
                .toList();
        document.get("channels")
                .forEach(channel -> channel.get("messages").forEach(reference -> {
                    JsonNode message = referred(reference);
                    if (message.has("payload")) {
                        String schema = message.at("/payload/schema/$ref").asText();
                        assertThat(schema).startsWith("framecast.proto#");
                        assertThat(known).contains(schema.substring(schema.indexOf('#') + 1));
                        assertThat(names(referred(message.get("headers")).get("properties")))
                                .isEqualTo(RecordHeaders.of("Frame").stream()
                                        .map(header -> header.key())
                                        .collect(Collectors.toCollection(TreeSet::new)));
                    }
                }));
    }

    @Test
    void operations_haveAChannelEach() {
        document.get("operations").forEach(operation -> referred(operation.get("channel")));
        assertThat(document.get("operations")).hasSameSizeAs(document.get("channels"));
    }
}
