package io.framecast.topic;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/** Reads topics for people to look at: every partition, committed records only, in no group. */
public final class TopicReader {
    private static final Logger log = LoggerFactory.getLogger(TopicReader.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration RECENT = Duration.ofMinutes(5);
    private static final Duration CLOSE = Duration.ofSeconds(2);

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
     * @param value its bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, from the consumer to a codec
    public record Found(TopicKind kind, int partition, long offset, String key, byte[] value) {}

    /**
     * Reads topics, each from where it says, until cancelled. One thread polls; while nothing is demanded it pauses the
     * partitions.
     */
    public Flux<Found> read(Map<TopicKind, Start> topics) {
        return Flux.<Found>create(
                sink -> {
                    var stopped = new AtomicBoolean();
                    sink.onDispose(() -> stopped.set(true));
                    var thread = new Thread(() -> poll(topics, sink, stopped), "topic-reader");
                    thread.setDaemon(true);
                    thread.start();
                },
                FluxSink.OverflowStrategy.BUFFER);
    }

    private void poll(Map<TopicKind, Start> topics, FluxSink<Found> sink, AtomicBoolean stopped) {
        var consumer = newConsumer();
        try {
            Map<String, TopicKind> kinds = attach(consumer, topics);
            while (!stopped.get()) {
                boolean wanted = sink.requestedFromDownstream() > 0;
                if (wanted) {
                    consumer.resume(consumer.paused());
                } else {
                    consumer.pause(consumer.assignment());
                }
                for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                    emit(sink, kinds, record);
                }
            }
        } catch (KafkaException e) {
            sink.error(new BrokerException(
                    BrokerException.Reason.UNREACHABLE, "cannot read from " + connection + ": " + e.getMessage(), e));
        } finally {
            consumer.close(CloseOptions.timeout(CLOSE));
            log.debug("reader closed");
        }
    }

    private static void emit(
            FluxSink<Found> sink, Map<String, TopicKind> kinds, ConsumerRecord<String, byte[]> record) {
        TopicKind kind = kinds.get(record.topic());
        if (kind != null && record.value() != null) {
            sink.next(
                    new Found(kind, record.partition(), record.offset(), String.valueOf(record.key()), record.value()));
        }
    }

    private Map<String, TopicKind> attach(KafkaConsumer<String, byte[]> consumer, Map<TopicKind, Start> topics) {
        var kinds = new HashMap<String, TopicKind>();
        var fromBeginning = new ArrayList<TopicPartition>();
        var fromEnd = new ArrayList<TopicPartition>();
        var recent = new ArrayList<TopicPartition>();
        topics.forEach((kind, start) -> {
            String topic = connection.topic(kind);
            kinds.put(topic, kind);
            Collection<TopicPartition> into = switch (start) {
                case BEGINNING -> fromBeginning;
                case RECENT -> recent;
                case END -> fromEnd;
            };
            consumer.partitionsFor(topic).forEach(info -> into.add(new TopicPartition(topic, info.partition())));
        });
        List<TopicPartition> all = new ArrayList<>(fromBeginning);
        all.addAll(fromEnd);
        all.addAll(recent);
        consumer.assign(all);
        // An empty list would mean all partitions.
        if (!fromBeginning.isEmpty()) {
            consumer.seekToBeginning(fromBeginning);
        }
        if (!fromEnd.isEmpty()) {
            consumer.seekToEnd(fromEnd);
        }
        seekTo(consumer, recent, Instant.now().minus(RECENT));
        all.forEach(consumer::position);
        return kinds;
    }

    private static void seekTo(KafkaConsumer<String, byte[]> consumer, List<TopicPartition> partitions, Instant time) {
        var times = new HashMap<TopicPartition, Long>();
        partitions.forEach(partition -> times.put(partition, time.toEpochMilli()));
        Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(times);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        partitions.forEach(partition -> {
            OffsetAndTimestamp first = found.get(partition);
            consumer.seek(partition, first == null ? ends.getOrDefault(partition, 0L) : first.offset());
        });
    }

    private KafkaConsumer<String, byte[]> newConsumer() {
        return new KafkaConsumer<>(
                connection.with(Map.of(
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest",
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "50",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "50",
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, String.valueOf(2 << 20))),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }
}
