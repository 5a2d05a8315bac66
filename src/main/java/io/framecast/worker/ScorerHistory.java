package io.framecast.worker;

import io.framecast.forecast.ForecastScore;
import io.framecast.forecast.FrameSurprise;
import io.framecast.forecast.SurprisingStretch;
import io.framecast.score.Surprise;
import io.framecast.topic.AssignedConsumer;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.MalformedRecordException;
import io.framecast.topic.ScoreCodec;
import io.framecast.topic.SurpriseCodec;
import io.framecast.topic.TopicKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What scorers before said of some partitions, read back so that the next one goes on from there. */
final class ScorerHistory {
    private static final Logger log = LoggerFactory.getLogger(ScorerHistory.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Map<String, String> TUNING = Map.of(
            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "50",
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "2000");

    /** Longer than a transaction that nobody ends. */
    private static final Duration LONGEST = Duration.ofSeconds(20);

    /** Records of a partition that are read: all that surprise remembers of four cameras, or less of more. */
    private static final long BACK = 4L * Surprise.MEMORY;

    /** The same of scores, of which the newest of each camera and model counts. */
    private static final long SCORES_BACK = 500;

    private final KafkaConnection connection;

    ScorerHistory(KafkaConnection connection) {
        this.connection = connection;
    }

    /** Takes what was said, in order. */
    interface Reader {
        void frame(int partition, FrameSurprise frame);

        /** Comes after all frames. */
        void stretch(int partition, SurprisingStretch stretch);

        void score(int partition, ForecastScore score);
    }

    /**
     * Reads back until nothing is left, transactions under way included: their outcome is waited for.
     *
     * @throws TimeoutException if that takes too long
     */
    void read(Collection<Integer> partitions, Reader reader) {
        String surprise = connection.topic(TopicKind.SURPRISE);
        String stretches = connection.topic(TopicKind.STRETCHES);
        readTo(
                surprise,
                partitions,
                BACK,
                record -> reader.frame(record.partition(), SurpriseCodec.frame(record.value())));
        readTo(
                stretches,
                partitions,
                BACK,
                record -> reader.stretch(record.partition(), SurpriseCodec.stretch(record.value())));
        readTo(
                connection.topic(TopicKind.SCORES),
                partitions,
                SCORES_BACK,
                record -> reader.score(record.partition(), ScoreCodec.score(record.value())));
    }

    /** What is done with a record. */
    @FunctionalInterface
    private interface Taker {
        void take(ConsumerRecord<String, byte[]> record) throws MalformedRecordException;
    }

    private void readTo(String topic, Collection<Integer> partitions, long back, Taker taker) {
        var places = partitions.stream()
                .map(partition -> new TopicPartition(topic, partition))
                .toList();
        try (var consumer = new AssignedConsumer(connection, TUNING)) {
            Map<TopicPartition, Long> ends = ends(places);
            consumer.kafka().assign(places);
            consumer.kafka()
                    .beginningOffsets(places)
                    .forEach((place, first) ->
                            consumer.kafka().seek(place, Math.max(first, ends.getOrDefault(place, first) - back)));
            Instant deadline = Instant.now().plus(LONGEST);
            while (!ends.isEmpty()) {
                if (Instant.now().isAfter(deadline)) {
                    throw new TimeoutException(topic + " could not be read back within " + LONGEST.toSeconds() + " s");
                }
                consumer.poll(POLL, ends, record -> take(record, taker));
            }
        }
    }

    private static void take(ConsumerRecord<String, byte[]> record, Taker taker) {
        try {
            taker.take(record);
        } catch (MalformedRecordException e) {
            log.debug("not read back: {}", e.getMessage());
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
