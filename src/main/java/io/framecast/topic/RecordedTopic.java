package io.framecast.topic;

import io.framecast.forecast.Forecast;
import io.framecast.frame.Frame;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
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

/**
 * Topics as an archive: the frames that were captured in a time, and the forecasts made from frames of that time, as
 * far as the topics still keep them. Ends at what is there when it is called; never waits for more.
 */
public final class RecordedTopic {
    private static final Logger log = LoggerFactory.getLogger(RecordedTopic.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final KafkaConnection connection;
    private final Instant since;
    private final Instant until;

    /**
     * Prepares to read.
     *
     * @param since the first capture time that counts
     * @param until the first that no longer counts
     */
    public RecordedTopic(KafkaConnection connection, Instant since, Instant until) {
        this.connection = connection;
        this.since = since;
        this.until = until;
    }

    /**
     * Reads the frames; those of one camera come in the order they were captured in.
     *
     * @param reader takes each frame; what it throws ends the reading
     * @throws BrokerException if the topic cannot be read
     */
    public void frames(Consumer<Frame> reader) {
        read(TopicKind.FRAMES, FrameCodec::decode, Frame::captureTime, reader);
    }

    /**
     * Reads the forecasts; those of one camera come in the order they were made in.
     *
     * @param reader takes each forecast; what it throws ends the reading
     * @throws BrokerException if the topic cannot be read
     */
    public void forecasts(Consumer<Forecast> reader) {
        read(
                TopicKind.FORECASTS,
                ForecastCodec::decode,
                forecast -> forecast.origin().time(),
                reader);
    }

    /** What makes a value of a record's bytes. */
    @FunctionalInterface
    private interface Decoder<T> {
        T decode(byte[] bytes) throws MalformedRecordException;
    }

    private <T> void read(TopicKind kind, Decoder<T> decoder, Function<T, Instant> time, Consumer<T> reader) {
        try (var consumer = new OpenConsumer(newConsumer())) {
            Map<TopicPartition, Long> ends = seek(consumer.kafka(), kind);
            while (!ends.isEmpty()) {
                for (ConsumerRecord<String, byte[]> record : consumer.kafka().poll(POLL)) {
                    decoded(record, kind, decoder)
                            .filter(value -> !time.apply(value).isBefore(since)
                                    && time.apply(value).isBefore(until))
                            .ifPresent(reader);
                }
                ends.entrySet().removeIf(end -> consumer.kafka().position(end.getKey()) >= end.getValue());
                consumer.kafka().pause(finished(consumer.kafka(), ends));
            }
        } catch (KafkaException e) {
            throw new BrokerException(
                    BrokerException.Reason.UNREACHABLE,
                    "cannot read " + kind.title() + " from " + connection + ": " + e.getMessage(),
                    e);
        }
    }

    private static <T> Optional<T> decoded(ConsumerRecord<String, byte[]> record, TopicKind kind, Decoder<T> decoder) {
        if (record.value() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(decoder.decode(record.value()));
        } catch (MalformedRecordException e) { // as for a predictor: nothing else is lost by it
            log.warn(
                    "record {}/{}/{} is none of {}: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    kind.title(),
                    e.getMessage());
            return Optional.empty();
        }
    }

    /** Closes within a bounded time. */
    private record OpenConsumer(KafkaConsumer<String, byte[]> kafka) implements AutoCloseable {
        @Override
        public void close() {
            kafka.close(CloseOptions.timeout(CLOSE));
        }
    }

    private static List<TopicPartition> finished(
            KafkaConsumer<String, byte[]> consumer, Map<TopicPartition, Long> ends) {
        return consumer.assignment().stream()
                .filter(partition -> !ends.containsKey(partition))
                .toList();
    }

    /** Goes to the first record of the time in each partition, and returns where those with any end. */
    private Map<TopicPartition, Long> seek(KafkaConsumer<String, byte[]> consumer, TopicKind kind) {
        var partitions = new ArrayList<TopicPartition>();
        String topic = connection.topic(kind);
        consumer.partitionsFor(topic).forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
        consumer.assign(partitions);
        var times = new HashMap<TopicPartition, Long>();
        partitions.forEach(partition -> times.put(partition, Math.max(0, since.toEpochMilli())));
        Map<TopicPartition, OffsetAndTimestamp> starts = consumer.offsetsForTimes(times);
        var ends = new HashMap<TopicPartition, Long>();
        consumer.endOffsets(partitions).forEach((partition, end) -> {
            OffsetAndTimestamp start = starts.get(partition);
            long from = start == null ? end : start.offset();
            consumer.seek(partition, from);
            if (from < end) {
                ends.put(partition, end);
            }
        });
        return ends;
    }

    private KafkaConsumer<String, byte[]> newConsumer() {
        return new KafkaConsumer<>(
                connection.with(Map.of(
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "500",
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, String.valueOf(8 << 20))),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }
}
