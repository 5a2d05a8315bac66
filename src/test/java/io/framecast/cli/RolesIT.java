package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.framecast.topic.TopicKind;
import io.framecast.topic.broker.EmbeddedBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The roles as processes of their own, against one broker. */
class RolesIT {
    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final String KAFKA = "kafka +(localhost:\\d+)( \\(embedded\\))?";

    @TempDir
    Path folder;

    @Test
    void roles_apart_workTogether() throws Exception {
        // Viewers and further captures keep nothing on disk.
        Files.writeString(folder.resolve("file"), "so nothing can be written below it");
        try (var capture = start("capture street=test:street --data-dir data --kafka-port 0")) {
            String kafka = capture.line(KAFKA, DEADLINE).group(1);
            try (var predict = start("predict --model persistence --data-dir data --kafka " + kafka);
                    var second = start("capture shapes=test:shapes --data-dir file/data --kafka " + kafka);
                    var preview = start("preview --port 0 --data-dir file/data --kafka " + kafka)) {
                String page = preview.line("preview +(http://\\S+)", DEADLINE).group(1);
                await().atMost(DEADLINE).until(() -> RunIT.status(page + "cameras/street/forecast.json") == 200);
                assertThat(RunIT.status(page + "cameras/street/forecast.png")).isEqualTo(200);
                assertThat(RunIT.status(page + "cameras/street/forecast.mp4")).isEqualTo(200);
                assertThat(RunIT.status(page + "cameras/street/forecast.gif")).isEqualTo(200);
                assertThat(RunIT.status(page + "health/ready")).isEqualTo(200);
                await().atMost(DEADLINE).until(() -> RunIT.status(page + "cameras/shapes/forecast.json") == 200);
                endsInOrder(second);
                tailPrintsForecasts(kafka);
                exportWritesFiles(kafka);
                endsInOrder(predict);
                endsInOrder(preview);
            }
            endsInOrder(capture);
            assertThat(capture.output()).anyMatch(line -> line.startsWith("street "));
        }
    }

