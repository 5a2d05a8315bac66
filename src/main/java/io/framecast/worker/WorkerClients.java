package io.framecast.worker;

import java.util.HashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes a worker's clients. */
interface WorkerClients {
    /** A consumer in the worker's group. */
    Consumer<byte[], byte[]> consumer();

    /** A producer with an id; the one that had it before is fenced. */
    Producer<byte[], byte[]> producer(String transactionalId);

    /** Kafka's. */
    static WorkerClients of(WorkerConfig config) {
        return new WorkerClients() {
            @Override
            public Consumer<byte[], byte[]> consumer() {
                return WorkerClients.consumer(config);
            }

            @Override
            public Producer<byte[], byte[]> producer(String transactionalId) {
                return WorkerClients.producer(config, transactionalId);
            }
        };
    }

    private static Consumer<byte[], byte[]> consumer(WorkerConfig config) {
        var tuning = config.tuning();
        var properties = new HashMap<String, Object>();
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, config.group());
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, config.fromBeginning() ? "earliest" : "latest");
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, "10000");
        properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, "1000");
        // Longer than a batch takes. A group waits for as long, at most, for members that do not join again: brokers
        // killed under load have been seen to keep dead members beyond their sessions.
        properties.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, "60000");
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "100");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, String.valueOf(tuning.pollRecords()));
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, String.valueOf(tuning.fetchBytes()));
        properties.put(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                switch (tuning.sharing()) {
                    case STICKY -> CooperativeStickyAssignor.class.getName();
                    case CO_PARTITIONED -> RangeAssignor.class.getName();
                });
        return new KafkaConsumer<>(
                config.connection().with(properties), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static Producer<byte[], byte[]> producer(WorkerConfig config, String transactionalId) {
        var properties = new HashMap<String, Object>();
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, "10000");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        // A broker may still be ending the transaction before and refuse a request for a moment; one that is under way
        // behind it would come out of order, which the broker reports as an error.
        properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "10000");
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "8000");
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, String.valueOf(512 << 10));
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, String.valueOf(64L << 20));
        // A dead letter is a record of the largest size, with the reason in its headers.
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, String.valueOf(4 << 20));
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        properties.put("compression.zstd.level", "1");
        return new KafkaProducer<>(
                config.connection().with(properties), new ByteArraySerializer(), new ByteArraySerializer());
    }
}
