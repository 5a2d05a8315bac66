package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.framecast.topic.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What any Kafka client finds in a topic: committed records, from the first to the last. */
final class TopicRecords {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private TopicRecords() {}

    /** Starts the broker of a data directory again, and reads one topic whole. */
    static List<ConsumerRecord<String, byte[]>> in(Path dataDirectory, String topic) {
        return in(dataDirectory, List.of(topic)).getOrDefault(topic, List.of());
    }

    /** Starts the broker of a data directory again, and reads topics whole, by their names. */
    static Map<String, List<ConsumerRecord<String, byte[]>>> in(Path dataDirectory, List<String> topics) {
        try (var broker = EmbeddedBroker.start(dataDirectory.resolve("kafka"), 0)) {
            return topics.stream().collect(Collectors.toMap(topic -> topic, topic -> at(broker.bootstrap(), topic)));
        }
    }

    /** Reads one topic whole. */
    static List<ConsumerRecord<String, byte[]>> at(String bootstrap, String topic) {
        Map<String, Object> properties = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed");
        try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            return toEnd(consumer, consumer.endOffsets(partitions));
        }
    }

    private static List<ConsumerRecord<String, byte[]>> toEnd(
            KafkaConsumer<String, byte[]> consumer, Map<TopicPartition, Long> end) {
        var records = new ArrayList<ConsumerRecord<String, byte[]>>();
        Instant deadline = Instant.now().plus(DEADLINE);
        while (end.entrySet().stream().anyMatch(last -> consumer.position(last.getKey()) < last.getValue())) {
            assertThat(Instant.now()).as("reading to the end").isBefore(deadline);
            consumer.poll(Duration.ofMillis(200)).forEach(records::add);
        }
        return records;
    }
}
