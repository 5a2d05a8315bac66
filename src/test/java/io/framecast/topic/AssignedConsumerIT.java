package io.framecast.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.framecast.topic.broker.EmbeddedBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AssignedConsumerIT {
    private static final String TOPIC = "letters";
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final TopicPartition FIRST = new TopicPartition(TOPIC, 0);
    private static final TopicPartition SECOND = new TopicPartition(TOPIC, 1);

    /** Behind the last mark of a transaction. */
    private static final Map<TopicPartition, Long> ENDS = Map.of(FIRST, 8L, SECOND, 2L);

    @TempDir
    Path directory;

    private EmbeddedBroker broker;
    private KafkaConnection connection;

    /** The first partition gets a, an abandoned transaction, nothing, b and c, a minute apart; the second only d. */
    @BeforeEach
    void write() throws Exception {
        broker = EmbeddedBroker.start(directory, 0);
        connection = new KafkaConnection(broker.bootstrap(), "", Map.of());
        try (Admin admin = connection.admin()) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 2, (short) 1))).all().get();
        }
        try (var producer = new KafkaProducer<>(
                connection.with(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "writer")),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            begin(producer, letter(FIRST, 0, "a"));
            producer.commitTransaction();
            begin(producer, letter(FIRST, 1, "abandoned"));
            producer.abortTransaction();
            begin(
                    producer,
                    letter(FIRST, 2, null),
                    letter(FIRST, 3, "b"),
                    letter(FIRST, 4, "c"),
                    letter(SECOND, 1, "d"));
            producer.commitTransaction();
        }
        awaitMarks();
    }

    /** What is committed gets its mark, and counts, a little later. */
    private void awaitMarks() {
        try (var consumer = new AssignedConsumer(connection, Map.of())) {
            await("marks of transactions")
                    .atMost(Duration.ofSeconds(20))
                    .pollInSameThread() // a consumer belongs to one
                    .until(() -> consumer.kafka().endOffsets(ENDS.keySet()).equals(ENDS));
        }
    }

    @SafeVarargs
    private static void begin(KafkaProducer<String, byte[]> producer, ProducerRecord<String, byte[]>... letters)
            throws Exception {
        producer.beginTransaction();
        for (ProducerRecord<String, byte[]> letter : letters) {
            producer.send(letter).get();
        }
    }

    private static ProducerRecord<String, byte[]> letter(TopicPartition where, int minute, @Nullable String letter) {
        byte[] value = letter == null ? null : letter.getBytes(StandardCharsets.UTF_8);
        long time = NOON.plus(Duration.ofMinutes(minute)).toEpochMilli();
        return new ProducerRecord<>(TOPIC, where.partition(), time, "key", value);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    /** What is read up to some ends. */
    private static List<String> read(AssignedConsumer consumer, Map<TopicPartition, Long> ends) {
        var letters = new ArrayList<String>();
        var deadline = Instant.now().plusSeconds(20);
        while (!ends.isEmpty() && Instant.now().isBefore(deadline)) {
            consumer.poll(
                    Duration.ofMillis(100),
                    ends,
                    record -> letters.add(new String(record.value(), StandardCharsets.UTF_8)));
        }
        assertThat(ends).as("what was not reached").isEmpty();
        return letters;
    }

    @Test
    void poll_toTheEnds_givesWhatWasCommittedAndHasAValue() {
        try (var consumer = new AssignedConsumer(connection, Map.of())) {
            List<TopicPartition> partitions = consumer.partitions(TOPIC);
            assertThat(partitions).containsExactlyInAnyOrder(FIRST, SECOND);
            consumer.kafka().assign(partitions);
            consumer.kafka().seekToBeginning(partitions);

            assertThat(read(consumer, new HashMap<>(ENDS))).containsExactlyInAnyOrder("a", "b", "c", "d");
        }
    }

    @Test
    void poll_whereReadUncommittedIsTold_givesTheAbandonedToo() {
        try (var consumer = new AssignedConsumer(connection, Map.of("isolation.level", "read_uncommitted"))) {
            consumer.kafka().assign(List.of(FIRST));
            consumer.kafka().seekToBeginning(List.of(FIRST));

            assertThat(read(consumer, new HashMap<>(Map.of(FIRST, ENDS.get(FIRST)))))
                    .containsExactly("a", "abandoned", "b", "c");
        }
    }

    @Test
    void seek_toATime_goesToItsFirstRecordInEachPartitionOrPastAllOfThem() {
        try (var consumer = new AssignedConsumer(connection, Map.of())) {
            List<TopicPartition> partitions = List.of(FIRST, SECOND);
            consumer.kafka().assign(partitions);
            consumer.seek(partitions, NOON.plus(Duration.ofMinutes(3)));

            assertThat(read(consumer, new HashMap<>(ENDS))).containsExactly("b", "c");
        }
    }

    @Test
    void seek_beforeAllTime_goesToTheBeginning() {
        try (var consumer = new AssignedConsumer(connection, Map.of())) {
            consumer.kafka().assign(List.of(SECOND));
            consumer.seek(List.of(SECOND), Instant.ofEpochMilli(-1));

            assertThat(read(consumer, new HashMap<>(Map.of(SECOND, ENDS.get(SECOND)))))
                    .containsExactly("d");
        }
    }

    @Test
    void poll_pastOnePartitionsEnd_readsItNoFurther() {
        try (var consumer = new AssignedConsumer(connection, Map.of("max.poll.records", "1"))) {
            List<TopicPartition> partitions = List.of(FIRST, SECOND);
            consumer.kafka().assign(partitions);
            consumer.kafka().seekToBeginning(partitions);
            var ends = new HashMap<>(ENDS);
            ends.put(FIRST, 1L); // behind a

            assertThat(read(consumer, ends)).containsExactlyInAnyOrder("a", "d");
        }
    }
}
