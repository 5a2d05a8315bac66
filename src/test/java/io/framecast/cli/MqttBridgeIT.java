package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.framecast.source.RtspServer;
import io.framecast.topic.broker.EmbeddedBroker;
import io.framecast.topic.proto.SurprisingStretch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The cookbook's bridge to MQTT between a real Kafka broker and a real mosquitto. */
@Tag("system")
class MqttBridgeIT {
    private static final Duration DEADLINE = Duration.ofMinutes(1);
    private static final Duration SURPRISE_DEADLINE = Duration.ofMinutes(3);
    private static final String TOPIC = "framecast.stretches.v1";
    private static final Pattern COMMAND =
            Pattern.compile("(?m)^PYTHONPATH=\\. python3 (src/example/python/\\S+) --kafka (\\S+) --mqtt (\\S+)$");

    @TempDir
    static Path modules;

    @TempDir
    Path folder;

    private final int port = RtspServer.freePort();
    private final List<Process> started = new ArrayList<>();
    private Process mosquitto;

    @BeforeAll
    static void makeTheModule() throws Exception {
        Process protoc = new ProcessBuilder(
                        "protoc", "--proto_path=topics", "--python_out=" + modules, "framecast.proto")
                .inheritIO()
                .start();
        assertThat(protoc.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(protoc.exitValue()).as("apt-get install protobuf-compiler").isZero();
    }

    @BeforeEach
    void startMosquitto() throws Exception {
        // It keeps nothing over a restart, which asks more of the bridge than one that does.
        Path config = Files.writeString(
                folder.resolve("mosquitto.conf"),
                "listener " + port + " 127.0.0.1\nallow_anonymous true\npersistence false\n");
        mosquitto = start("mosquitto", "mosquitto", "-c", config.toString());
        await().atMost(DEADLINE).ignoreExceptions().until(() -> {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            return true;
        });
    }

    @AfterEach
    void end() throws InterruptedException {
        for (Process process : started) {
            kill(process);
        }
    }

    private static void kill(Process process) throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    private Process start(String name, String... command) throws IOException {
        var builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve(name + ".out").toFile()))
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        folder.resolve(name + ".err").toFile()));
        builder.environment().put("PYTHONPATH", modules.toString());
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private List<String> lines(String file) throws IOException {
        return Files.readAllLines(folder.resolve(file), StandardCharsets.UTF_8);
    }

    /** The cookbook's command, on other addresses. */
    private Process bridge(String kafka, String mqtt) throws IOException {
        var command = COMMAND.matcher(Files.readString(Path.of("docs/cookbook.md")));
        assertThat(command.find()).as("the cookbook has the bridge's command").isTrue();
        return start("bridge", "/usr/bin/python3", command.group(1), "--kafka", kafka, "--mqtt", mqtt);
    }

    /** Starts it, and waits until it has its partitions: it has then said of each where it begins. */
    private Process runningBridge(String kafka) throws Exception {
        Process bridge = bridge(kafka, "127.0.0.1:" + port);
        await().atMost(DEADLINE).until(() -> read(kafka).size() == 12 || !bridge.isAlive());
        assertThat(bridge.isAlive()).as(() -> errors()).isTrue();
        return bridge;
    }

    private String errors() {
        try {
            return String.join("\n", lines("bridge.err"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** How far the bridge's group has read, partition by partition. */
    private static Map<?, OffsetAndMetadata> read(String kafka) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
            return admin.listConsumerGroupOffsets("framecast-mqtt")
                    .partitionsToOffsetAndMetadata()
                    .get();
        }
    }

    private static long readRecords(String kafka) throws Exception {
        return read(kafka).values().stream()
                .mapToLong(OffsetAndMetadata::offset)
                .sum();
    }

    /** What somebody is told who subscribes now: {@code 1} for a retained message, and the message. */
    private String told(String topic) throws Exception {
        Process subscriber = new ProcessBuilder(
                        "mosquitto_sub",
                        "-h",
                        "127.0.0.1",
                        "-p",
                        "" + port,
                        "-t",
                        topic,
                        "-C",
                        "1",
                        "-W",
                        "2",
                        "-F",
                        "%r %p")
                .redirectErrorStream(true)
                .start();
        String output = new String(subscriber.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(subscriber.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return output.strip();
    }

    private void awaitTold(String topic, String expected) {
        await().atMost(DEADLINE)
                .untilAsserted(() -> assertThat(told(topic))
                        .as(() -> errors())
                        .startsWith("1 ")
                        .contains(expected));
    }

    private static byte[] stretch(String camera, boolean ended) {
        return SurprisingStretch.newBuilder()
                .setId(camera + "/1769846400000000/120")
                .setCamera(camera)
                .setBeginUs(1_769_846_412_000_000L)
                .setEndUs(1_769_846_413_500_000L)
                .setEnded(ended)
                .setFrames(4)
                .setPeak(4.25)
                .build()
                .toByteArray();
    }

    private static void write(String kafka, String camera, byte[] value) throws Exception {
        Map<String, Object> properties = Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka);
        try (var producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(TOPIC, camera, value)).get();
        }
    }

    private EmbeddedBroker kafka() {
        EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
        Invocation topics = Invocation.of("topics", "create", "--kafka", broker.bootstrap());
        assertThat(topics.exitCode()).as(topics.toString()).isZero();
        return broker;
    }

    @Test
    void surprise_ofACamera_turnsItsStateOn() throws Exception {
        try (var run = FramecastProcess.start(
                folder,
                "run sky=test:surprise --model flow-fade --preview none --kafka-port 0 --data-dir data".split(" "))) {
            String kafka = run.line("kafka +(\\S+).*", SURPRISE_DEADLINE).group(1);
            runningBridge(kafka);

            await().atMost(SURPRISE_DEADLINE)
                    .untilAsserted(() -> assertThat(told("framecast/sky/surprise"))
                            .as(() -> errors())
                            .matches("1 \\{\"state\": \"(ON|OFF)\", \"id\": \"sky/.*"));
        }
    }

    @Test
    void stretch_beginsAndEnds_forHomeAssistantToo() throws Exception {
        try (var broker = kafka()) {
            Process bridge = runningBridge(broker.bootstrap());
            write(broker.bootstrap(), "front", stretch("front", false));
            awaitTold("framecast/front/surprise", "\"state\": \"ON\"");
            write(broker.bootstrap(), "front", stretch("front", true));
            awaitTold("framecast/front/surprise", "\"state\": \"OFF\"");

            JsonNode state =
                    new ObjectMapper().readTree(told("framecast/front/surprise").substring(2));
            assertThat(state.get("begin").asText()).isEqualTo("2026-01-31T08:00:12.000+00:00");
            assertThat(state.get("end").asText()).isEqualTo("2026-01-31T08:00:13.500+00:00");
            assertThat(state.get("frames").asInt()).isEqualTo(4);
            assertThat(state.get("peak").asDouble()).isEqualTo(4.25);
            JsonNode discovery = new ObjectMapper()
                    .readTree(told("homeassistant/binary_sensor/framecast_front/config")
                            .substring(2));
            assertThat(discovery.get("state_topic").asText()).isEqualTo("framecast/front/surprise");
            assertThat(discovery.get("availability_topic").asText()).isEqualTo("framecast/status");
            assertThat(told("framecast/status")).isEqualTo("1 online");

            bridge.destroy(); // SIGTERM
            assertThat(bridge.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(bridge.exitValue()).isZero();
            assertThat(told("framecast/status")).isEqualTo("1 offline");
            assertThat(lines("bridge.err")).isEmpty();
        }
    }

    @Test
    void recordThatIsNoStretch_isLeftOut_andToldOf() throws Exception {
        try (var broker = kafka()) {
            runningBridge(broker.bootstrap());
            write(broker.bootstrap(), "front", "no stretch".getBytes(StandardCharsets.UTF_8));
            write(broker.bootstrap(), "front", stretch("front/#", false));
            write(broker.bootstrap(), "front", stretch("front", false));

            awaitTold("framecast/front/surprise", "\"state\": \"ON\"");
            assertThat(lines("bridge.err"))
                    .hasSize(2)
                    .allMatch(line -> line.endsWith(" is no stretch of a camera; left out"));
        }
    }

    @Test
    void mosquitto_restarts_andNoStretchIsLost() throws Exception {
        try (var broker = kafka()) {
            runningBridge(broker.bootstrap());
            write(broker.bootstrap(), "before", stretch("before", false));
            awaitTold("framecast/before/surprise", "\"state\": \"ON\"");
            await().atMost(DEADLINE).until(() -> readRecords(broker.bootstrap()) == 1);

            kill(mosquitto);
            await().atMost(DEADLINE).until(() -> !lines("bridge.err").isEmpty());
            for (String camera : List.of("first", "second", "third")) {
                write(broker.bootstrap(), camera, stretch(camera, false));
            }
            startMosquitto();

            for (String camera : List.of("before", "first", "second", "third")) {
                awaitTold("framecast/" + camera + "/surprise", "\"state\": \"ON\"");
            }
            await().atMost(DEADLINE).until(() -> readRecords(broker.bootstrap()) == 4);
            assertThat(lines("bridge.err"))
                    .containsExactly("surprise_to_mqtt: the connection to MQTT broker '127.0.0.1:" + port
                            + "' is lost; trying again");
        }
    }

    @Test
    void bridge_isKilledBeforeTheAcknowledgement_andTheNextSendsIt() throws Exception {
        try (var broker = kafka()) {
            Process bridge = runningBridge(broker.bootstrap());
            kill(mosquitto);
            await().atMost(DEADLINE).until(() -> !lines("bridge.err").isEmpty());
            write(broker.bootstrap(), "front", stretch("front", false));
            write(broker.bootstrap(), "front", stretch("front", true));
            // Time enough to read them; what is read is in no way to be seen before mosquitto has it.
            await().during(Duration.ofSeconds(3)).atMost(DEADLINE).until(() -> readRecords(broker.bootstrap()) == 0);
            kill(bridge);
            write(broker.bootstrap(), "back", stretch("back", false));

            startMosquitto();
            bridge(broker.bootstrap(), "127.0.0.1:" + port);

            awaitTold("framecast/front/surprise", "\"state\": \"OFF\"");
            awaitTold("framecast/back/surprise", "\"state\": \"ON\"");
            await().atMost(DEADLINE).until(() -> readRecords(broker.bootstrap()) == 3);
        }
    }

    @Test
    void bridge_isKilled_andMosquittoSaysSo() throws Exception {
        try (var broker = kafka()) {
            Process bridge = runningBridge(broker.bootstrap());
            assertThat(told("framecast/status")).isEqualTo("1 online");

            kill(bridge);

            awaitTold("framecast/status", "offline");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "localhost:1 | MQTT broker 'localhost:1' cannot be reached (Connection refused); check --mqtt, and that it runs",
                "local host:1883 | MQTT broker 'local host:1883' is no address; write --mqtt HOST or HOST:PORT",
                "localhost:99999 | MQTT broker 'localhost:99999' is no address; write --mqtt HOST or HOST:PORT"
            })
    void mqttAddress_thatIsWrong_endsInOneLine(String address, String line) throws Exception {
        assertThat(ended(bridge("localhost:1", address))).isEqualTo(1);
        assertThat(lines("bridge.err")).containsExactly("surprise_to_mqtt: " + line);
    }

    @Test
    void kafkaAddress_thatIsWrong_endsInOneLine() throws Exception {
        assertThat(ended(bridge("localhost:1", "127.0.0.1:" + port))).isEqualTo(1);
        assertThat(lines("bridge.err"))
                .singleElement()
                .asString()
                .matches("surprise_to_mqtt: Kafka at 'localhost:1' cannot be used \\(.*\\); check --kafka and"
                        + " --kafka-property");
    }

    @Test
    void kafka_withoutTheTopic_endsInOneLine() throws Exception {
        try (var broker = EmbeddedBroker.start(folder.resolve("kafka"), 0)) {
            assertThat(ended(bridge(broker.bootstrap(), "127.0.0.1:" + port))).isEqualTo(1);
            assertThat(lines("bridge.err"))
                    .containsExactly("surprise_to_mqtt: Kafka at '" + broker.bootstrap() + "' has no topic '" + TOPIC
                            + "'; check --topic, or run framecast topics create");
        }
    }

    private static int ended(Process bridge) throws InterruptedException {
        assertThat(bridge.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return bridge.exitValue();
    }
}
