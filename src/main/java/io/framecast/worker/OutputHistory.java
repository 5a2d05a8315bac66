package io.framecast.worker;

import io.framecast.frame.Ticker;
import io.framecast.topic.AssignedConsumer;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.MalformedRecordException;
import io.framecast.topic.TopicKind;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads back what workers before published, so that the next one goes on from there. */
final class OutputHistory {
    private static final Logger log = LoggerFactory.getLogger(OutputHistory.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Map<String, String> TUNING = Map.of(
            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "50",
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "2000");

    /** Longer than a transaction that nobody ends. */
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private final KafkaConnection connection;
    private final Ticker ticker;

    OutputHistory(KafkaConnection connection, Ticker ticker) {
        this.connection = connection;
        this.ticker = ticker;
    }

    /**
     * Restores partitions of a processor. Transactions under way are waited for, as their outcome counts.
     *
     * @throws TimeoutException if that takes too long
     */
    <O> void restore(Wiring.History<O> history, Collection<Integer> partitions, Processor<?, O> processor) {
        TopicKind kind = history.topic();
        var places = partitions.stream()
                .map(partition -> new TopicPartition(connection.topic(kind), partition))
                .toList();
        try (var consumer = new AssignedConsumer(connection, TUNING)) {
            Map<TopicPartition, Long> ends = ends(places);
            consumer.kafka().assign(places);
            consumer.kafka()
                    .beginningOffsets(places)
                    .forEach((place, first) -> consumer.kafka()
                            .seek(place, Math.max(first, ends.getOrDefault(place, first) - history.records())));
            long begun = ticker.nanos();
            while (!ends.isEmpty()) {
                if (ticker.since(begun).compareTo(LONGEST) > 0) {
                    throw new TimeoutException(
                            kind.title() + " could not be read back within " + LONGEST.toSeconds() + " s");
                }
                consumer.poll(POLL, ends, record -> restore(history, record, processor));
            }
        }
    }

    private static <O> void restore(
            Wiring.History<O> history, ConsumerRecord<String, byte[]> record, Processor<?, O> processor) {
        try {
            processor.restore(record.partition(), history.decoder().decode(record.key(), record.value()));
        } catch (MalformedRecordException malformed) {
            log.debug("not read back: {}", malformed.getMessage());
        }
    }

    /** Where partitions end, with what is not committed yet. */
    private Map<TopicPartition, Long> ends(Collection<TopicPartition> places) {
        try (var consumer =
                new AssignedConsumer(connection, Map.of(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted"))) {
            return new HashMap<>(consumer.kafka().endOffsets(places));
        }
    }
}
