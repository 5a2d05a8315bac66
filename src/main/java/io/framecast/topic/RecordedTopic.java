package io.framecast.topic;

import io.framecast.forecast.Forecast;
import io.framecast.frame.Frame;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Topics as an archive: the frames that were captured in a time, and the forecasts made from frames of that time, as
 * far as the topics still keep them. Ends at what is there when it is called; never waits for more.
 */
public final class RecordedTopic {
    private static final Logger log = LoggerFactory.getLogger(RecordedTopic.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Map<String, String> TUNING = Map.of(
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            "500",
            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
            String.valueOf(8 << 20));

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
        try (var consumer = new AssignedConsumer(connection, TUNING)) {
            Map<TopicPartition, Long> ends = seek(consumer, kind);
            while (!ends.isEmpty()) {
                consumer.poll(
                        POLL,
                        ends,
                        record -> decoded(record, kind, decoder)
                                .filter(value -> !time.apply(value).isBefore(since)
                                        && time.apply(value).isBefore(until))
                                .ifPresent(reader));
            }
        } catch (KafkaException e) {
            throw new BrokerException(
                    BrokerException.Reason.UNREACHABLE,
                    "cannot read " + kind.title() + " from " + connection + ": " + e.getMessage(),
                    e);
        }
    }

    private static <T> Optional<T> decoded(ConsumerRecord<String, byte[]> record, TopicKind kind, Decoder<T> decoder) {
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

    /** Goes to the first record of the time in each partition, and returns where each ends. */
    private Map<TopicPartition, Long> seek(AssignedConsumer consumer, TopicKind kind) {
        List<TopicPartition> partitions = consumer.partitions(connection.topic(kind));
        consumer.kafka().assign(partitions);
        consumer.seek(partitions, since);
        return new HashMap<>(consumer.kafka().endOffsets(partitions));
    }
}
