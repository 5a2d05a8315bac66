package io.framecast.topic;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads single records again, by where they are. Safe for any number of threads, one of which reads at a time. */
public final class RecordLookup implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RecordLookup.class);
    private static final Duration LONGEST = Duration.ofMillis(300);
    private static final Map<String, String> TUNING = Map.of(
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none",
            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "50",
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "1",
            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, String.valueOf(64 << 10)); // a larger record comes alone

    private final KafkaConnection connection;
    private @Nullable AssignedConsumer consumer;

    /** Reads on one cluster; connects when it is first asked. */
    public RecordLookup(KafkaConnection connection) {
        this.connection = connection;
    }

    /** The value of a record; empty if it has gone, or cannot be read within some tenths of a second. */
    public synchronized Optional<byte[]> read(TopicKind kind, int partition, long offset) {
        var place = new TopicPartition(connection.topic(kind), partition);
        try {
            if (consumer == null) {
                consumer = new AssignedConsumer(connection, TUNING);
            }
            consumer.kafka().assign(List.of(place));
            consumer.kafka().seek(place, offset);
            for (ConsumerRecord<String, byte[]> record : consumer.kafka().poll(LONGEST)) {
                if (record.offset() == offset) {
                    return Optional.ofNullable(record.value());
                }
            }
        } catch (KafkaException gone) {
            log.debug("no record {} of {}", offset, place, gone);
        }
        return Optional.empty();
    }

    @Override
    public synchronized void close() {
        if (consumer != null) {
            consumer.close();
            consumer = null;
        }
    }
}
