package io.framecast.topic.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.framecast.frame.Frames;
import io.framecast.topic.BrokerException;
import io.framecast.topic.CameraPublisher;
import io.framecast.topic.FrameCodec;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.TopicAdmin;
import io.framecast.topic.TopicAdmin.Difference;
import io.framecast.topic.TopicKind;
import io.framecast.topic.TopicReader;
import io.framecast.topic.TopicReader.Start;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedBrokerIT {
    @TempDir
    Path directory;

    @Test
    void restart_onTheSameDirectory_keepsWhatWasAcknowledged() {
        var frame = Frames.of("yard", 3);
        try (var broker = EmbeddedBroker.start(directory, 0)) {
            KafkaConnection connection = connection(broker);
            assertThat(new TopicAdmin(connection).create(Optional.empty()).topics())
                    .hasSize(TopicKind.values().length);
            try (var publisher = new CameraPublisher(connection)) {
                publisher.publish(frame).block(Duration.ofSeconds(20));
            }
        }
        try (var broker = EmbeddedBroker.start(directory, 0)) {
            var found = new TopicReader(connection(broker))
                    .read(Map.of(TopicKind.FRAMES, Start.BEGINNING))
                    .blockFirst(Duration.ofSeconds(20));
            assertThat(found).isNotNull().satisfies(record -> {
                assertThat(record.key()).isEqualTo("yard");
                assertThat(FrameCodec.decode(record.value())).isEqualTo(frame);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"log", "metadata"})
    void start_whereFormattingWasBrokenOff_formatsAgain(String written) throws Exception {
        Path begun = directory.resolve("kafka").resolve(written);
        Files.createDirectories(begun);
        Files.writeString(
                begun.resolve("meta.properties"),
                "version=1\ncluster.id=AAAAAAAAAAAAAAAAAAAAAA\nnode.id=1\ndirectory.id=AAAAAAAAAAAAAAAAAAAAAQ\n");

        EmbeddedBroker.start(directory.resolve("kafka"), 0).close();
    }

    @Test
    void start_whereABrokerWasKilled_isAtNoAddressUntilItIsThere() throws Exception {
        Files.writeString(directory.resolve("address"), "localhost:1");
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> EmbeddedBroker.start(directory, taken.getLocalPort()))
                    .isInstanceOf(BrokerException.class);
        }
        assertThat(directory.resolve("address")).doesNotExist();
    }

    @Test
    void start_onALockedDirectory_saysHowToAttach() {
        try (var broker = EmbeddedBroker.start(directory, 0)) {
            assertThatThrownBy(() -> EmbeddedBroker.start(directory, 0))
                    .isInstanceOf(BrokerException.class)
                    .hasMessageContaining(directory.toString())
                    .hasMessageContaining("--kafka " + broker.bootstrap());
            assertThat(EmbeddedBroker.running(directory)).contains(broker.bootstrap());
        }
        assertThat(EmbeddedBroker.running(directory)).as("after its end").isEmpty();
    }

    @Test
    void start_onAPortInUse_namesItAndLeavesTheDirectoryFree() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> EmbeddedBroker.start(directory, taken.getLocalPort()))
                    .isInstanceOf(BrokerException.class)
                    .hasMessageContaining("port " + taken.getLocalPort())
                    .hasMessageContaining("--kafka-port");
        }
        EmbeddedBroker.start(directory, 0).close();
    }

    @Test
    void start_onAFile_isOneClearFailure() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> EmbeddedBroker.start(file, 0))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("--data-dir");
    }

    @Test
    void check_ofAlteredTopics_saysWhatDiffers() throws Exception {
        try (var broker = EmbeddedBroker.start(directory, 0)) {
            KafkaConnection connection = connection(broker);
            var topics = new TopicAdmin(connection);
            assertThat(topics.check())
                    .as("before creation")
                    .hasSize(TopicKind.values().length)
                    .allSatisfy(difference -> assertThat(difference.found()).isEqualTo("missing"));
            topics.create(Optional.empty());
            assertThat(topics.check()).as("as created").isEmpty();
            assertThat(topics.create(Optional.empty()).topics()).as("again").isEmpty();
            alter(connection);
            assertThat(topics.check())
                    .extracting(Difference::toString)
                    .containsExactly(
                            "framecast.frames.v1: retention.ms is 60000, its definition says 3600000",
                            "framecast.cameras.v1: partitions is 2, its definition says 1");
        }
    }

    private static void alter(KafkaConnection connection) throws Exception {
        try (Admin admin = Admin.create(connection.with(Map.of()))) {
            var frames = new ConfigResource(ConfigResource.Type.TOPIC, connection.topic(TopicKind.FRAMES));
            var shorter = new AlterConfigOp(new ConfigEntry("retention.ms", "60000"), AlterConfigOp.OpType.SET);
            admin.incrementalAlterConfigs(Map.of(frames, List.of(shorter)))
                    .all()
                    .get();
            admin.createPartitions(Map.of(connection.topic(TopicKind.CAMERAS), NewPartitions.increaseTo(2)))
                    .all()
                    .get();
        }
    }

    @Test
    void require_ofAnUnreachableBroker_namesItAndTheWayOut() {
        var connection = new KafkaConnection("localhost:1", "framecast", Map.of("sasl.jaas.config", "secret"));
        assertThatThrownBy(connection::require)
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("Kafka at localhost:1 cannot be reached")
                .hasMessageContaining("--kafka")
                .hasMessageNotContaining("secret");
    }

    private static KafkaConnection connection(EmbeddedBroker broker) {
        return new KafkaConnection(broker.bootstrap(), "framecast", Map.of());
    }
}
