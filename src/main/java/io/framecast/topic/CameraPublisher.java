package io.framecast.topic;

import io.framecast.frame.CameraId;
import io.framecast.frame.CameraStatus;
import io.framecast.frame.Frame;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Publishes what cameras give: frames and states, keyed by camera, acknowledged by all replicas. */
public final class CameraPublisher implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(3);

    private final KafkaProducer<String, byte[]> producer;
    private final String frames;
    private final String cameras;
    private final CaptureProcess process = CaptureProcess.here(Instant.now());
    private final AtomicLong underWay = new AtomicLong();
    private volatile Optional<String> refusal = Optional.empty();
    private volatile long answered;

    /** Opens one producer for all cameras of this process. */
    public CameraPublisher(KafkaConnection connection) {
        frames = connection.topic(TopicKind.FRAMES);
        cameras = connection.topic(TopicKind.CAMERAS);
        producer = new KafkaProducer<>(
                connection.with(Map.of(
                        ProducerConfig.ACKS_CONFIG, "all",
                        ProducerConfig.LINGER_MS_CONFIG, "0",
                        ProducerConfig.BATCH_SIZE_CONFIG, String.valueOf(256 << 10),
                        ProducerConfig.BUFFER_MEMORY_CONFIG, String.valueOf(64L << 20),
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                                "60000", // a client that lost all brokers asks anew for topics
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "60000",
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "10000")),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /**
     * Publishes a frame.
     *
     * @return completes when the cluster has it; fails with {@link BrokerException} if that takes over a minute
     */
    public Mono<Frame> publish(Frame frame) {
        return send(
                        frames,
                        frame.camera().value(),
                        frame.captureTime().toEpochMilli(),
                        FrameCodec.encode(frame),
                        "Frame")
                .thenReturn(frame);
    }

    /** This process, as its status records name it. */
    public CaptureProcess process() {
        return process;
    }

    /** Publishes the state of a camera that has no model of its own. */
    public Mono<CameraStatus> publish(CameraStatus status) {
        return publish(status, "");
    }

    /**
     * Publishes a camera's state.
     *
     * @param model the name of the camera's own model; empty if it has none
     */
    public Mono<CameraStatus> publish(CameraStatus status, String model) {
        return send(
                        cameras,
                        status.camera().value(),
                        System.currentTimeMillis(),
                        CameraStatusCodec.encode(status, process, model),
                        "CameraStatus")
                .thenReturn(status);
    }

    /** Takes a camera's state out of its topic, because it is a camera no more. */
    public Mono<Void> remove(CameraId camera) {
        return send(cameras, camera.value(), System.currentTimeMillis(), null, "CameraStatus");
    }

    private Mono<Void> send(String topic, String key, long timestamp, byte @Nullable [] value, String message) {
        List<Header> headers = RecordHeaders.of(message);
        var record = new ProducerRecord<>(topic, null, timestamp, key, value, headers);
        return Mono.create(sink -> {
            if (underWay.getAndIncrement() == 0) {
                answered = System.nanoTime();
            }
            try {
                var unused = producer.send(record, (metadata, failure) -> {
                    underWay.decrementAndGet();
                    if (failure == null) {
                        answered = System.nanoTime();
                        refusal = Optional.empty();
                        sink.success();
                    } else {
                        sink.error(failed(topic, failure));
                    }
                });
            } catch (KafkaException | IllegalStateException e) { // the latter when it is closed
                underWay.decrementAndGet();
                sink.error(failed(topic, e));
            }
        });
    }

    /** How long records have been waiting without one of them being acknowledged; zero if none waits. */
    public Duration unanswered() {
        return underWay.get() == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - answered);
    }

    /** Why the cluster refused the newest record that it answered, in a sentence; empty if it took it. */
    public Optional<String> refusal() {
        return refusal;
    }

    private BrokerException failed(String topic, Exception e) {
        if (e instanceof TopicAuthorizationException) {
            String words = "takes no records for " + topic + ": this user may not write there ('framecast topics acls'"
                    + " prints the rights it needs), or the disk of an embedded broker is full";
            refusal = Optional.of(words);
            return new BrokerException(BrokerException.Reason.REFUSED, "Kafka " + words, e);
        }
        return new BrokerException(
                BrokerException.Reason.UNREACHABLE, "cannot publish to " + topic + ": " + e.getMessage(), e);
    }

    /** Sends what is still buffered, for at most 3 seconds. */
    @Override
    public void close() {
        producer.close(CLOSE);
    }
}
