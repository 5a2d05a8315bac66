package io.framecast.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.framecast.frame.CameraId;
import io.framecast.frame.CameraState;
import io.framecast.frame.CameraStatus;
import io.framecast.topic.CameraPublisher;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.TopicAdmin;
import io.framecast.topic.broker.EmbeddedBroker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** A camera that two processes capture on one cluster. */
class SameCameraIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String HELD = "camera    a is refused: camera 'a' is already captured by process "
            + ProcessHandle.current().pid()
            + " on \\S+ since \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ: stop that one,.*";

    @TempDir
    static Path folder;

    private static EmbeddedBroker broker;

    private KafkaConnection kafka;
    private NodeConfigs nodes;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void prepare(TestInfo test) {
        String prefix = test.getTestMethod().orElseThrow().getName();
        kafka = new KafkaConnection(broker.bootstrap(), prefix, Map.of());
        new TopicAdmin(kafka).create(Optional.empty());
        nodes = new NodeConfigs(new BrokerConfig(
                Optional.of(broker.bootstrap()), 0, prefix, Map.of(), Optional.empty(), folder.resolve("data"), true));
    }

    /** A capture in this process. */
    private static final class Capture implements AutoCloseable {
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final Node node;
        private final CompletableFuture<RunSummary> running;

        Capture(NodeConfig config) {
            node = new Node(config, lines::add);
            running = CompletableFuture.supplyAsync(node::run);
        }

        void awaitLine(String regex) {
            await().atMost(SOON).until(() -> lines.stream().anyMatch(line -> line.matches(regex)));
        }

        RunSummary end() throws Exception {
            node.stop();
            return running.get(SOON.toSeconds(), TimeUnit.SECONDS);
        }

        @Override
        public void close() {
            node.stop();
            await().atMost(SOON).until(running::isDone);
        }
    }

    @Test
    void secondProcess_leavesTheCameraToTheFirst_andReadsItsOthers() throws Exception {
        try (var first = new Capture(nodes.capture("a=test:still"))) {
            first.awaitLine("camera    a is live");
            try (var second = new Capture(nodes.capture("a=test:shapes", "b=test:shapes"))) {
                second.awaitLine(HELD);
                second.awaitLine("camera    b is live");
                assertThat(published(second.end(), "a")).isZero();
                assertThat(second.node.failure())
                        .hasValueSatisfying(failure ->
                                assertThat(failure).hasMessageContaining("camera 'a' is already captured by"));
                assertThat(second.lines).noneMatch(line -> line.startsWith("camera    a is live"));
            }
            assertThat(first.running).isNotDone();
            assertThat(published(first.end(), "a")).isPositive();
        }
    }

    private static long published(RunSummary summary, String camera) {
        return summary.cameras().stream()
                .filter(line -> line.id().equals(camera))
                .mapToLong(RunSummary.Camera::framesPublished)
                .sum();
    }

    @Test
    void secondProcess_withNoOtherCamera_endsWithThatLine() {
        try (var first = new Capture(nodes.capture("a=test:still"))) {
            first.awaitLine("camera    a is live");
            assertThatThrownBy(() -> new Node(nodes.capture("a=test:shapes"), line -> {}).run())
                    .isInstanceOf(CaptureException.class)
                    .hasMessageContaining("camera 'a' is already captured by");
        }
    }

    /** As with a wrong password: the first goes on to try it. */
    @Test
    void cameraThatFailsInTheFirst_isRefusedToTheSecond() throws Exception {
        HttpServer refusing = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        refusing.createContext("/", exchange -> {
            exchange.sendResponseHeaders(401, -1);
            exchange.close();
        });
        refusing.start();
        String address = "a=http://127.0.0.1:" + refusing.getAddress().getPort() + "/";
        try (var first = new Capture(nodes.capture(address, "b=test:still"))) {
            first.awaitLine("camera    a is failed.*");
            try (var second = new Capture(nodes.capture("a=test:shapes", "c=test:still"))) {
                second.awaitLine(HELD);
            }
        } finally {
            refusing.stop(0);
        }
    }

    @Test
    void cameraThatFailedForGoodInTheFirst_isTheSeconds() throws Exception {
        try (var earlier = new CameraPublisher(kafka);
                var second = new Capture(nodes.capture("a=test:still", "b=test:still"))) {
            second.awaitLine("camera    a is live");
            second.awaitLine("camera    b is live");
            earlier.publish(status("a", CameraState.FAILED)).block(SOON);
            earlier.publish(status("b", CameraState.FAILED)).block(SOON);
            earlier.publish(status("b", CameraState.FAILED)).block(SOON); // it is tried again
            second.awaitLine(HELD.replace("camera    a", "camera    b").replace("'a'", "'b'"));
            assertThat(second.lines).noneMatch(line -> line.startsWith("camera    a is refused"));
        }
    }

    @Test
    void successor_ofAProcessThatEndedInOrder_takesTheCamera() throws Exception {
        try (var first = new Capture(nodes.capture("a=test:still"))) {
            first.awaitLine("camera    a is live");
            first.end();
        }
        try (var second = new Capture(nodes.capture("a=test:still"))) {
            second.awaitLine("camera    a is live");
        }
    }

    @Test
    void successor_ofAProcessThatDied_takesTheCamera() {
        try (var died = new CameraPublisher(kafka)) {
            died.publish(live("a")).block(SOON);
        }
        try (var second = new Capture(nodes.capture("a=test:still"))) {
            second.awaitLine("camera    a is live");
            assertThat(second.lines).noneMatch(line -> line.contains("refused"));
        }
    }

    /** Both looked before either had said that it captures the camera, or one was frozen for a while. */
    @Test
    void processesThatFindEachOther_leaveTheCameraToTheEarlier() {
        try (var earlier = new CameraPublisher(kafka);
                var second = new Capture(nodes.capture("a=test:still", "b=test:still"))) {
            second.awaitLine("camera    a is live");
            earlier.publish(live("a")).block(SOON);
            second.awaitLine(HELD);
            assertThat(second.running).isNotDone();
        }
    }

    @Test
    void processThatFindsALaterOne_goesOn() throws Exception {
        try (var first = new Capture(nodes.capture("a=test:still"))) {
            first.awaitLine("camera    a is live");
            try (var later = new CameraPublisher(kafka)) {
                later.publish(live("a")).block(SOON);
                later.publish(live("b")).block(SOON);
            }
            await().pollDelay(CameraClaims.HEARTBEAT).atMost(SOON).until(() -> first.lines.size() > 2);
            assertThat(first.lines).noneMatch(line -> line.contains("refused"));
            assertThat(published(first.end(), "a")).isPositive();
        }
    }

    private static CameraStatus live(String camera) {
        return status(camera, CameraState.LIVE);
    }

    private static CameraStatus status(String camera, CameraState state) {
        return new CameraStatus(new CameraId(camera), state, Instant.now(), Optional.empty(), 0, "");
    }
}
