package io.framecast.topic;

import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends bytes as they are: what a broken program might put in a topic. */
public final class RawPublisher implements AutoCloseable {
    private final KafkaConnection connection;
    private final KafkaProducer<String, byte[]> producer;

    /** Publishes to one cluster. */
    public RawPublisher(KafkaConnection connection) {
        this.connection = connection;
        producer = new KafkaProducer<>(
                connection.with(Map.of(ProducerConfig.ACKS_CONFIG, "all", ProducerConfig.LINGER_MS_CONFIG, "0")),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /**
     * Sends a record, without waiting for it.
     *
     * @param key decides the partition, as a camera's id does
     */
    public void publish(TopicKind kind, String key, byte[] value) {
        var unused = producer.send(new ProducerRecord<>(connection.topic(kind), key, value));
    }

    /** Waits for what is under way. */
    @Override
    public void close() {
        producer.close();
    }
}