    private void tailPrintsForecasts(String kafka) throws Exception {
        List<String> lines = done("tail forecasts --limit 3 --kafka " + kafka);
        assertThat(lines).hasSize(3);
        for (String line : lines) {
            JsonNode record = new ObjectMapper().readTree(line);
            assertThat(record.get("key").asText()).isEqualTo("street");
            assertThat(record.get("id").asText()).startsWith("street/").endsWith("/persistence");
            assertThat(record.get("frames").asInt()).isEqualTo(32);
        }
        assertThat(done("tail frames --from-beginning --limit 1 --kafka " + kafka))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("\"shape\":\"64x64x3\""));
        assertThat(done("tail cameras --from-beginning --limit 1 --kafka " + kafka))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("\"key\":\"street\""));
    }

    private void exportWritesFiles(String kafka) throws Exception {
        List<String> files = done("export street --newest 2 --format mp4,gif,png,npy --out ./files --kafka " + kafka);
        assertThat(files)
                .hasSize(8)
                .allMatch(file -> file.matches(folder + "/files/street-\\d+-\\d+-persistence\\.(mp4|gif|png|npy)"));
        for (String file : files) {
            assertThat(folder.resolve(file)).isNotEmptyFile();
            if (file.endsWith(".npy")) {
                assertThat(Files.size(folder.resolve(file))).isEqualTo(128 + 32 * 64 * 64 * 3);
            }
        }
        var unknown = call("export nobody --kafka " + kafka);
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.errors())
                .containsExactly("framecast: no forecast 'nobody' is in the topic: there are those of the cameras"
                        + " shapes, street");
    }

    private static void endsInOrder(FramecastProcess process) {
        process.interrupt();
        assertThat(process.exitCode(DEADLINE)).as(process::toString).isZero();
        assertThat(process.errors()).as(process::toString).isEmpty();
        assertThat(process.output()).as(process::toString).anyMatch(line -> line.startsWith("camera  "));
    }

    @Test
    void topics_changed_areFoundAndNamed() throws Exception {
        try (var broker = EmbeddedBroker.start(folder.resolve("kafka"), 0)) {
            String kafka = " --kafka " + broker.bootstrap();
            rolesWithoutTopicsSayHowToCreateThem(kafka);
            assertThat(check(1, kafka))
                    .contains("framecast.frames.v1: the topic is missing, its definition says that it exists");
            assertThat(done("topics create" + kafka))
                    .contains("created framecast.frames.v1")
                    .hasSize(TopicKind.values().length);
            assertThat(check(0, kafka)).containsExactly("all topics are as defined");
            assertThat(done("topics create" + kafka)).containsExactly("all topics are there");
            change(broker.bootstrap());
            assertThat(check(1, kafka))
                    .containsExactlyInAnyOrder(
                            "framecast.frames.v1: retention.ms is 1000, its definition says 3600000",
                            "framecast.scores.v1: partitions is 13, its definition says 12");
            assertThat(done("topics describe" + kafka))
                    .hasSize(TopicKind.values().length)
                    .anyMatch(line -> line.contains("13 partitions"));
        }
    }

    /** They create nothing on a cluster that they did not start. */
    private void rolesWithoutTopicsSayHowToCreateThem(String kafka) {
        Map<String, String> missing = Map.of(
                "capture test:still", "topics framecast.cameras.v1, framecast.frames.v1 are missing",
                "predict --model persistence --no-score",
                        "topics framecast.dead-letter.v1, framecast.forecasts.v1, framecast.frames.v1 are missing",
                "tail stretches", "topic framecast.stretches.v1 is missing",
                "export front", "topic framecast.forecasts.v1 is missing");
        missing.forEach((role, words) -> {
            var call = call(role + kafka);
            assertThat(call.exitCode()).as(call::toString).isEqualTo(1);
            assertThat(call.errors())
                    .as(call::toString)
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .startsWith("framecast: " + words)
                            .contains("run 'framecast topics create" + kafka + "'"));
        });
    }

    private static void change(String bootstrap) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            var frames = new ConfigResource(ConfigResource.Type.TOPIC, "framecast.frames.v1");
            var retention = new AlterConfigOp(new ConfigEntry("retention.ms", "1000"), AlterConfigOp.OpType.SET);
            admin.incrementalAlterConfigs(Map.of(frames, List.of(retention)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
            admin.createPartitions(Map.of("framecast.scores.v1", NewPartitions.increaseTo(13)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private List<String> check(int code, String kafka) {
        var call = call("topics check" + kafka);
        assertThat(call.exitCode()).as(call::toString).isEqualTo(code);
        return call.output();
    }

    @Test
    void models_listAndShow_tellOfTheShippedOnes() {
        assertThat(done("models list"))
                .anyMatch(line -> line.startsWith(ModelsOption.DEFAULT + " (default): version "))
                .anyMatch(line -> line.startsWith("persistence: "))
                .anyMatch(line -> line.startsWith("flow-fade: "));
        assertThat(done("models show " + ModelsOption.DEFAULT)).anyMatch(line -> line.startsWith("architecture: "));
    }

    @Test
    void doctor_onThisMachine_findsNothingWrong() {
        assertThat(done("doctor --data-dir ./data"))
                .hasSize(10)
                .allSatisfy(line -> assertThat(line).matches("(ok|note) .*"));
    }

    @Test
    void help_ofEveryCommand_isPrinted() {
        assertThat(done("--help")).anyMatch(line -> line.contains("Commands:"));
        assertThat(done("run --help -v")).anyMatch(line -> line.contains("--summary"));
        assertThat(done("--version"))
                .singleElement()
                .satisfies(line -> assertThat(line).startsWith("framecast "));
    }

    private FramecastProcess start(String arguments) {
        return FramecastProcess.start(folder, arguments.split(" "));
    }

    private Invocation call(String arguments) {
        return Invocation.in(folder, arguments.split(" "));
    }

    /** Runs a command to its end, which is good, and silent on standard error. */
    private List<String> done(String arguments) {
        var call = call(arguments);
        assertThat(call.exitCode()).as(call::toString).isZero();
        assertThat(call.errors()).as(call::toString).isEmpty();
        return call.output();
    }
}
