package io.framecast.worker;

import io.framecast.topic.MalformedRecordException;
import io.framecast.topic.RecordHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Malformed records on their way to the dead-letter topic. Each is kept until the offsets that are committed pass it:
 * put aside earlier, a successor that resumes before it would put it aside again.
 */
final class DeadLetters {
    private static final int LONGEST_REASON = 500;

    private final String topic;
    private final RateLimitedLogger warnings;
    private final List<Letter> waiting = new ArrayList<>();

    DeadLetters(String topic, RateLimitedLogger warnings) {
        this.topic = topic;
        this.warnings = warnings;
    }

    /**
     * A record and where it came from.
     *
     * @param kind what is wrong with it
     */
    record Letter(
            TopicPartition partition,
            long offset,
            MalformedRecordException.Kind kind,
            ProducerRecord<byte[], byte[]> record) {
        boolean isPassedBy(Map<TopicPartition, OffsetAndMetadata> offsets) {
            OffsetAndMetadata next = offsets.get(partition);
            return next != null && offset < next.offset();
        }
    }

    void add(ConsumerRecord<byte[], byte[]> record, MalformedRecordException failure) {
        var origin = record.topic() + "/" + record.partition() + "/" + record.offset();
        String reason = printable(String.valueOf(failure.getMessage()));
        warnings.warn("bad record " + origin + " goes to " + topic + ": " + reason);
        var headers = List.of(RecordHeaders.header("reason", reason), RecordHeaders.header("origin", origin));
        waiting.add(new Letter(
                new TopicPartition(record.topic(), record.partition()),
                record.offset(),
                failure.kind(),
                new ProducerRecord<>(topic, null, record.key(), record.value(), headers)));
    }

    /** On one line and not too long: it may quote what a stranger wrote. */
    private static String printable(String text) {
        String cut = text.length() > LONGEST_REASON ? text.substring(0, LONGEST_REASON) + "..." : text;
        return cut.replaceAll("[^\\P{C}]", "?");
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    boolean anyPassedBy(Map<TopicPartition, OffsetAndMetadata> offsets) {
        return waiting.stream().anyMatch(letter -> letter.isPassedBy(offsets));
    }

    /** Takes out those that offsets pass. */
    List<Letter> takePassedBy(Map<TopicPartition, OffsetAndMetadata> offsets) {
        var passed =
                waiting.stream().filter(letter -> letter.isPassedBy(offsets)).toList();
        waiting.removeAll(passed);
        return passed;
    }

    void forget(TopicPartition partition) {
        waiting.removeIf(letter -> letter.partition().equals(partition));
    }
}
