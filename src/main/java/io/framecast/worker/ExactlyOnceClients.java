package io.framecast.worker;

import java.time.Duration;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A group's consumer, and the producer whose transactions carry the consumer's offsets: what a killed worker had not
 * committed it never did, and a worker that was thought dead cannot commit any more (KIP-447). For one thread, but for
 * {@link #abandon}.
 */
final class ExactlyOnceClients implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ExactlyOnceClients.class);
    private static final Duration BACK_OFF = Duration.ofMillis(500);
    private static final Duration LEAVE = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final WorkerConfig config;
    private final Map<String, Object> producing;
    private final BooleanSupplier stopping;
    private final SparingLog warnings;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private volatile KafkaProducer<byte[], byte[]> producer;
    private String transactionalId;

    /**
     * Makes the clients; nothing is sent or read yet.
     *
     * @param config names and cluster
     * @param consuming properties of the consumer beside those that exactly once wants
     * @param producing properties of the producer likewise
     * @param stopping whether waiting for Kafka is to end
     * @param warnings takes what it waits for
     */
    ExactlyOnceClients(
            WorkerConfig config,
            Map<String, Object> consuming,
            Map<String, Object> producing,
            BooleanSupplier stopping,
            SparingLog warnings) {
        this.config = config;
        this.producing = producing;
        this.stopping = stopping;
        this.warnings = warnings;
        transactionalId = config.transactionalId();
        consumer = newConsumer(consuming);
        producer = newProducer();
    }

    private KafkaConsumer<byte[], byte[]> newConsumer(Map<String, Object> consuming) {
        var properties = new HashMap<String, Object>(consuming);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, config.group());
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, config.fromBeginning() ? "earliest" : "latest");
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, "10000");
        properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, "1000");
        return new KafkaConsumer<>(
                config.connection().with(properties), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private KafkaProducer<byte[], byte[]> newProducer() {
        var properties = new HashMap<String, Object>(producing);
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, "10000");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "10000");
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "8000");
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");
        return new KafkaProducer<>(
                config.connection().with(properties), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** The consumer, of committed records only. */
    KafkaConsumer<byte[], byte[]> consumer() {
        return consumer;
    }

    /**
     * Ends what a predecessor of the same transactional id left open; before the first commit.
     *
     * @throws KafkaException if Kafka did not answer until the worker was to stop
     */
    void introduce() {
        retrying(producer::initTransactions);
    }

    /**
     * Commits records and offsets together.
     *
     * @throws KafkaException if neither was committed; then {@link #startAgain}
     */
    @SuppressWarnings("FutureReturnValueIgnored") // a failed send fails the commit
    void commit(List<ProducerRecord<byte[], byte[]>> records, Map<TopicPartition, OffsetAndMetadata> offsets) {
        producer.beginTransaction();
        records.forEach(producer::send);
        // Flushing first keeps the offsets from racing the records to the coordinator: 3 ms instead of 30.
        producer.flush();
        producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
        producer.commitTransaction();
    }

    /**
     * Takes a new producer after a failed transaction: the cluster aborts what the old one had begun when the new one
     * introduces itself. One that was fenced takes an id of its own: with the same it would fence the worker that has
     * it now, as one on a copy of the data directory, and be fenced back, for ever. Its own transaction was aborted.
     */
    void startAgain(KafkaException failure) {
        producer.close(Duration.ZERO);
        if (isFenced(failure)) {
            transactionalId = config.transactionalId() + "." + UUID.randomUUID();
            log.warn("another worker goes by the name of this one, or took its place; it goes on by another name");
        }
        producer = newProducer();
        introduce();
    }

    private static boolean isFenced(Throwable failure) {
        return failure instanceof ProducerFencedException
                || failure instanceof InvalidProducerEpochException
                || (failure.getCause() != null && isFenced(failure.getCause()));
    }

    /** Waits a moment after a failure. */
    static void backOff() {
        LockSupport.parkNanos(BACK_OFF.toNanos());
    }

    /**
     * Does something again and again until Kafka lets it.
     *
     * @throws KafkaException the last failure, when the worker is to stop
     */
    void retrying(Runnable action) {
        while (true) {
            try {
                action.run();
                return;
            } catch (KafkaException e) {
                if (stopping.getAsBoolean()) {
                    throw e;
                }
                warnings.warn("waiting for Kafka: " + e.getMessage());
                backOff();
            }
        }
    }

    /** Whether all of the worker's partitions are read up to some offsets; not if there are none yet. */
    boolean hasRead(@Nullable Map<TopicPartition, Long> end) {
        return end != null
                && end.entrySet().stream()
                        .allMatch(entry -> !consumer.assignment().contains(entry.getKey())
                                || consumer.position(entry.getKey()) >= entry.getValue());
    }

    /** Leaves the group at once, from any thread, while the worker's own is busy elsewhere; it commits no more. */
    void abandon() {
        producer.close(Duration.ZERO);
        try {
            consumer.close(CloseOptions.timeout(LEAVE));
        } catch (ConcurrentModificationException e) {
            log.debug("the worker is using it, so it ends by itself");
        }
    }

    @Override
    public void close() {
        producer.close(CLOSE);
        consumer.close(CloseOptions.timeout(CLOSE));
    }
}
