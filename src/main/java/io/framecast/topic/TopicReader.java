package io.framecast.topic;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/** Reads topics for people to look at: every partition, committed records only, in no group. */
public final class TopicReader {
    private static final Logger log = LoggerFactory.getLogger(TopicReader.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration RECENT = Duration.ofMinutes(5);
    private static final Map<String, String> TUNING = Map.of(
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest",
            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "50",
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "50",
            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, String.valueOf(2 << 20));

    private final KafkaConnection connection;

    /** Reads on one cluster. */
    public TopicReader(KafkaConnection connection) {
        this.connection = connection;
    }

    /** Where to begin. */
    public enum Start {
        BEGINNING,
        /** Five minutes ago, by the records' times. */
        RECENT,
        END
    }

    /**
     * A record, undecoded.
     *
     * @param kind its topic
     * @param partition where it lies
     * @param offset its place there
     * @param key the camera's id, by right
     * @param value its bytes; none where a record takes back the earlier ones of its key, in the topic of cameras
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, from the consumer to a codec
    public record Found(TopicKind kind, int partition, long offset, String key, byte[] value) {
        /** Whether it takes back the earlier ones of its key. */
        public boolean isRemoval() {
            return kind == TopicKind.CAMERAS && value.length == 0;
        }
    }

    /**
     * Reads topics, each from where it says, until cancelled. One thread polls; while nothing is demanded it pauses the
     * partitions.
     */
    public Flux<Found> read(Map<TopicKind, Start> topics) {
        return read(topics, () -> {});
    }

    /**
     * Reads topics likewise.
     *
     * @param reached called on the reading thread when the topics have been found and reading begins
     * @return ends with an error when reading does, whatever the cause
     */
    public Flux<Found> read(Map<TopicKind, Start> topics, Runnable reached) {
        return read(topics, reached, () -> {});
    }

    /**
     * Reads topics likewise.
     *
     * @param caughtUp called on the reading thread when all records that were there at the start have been handed on
     */
    public Flux<Found> read(Map<TopicKind, Start> topics, Runnable reached, Runnable caughtUp) {
        return Flux.<Found>create(
                sink -> {
                    var stopped = new AtomicBoolean();
                    sink.onDispose(() -> stopped.set(true));
                    var thread = new Thread(() -> poll(topics, reached, caughtUp, sink, stopped), "topic-reader");
                    thread.setDaemon(true);
                    thread.start();
                },
                FluxSink.OverflowStrategy.BUFFER);
    }

    private void poll(
            Map<TopicKind, Start> topics,
            Runnable reached,
            Runnable caughtUp,
            FluxSink<Found> sink,
            AtomicBoolean stopped) {
        try (var consumer = new AssignedConsumer(connection, TUNING)) {
            Map<String, TopicKind> kinds = attach(consumer, topics);
            KafkaConsumer<String, byte[]> kafka = consumer.kafka();
            Map<TopicPartition, Long> ends = new HashMap<>(kafka.endOffsets(kafka.assignment()));
            boolean isBehind = true;
            reached.run();
            while (!stopped.get()) {
                boolean wanted = sink.requestedFromDownstream() > 0;
                if (wanted) {
                    kafka.resume(kafka.paused());
                } else {
                    kafka.pause(kafka.assignment());
                }
                for (ConsumerRecord<String, byte[]> record : kafka.poll(POLL)) {
                    emit(sink, kinds, record);
                }
                if (isBehind) {
                    ends.entrySet().removeIf(end -> kafka.position(end.getKey()) >= end.getValue());
                    isBehind = !ends.isEmpty();
                    if (!isBehind) {
                        caughtUp.run();
                    }
                }
            }
        } catch (KafkaException e) {
            sink.error(new BrokerException(
                    BrokerException.Reason.UNREACHABLE, "cannot read from " + connection + ": " + e.getMessage(), e));
        } catch (RuntimeException | Error broken) { // a reader must not wait forever
            sink.error(broken);
        } finally {
            log.debug("reader closed");
        }
    }

    private static void emit(
            FluxSink<Found> sink, Map<String, TopicKind> kinds, ConsumerRecord<String, byte[]> record) {
        TopicKind kind = kinds.get(record.topic());
        if (kind == null || (record.value() == null && kind != TopicKind.CAMERAS)) {
            return;
        }
        byte[] value = record.value() == null ? new byte[0] : record.value();
        sink.next(new Found(kind, record.partition(), record.offset(), String.valueOf(record.key()), value));
    }

    private Map<String, TopicKind> attach(AssignedConsumer consumer, Map<TopicKind, Start> topics) {
        var kinds = new HashMap<String, TopicKind>();
        var places = new EnumMap<Start, List<TopicPartition>>(Start.class);
        topics.forEach((kind, start) -> {
            String topic = connection.topic(kind);
            kinds.put(topic, kind);
            List<TopicPartition> partitions = consumer.partitions(topic);
            places.computeIfAbsent(start, key -> new ArrayList<>()).addAll(partitions);
        });
        List<TopicPartition> all =
                places.values().stream().flatMap(List::stream).toList();
        KafkaConsumer<String, byte[]> kafka = consumer.kafka();
        kafka.assign(all);
        places.forEach((start, partitions) -> {
            switch (start) {
                case BEGINNING -> kafka.seekToBeginning(partitions);
                case RECENT -> consumer.seek(partitions, Instant.now().minus(RECENT));
                case END -> kafka.seekToEnd(partitions);
            }
        });
        all.forEach(kafka::position);
        return kinds;
    }
}
