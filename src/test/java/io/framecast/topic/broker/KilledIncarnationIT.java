package io.framecast.topic.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that is killed while it ends a transaction: written down as committed, its markers not. */
class KilledIncarnationIT {
    private static final TopicPartition IN = new TopicPartition("in", 0);
    private static final TopicPartition OUT = new TopicPartition("out", 0);
    private static final TopicPartition TRANSACTIONS = new TopicPartition("__transaction_state", 0);
    private static final String GROUP = "group";
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final byte PREPARE_COMMIT = 2;

    @TempDir
    Path folder;

    @Test
    void start_afterAKillWhileATransactionEnded_endsIt() throws Exception {
        Path killed = folder.resolve("killed");
        int address;
        try (var broker = EmbeddedBroker.start(folder.resolve("alive"), 0);
                var group = consumer(broker);
                var producer = new KafkaProducer<>(
                        properties(broker, "transactional.id", "id"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            try (Admin admin = Admin.create(properties(broker, "client.id", "maker"))) {
                admin.createTopics(List.of(
                                new NewTopic(IN.topic(), 1, (short) 1), new NewTopic(OUT.topic(), 1, (short) 1)))
                        .all()
                        .get();
            }
            address = Integer.parseInt(broker.bootstrap().replaceFirst(".*:", ""));
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(OUT.topic(), new byte[] {7})).get();
            producer.sendOffsetsToTransaction(Map.of(IN, new OffsetAndMetadata(42)), group.groupMetadata());
            decideToCommit(broker);
            // What a running broker has written is what a killed one leaves.
            copy(folder.resolve("alive"), killed);
            producer.abortTransaction();
        }

        try (var former = new ServerSocket(address, 0, InetAddress.getLoopbackAddress());
                var broker = EmbeddedBroker.start(killed, 0);
                var consumer = consumer(broker)) {
            assertThat(consumer.committed(Set.of(IN), SOON)).containsEntry(IN, new OffsetAndMetadata(42));
            consumer.assign(List.of(OUT));
            consumer.seekToBeginning(List.of(OUT));
            assertThat(consumer.poll(SOON))
                    .singleElement()
                    .satisfies(record -> assertThat(record.value()).containsExactly(7));
            former.setSoTimeout(1);
            assertThatThrownBy(former::accept)
                    .as("markers for the broker that was killed, which are lost now and then")
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    /** Writes what the transactions' coordinator writes before it sends the markers. */
    private static void decideToCommit(EmbeddedBroker broker) throws Exception {
        ConsumerRecord<byte[], byte[]> ongoing = last(broker);
        var bytes = ByteBuffer.wrap(ongoing.value());
        short version = bytes.getShort();
        var state = new TransactionLogValue(new ByteBufferAccessor(bytes), version);
        state.setTransactionStatus(PREPARE_COMMIT);
        state.setProducerEpoch((short) (state.producerEpoch() + 1));
        // A broker lets nobody else write to its own topics.
        try (var writer = new KafkaProducer<>(
                properties(broker, "client.id", "__admin_client"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            byte[] value = MessageUtil.toVersionPrefixedBytes(version, state);
            writer.send(new ProducerRecord<>(ongoing.topic(), ongoing.partition(), ongoing.key(), value))
                    .get();
        }
    }

    private static ConsumerRecord<byte[], byte[]> last(EmbeddedBroker broker) {
        try (var consumer = consumer(broker)) {
            var partitions = consumer.partitionsFor(TRANSACTIONS.topic()).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
            var unread = new HashSet<>(partitions);
            while (!unread.isEmpty()) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                unread.removeIf(partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L));
            }
            return records.get(records.size() - 1);
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(EmbeddedBroker broker) {
        var properties = new HashMap<>(properties(broker, "group.id", GROUP));
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", "false");
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static Map<String, Object> properties(EmbeddedBroker broker, String name, String value) {
        return Map.of("bootstrap.servers", broker.bootstrap(), name, value);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
