package io.framecast.node;

import io.framecast.topic.AssignedConsumer;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.MalformedRecordException;
import io.framecast.topic.TopicKind;
import io.framecast.worker.Wiring.Decoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Everything that is committed in a topic now, read to its end: what comes late or twice is seen. */
final class TopicContents {
    private TopicContents() {}

    static <T> List<T> of(KafkaConnection kafka, TopicKind kind, Decoder<T> decoder) {
        var all = new ArrayList<T>();
        try (var consumer = new AssignedConsumer(kafka, Map.of())) {
            var partitions = consumer.partitions(kafka.topic(kind));
            consumer.kafka().assign(partitions);
            consumer.kafka().seekToBeginning(partitions);
            var ends = new HashMap<>(consumer.kafka().endOffsets(partitions));
            while (!ends.isEmpty()) {
                consumer.poll(Duration.ofMillis(100), ends, record -> all.add(decode(decoder, record.value())));
            }
        }
        return all;
    }

    private static <T> T decode(Decoder<T> decoder, byte[] value) {
        try {
            return decoder.decode("", value);
        } catch (MalformedRecordException malformed) {
            throw new IllegalStateException(malformed);
        }
    }
}
