package io.framecast.topic;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A consumer that says itself which partitions it reads, is in no group and commits nothing. It reads committed records
 * only, unless told otherwise, and closes within a bounded time. For one thread.
 */
public final class AssignedConsumer implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final KafkaConnection connection;
    private final KafkaConsumer<String, byte[]> kafka;

    /**
     * Opens it.
     *
     * @param tuning client properties, over the usual ones
     */
    public AssignedConsumer(KafkaConnection connection, Map<String, String> tuning) {
        this.connection = connection;
        var properties = new HashMap<String, Object>(Map.of(
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"));
        properties.putAll(tuning);
        kafka = new KafkaConsumer<>(connection.with(properties), new StringDeserializer(), new ByteArrayDeserializer());
    }

    /** Kafka's own, for what is not here. */
    public KafkaConsumer<String, byte[]> kafka() {
        return kafka;
    }

    /**
     * Every partition of a topic.
     *
     * @throws BrokerException if there is no such topic, or this user may not read it
     */
    public List<TopicPartition> partitions(String topic) {
        List<TopicPartition> partitions = find(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        if (partitions.isEmpty()) {
            throw TopicAccess.missing(connection, Set.of(topic));
        }
        return partitions;
    }

    private List<PartitionInfo> find(String topic) {
        try {
            return kafka.partitionsFor(topic);
        } catch (TopicAuthorizationException e) {
            throw TopicAccess.denied(connection, Set.of("READ on " + topic));
        }
    }

    /**
     * Goes to the first record of a time in each partition, or to its end where there is none. What comes meanwhile is
     * not skipped: the end is asked for first.
     *
     * @param partitions that are assigned
     */
    void seek(Collection<TopicPartition> partitions, Instant time) {
        var times = new HashMap<TopicPartition, Long>();
        partitions.forEach(partition -> times.put(partition, Math.max(0, time.toEpochMilli())));
        Map<TopicPartition, Long> ends = kafka.endOffsets(partitions);
        Map<TopicPartition, OffsetAndTimestamp> found = kafka.offsetsForTimes(times);
        ends.forEach((partition, end) -> {
            OffsetAndTimestamp first = found.get(partition);
            kafka.seek(partition, first == null ? end : first.offset());
        });
    }

    /**
     * Polls once, on the way to where each partition shall end.
     *
     * @param ends offsets; those that are reached are taken out, and their partitions read no further
     * @param reader takes each record that has a value
     */
    public void poll(
            Duration longest, Map<TopicPartition, Long> ends, Consumer<ConsumerRecord<String, byte[]>> reader) {
        ends.entrySet().removeIf(end -> kafka.position(end.getKey()) >= end.getValue());
        kafka.pause(kafka.assignment().stream()
                .filter(partition -> !ends.containsKey(partition))
                .toList());
        if (ends.isEmpty()) {
            return;
        }
        for (ConsumerRecord<String, byte[]> record : kafka.poll(longest)) {
            if (record.value() != null) {
                reader.accept(record);
            }
        }
    }

    @Override
    public void close() {
        kafka.close(CloseOptions.timeout(CLOSE));
    }
}
