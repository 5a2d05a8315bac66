package io.framecast.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.framecast.camera.CamerasFile;
import io.framecast.forecast.Forecast;
import io.framecast.frame.CameraId;
import io.framecast.model.engine.EngineConfig;
import io.framecast.model.engine.Precision;
import io.framecast.predict.BatchConfig;
import io.framecast.predict.Policy;
import io.framecast.preview.http.HttpConfig;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceSpec;
import io.framecast.topic.ForecastCodec;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.TopicKind;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Cameras with models of their own in whole processes: one that does everything, and capture and predict apart. */
@Timeout(180)
class CameraModelNodeIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final List<Running> processes = new ArrayList<>();

    /** A process. */
    private static final class Running {
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final Node node;
        private final CompletableFuture<RunSummary> over;

        private Running(NodeConfig config) {
            node = new Node(config, lines::add);
            over = CompletableFuture.supplyAsync(node::run);
        }

        private String awaitLine(String regex) {
            await().atMost(SOON).untilAsserted(() -> assertThat(lines).anyMatch(line -> line.matches(regex)));
            return lines.stream()
                    .filter(line -> line.matches(regex))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @AfterEach
    void stop() throws Exception {
        for (int i = processes.size() - 1; i >= 0; i--) {
            processes.get(i).node.stop();
            processes.get(i).over.get(SOON.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private Running start(NodeConfig config) {
        var running = new Running(config);
        processes.add(running);
        return running;
    }

    private BrokerConfig broker(Optional<String> bootstrap) {
        return new BrokerConfig(
                bootstrap, 0, "test", Map.of(), Optional.empty(), folder.resolve("data" + processes.size()), false);
    }

    private Path file() {
        return folder.resolve("cameras.yaml");
    }

    private Optional<CaptureConfig> capture(boolean overHttp, Map<CameraId, String> models, String... fixed) {
        return Optional.of(new CaptureConfig(
                SourceSpec.parseAll(List.of(fixed)),
                SourceConfig.defaults(),
                Map.of(),
                models,
                false,
                Optional.of(new CaptureConfig.Changes(new CamerasFile(file()), overHttp, false))));
    }

    private static Optional<PredictConfig> predict(String model) {
        var batching = new BatchConfig(Policy.ALL, 16, Duration.ofMillis(20));
        return Optional.of(
                new PredictConfig(Path.of("models"), model, EngineConfig.cpu(), Precision.AUTO, 2, batching, ""));
    }

    private static Optional<PreviewConfig> page() {
        return Optional.of(new PreviewConfig(new HttpConfig("127.0.0.1", 0, Optional.of("sesame")), true, false));
    }

    private static KafkaConnection kafka(Running running) {
        String bootstrap = running.awaitLine("kafka .*").split(" +", 3)[1];
        return new KafkaConnection(bootstrap, "test", Map.of());
    }

    private static List<Forecast> forecasts(KafkaConnection kafka, String camera) {
        return TopicContents.of(kafka, TopicKind.FORECASTS, (key, value) -> ForecastCodec.decode(value)).stream()
                .filter(forecast -> forecast.origin().camera().value().equals(camera))
                .toList();
    }

    /** Waits until the newest forecast of a camera is by a model. */
    private static void awaitModel(KafkaConnection kafka, String camera, String model) {
        await().atMost(SOON).pollInterval(Duration.ofMillis(300)).untilAsserted(() -> {
            List<Forecast> all = forecasts(kafka, camera);
            assertThat(all).isNotEmpty();
            assertThat(all.get(all.size() - 1).model().name()).isEqualTo(model);
        });
    }

    private static HttpResponse<String> send(Running running, String method, String path, String body)
            throws Exception {
        URI page = URI.create(running.awaitLine("preview   http.*").replaceFirst("preview +", ""));
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(page.resolve(path))
                                .header("Authorization", "Bearer sesame")
                                .header("Content-Type", "application/json")
                                .method(method, BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
    }

    @Test
    void run_camerasOfTwoModels_areChangedOverHttp_withoutALostOrRepeatedWindow() throws Exception {
        Files.writeString(file(), "door: {source: 'test:street', model: persistence}\nyard: test:still\n");
        Running all = start(new NodeConfig(
                broker(Optional.empty()),
                capture(true, Map.of(new CameraId("hall"), "persistence"), "hall=test:shapes"),
                predict("flow-fade"),
                false,
                page(),
                Optional.empty()));
        KafkaConnection kafka = kafka(all);
        awaitModel(kafka, "door", "persistence");
        awaitModel(kafka, "hall", "persistence");
        awaitModel(kafka, "yard", "flow-fade");

        var refused = send(all, "PUT", "api/cameras/yard", "{\"settings\": {\"model\": \"nowhere\"}}");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body())
                .contains("model 'nowhere' is unknown: there are [")
                .contains("persistence");
        assertThat(send(all, "PUT", "api/cameras/door", "{\"settings\": {\"model\": \"flow-fade\"}}")
                        .body())
                .contains("\"settings\":{\"model\":\"flow-fade\"}");
        assertThat(send(all, "PUT", "api/cameras/yard", "{\"settings\": {\"model\": \"persistence\"}}")
                        .statusCode())
                .isEqualTo(200);
        awaitModel(kafka, "door", "flow-fade");
        awaitModel(kafka, "yard", "persistence");
        assertThat(file()).content().contains("model: flow-fade");
        assertThat(send(all, "GET", "metrics", "").body())
                .contains("framecast_camera_models{state=\"running\"} 1.0")
                .contains("framecast_camera_models{state=\"refused\"} 0.0");

        for (String camera : List.of("door", "yard", "hall")) {
            List<Forecast> made = forecasts(kafka, camera);
            assertThat(made.stream().map(one -> one.origin().epoch()).distinct())
                    .as("%s is not opened anew for another model", camera)
                    .hasSize(1);
            assertThat(made.stream().map(one -> one.origin().sequence())).doesNotHaveDuplicates();
            for (int i = 1; i < made.size(); i++) {
                assertThat(made.get(i).origin().sequence())
                        .as("windows of %s are due every second frame", camera)
                        .isEqualTo(made.get(i - 1).origin().sequence() + 2);
            }
        }
    }

    @Test
    void captureAndPredictApart_theNameTravels_andAnUnknownOneIsToldByThePredictorOnce() throws Exception {
        Files.writeString(file(), """
                door: {source: 'test:street', model: persistence}
                yard: {source: 'test:still', model: nowhere}
                """);
        Running capture = start(new NodeConfig(
                broker(Optional.empty()),
                capture(false, Map.of(), "hall=test:shapes"),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty()));
        KafkaConnection kafka = kafka(capture);
        Running predict = start(new NodeConfig(
                broker(Optional.of(kafka.bootstrap())),
                Optional.empty(),
                predict("flow-fade"),
                false,
                page(),
                Optional.empty()));
        awaitModel(kafka, "door", "persistence");
        awaitModel(kafka, "yard", "flow-fade");
        awaitModel(kafka, "hall", "flow-fade");
        String refusal = "model     'nowhere', which camera yard is to have, cannot run here: model 'nowhere' is"
                + " unknown: there are \\[.*\\]; its cameras stay with flow-fade";
        predict.awaitLine(refusal);
        assertThat(send(predict, "GET", "metrics", "").body())
                .contains("framecast_camera_models{state=\"refused\"} 1.0")
                .contains("framecast_camera_models{state=\"running\"} 1.0");

        Files.writeString(file(), "door: {source: 'test:street'}\nyard: {source: 'test:still', model: persistence}\n");

        awaitModel(kafka, "door", "flow-fade");
        awaitModel(kafka, "yard", "persistence");
        assertThat(predict.lines).filteredOn(line -> line.matches(refusal)).hasSize(1);
    }

    @Test
    void run_cameraOfTheCommandLineWithAnUnknownModel_doesNotStart() {
        var node = new Node(
                new NodeConfig(
                        broker(Optional.empty()),
                        capture(false, Map.of(new CameraId("hall"), "nowhere"), "hall=test:shapes"),
                        predict("flow-fade"),
                        false,
                        Optional.empty(),
                        Optional.empty()),
                line -> {});
        assertThatThrownBy(node::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("--camera hall.model: model 'nowhere' is unknown: there are [");
    }
}
