package io.framecast.topic;

import io.framecast.frame.CameraPicture;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Publishes pictures for people to look at, keyed by camera. By a producer of its own, so that it never keeps frames
 * waiting; what cannot be published soon is lost, and the first time that happens it is told.
 */
public final class PicturePublisher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PicturePublisher.class);

    private final KafkaProducer<String, byte[]> producer;
    private final String topic;
    private final AtomicBoolean isTold = new AtomicBoolean();

    /** Opens one producer for all cameras of this process. */
    public PicturePublisher(KafkaConnection connection) {
        topic = connection.topic(TopicKind.PICTURES);
        producer = new KafkaProducer<>(
                connection.with(Map.of(
                        ProducerConfig.ACKS_CONFIG, "1",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "false",
                        ProducerConfig.RETRIES_CONFIG, "0",
                        ProducerConfig.LINGER_MS_CONFIG, "50", // those of many cameras in one request
                        ProducerConfig.BUFFER_MEMORY_CONFIG, String.valueOf(16L << 20),
                        ProducerConfig.MAX_BLOCK_MS_CONFIG, "1000",
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "6000",
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000")),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** Publishes a picture; completes when the cluster has it or it is lost. May block for a second. */
    public Mono<Void> publish(CameraPicture picture) {
        return Mono.create(sink -> {
            var record = new ProducerRecord<>(
                    topic,
                    null,
                    picture.captureTime().toEpochMilli(),
                    picture.camera().value(),
                    PictureCodec.encode(picture),
                    RecordHeaders.of("CameraPicture"));
            try {
                var unused = producer.send(record, (metadata, failure) -> {
                    if (failure != null) {
                        lost(failure);
                    }
                    sink.success();
                });
            } catch (KafkaException | IllegalStateException e) { // the latter when it is closed
                lost(e);
                sink.success();
            }
        });
    }

    private void lost(Exception why) {
        if (isTold.compareAndSet(false, true)) {
            log.warn("pictures are lost, so views show small ones: cannot publish to {}: {}", topic, why.getMessage());
        }
    }

    /** Gives up what is still under way. */
    @Override
    public void close() {
        isTold.set(true); // what is lost from now on was given up
        producer.close(Duration.ZERO);
    }
}
