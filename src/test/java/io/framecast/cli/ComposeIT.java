package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;

/**
 * {@code docker/compose.yaml} as its first lines say, with the images that {@code docker/build} makes: a camera that
 * speaks RTSP, and every role on a root file system that it cannot write to, as on Kubernetes.
 */
@Tag("containers")
class ComposeIT {
    private static final Duration DEADLINE = Duration.ofMinutes(4);
    private static final String TOKEN = "sesame";
    private static final List<String> CHECKED = List.of("camera", "capture", "predict", "score", "preview");
    private static final String READ_ONLY = """
            x-role: &role
              read_only: true
              tmpfs: ["/tmp:exec"]
              cap_drop: [ALL]
              security_opt: ["no-new-privileges:true"]
            services: {capture: *role, predict: *role, score: *role, preview: *role}
            """;

    @TempDir
    Path folder;

    private record Ended(int exitCode, String output) {}

    private Ended run(List<String> command) throws IOException, InterruptedException {
        return run(command, Map.of());
    }

    private Ended run(List<String> command, Map<String, String> environment) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "compose", ".out");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("FRAMECAST_TOKEN", TOKEN);
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    }

    /** The plugin of newer engines, or the program of its own that came before. */
    private List<String> program() throws IOException, InterruptedException {
        boolean isPlugin = run(List.of("docker", "compose", "version")).exitCode() == 0;
        return isPlugin ? List.of("docker", "compose") : List.of("docker-compose");
    }

    private Ended compose(String... arguments) throws IOException, InterruptedException {
        Path readOnly = Files.writeString(folder.resolve("read-only.yaml"), READ_ONLY);
        var command = new ArrayList<>(program());
        command.addAll(List.of("-p", "framecast-test", "-f", "docker/compose.yaml", "-f", readOnly.toString()));
        command.addAll(List.of("--profile", "demo"));
        command.addAll(List.of(arguments));
        return run(command, Map.of("CAMERA", "yard=rtsp://camera:8554/yard"));
    }

    /** The services as compose understands its files. */
    private JsonNode services(String... files) throws IOException, InterruptedException {
        var command = new ArrayList<>(program());
        for (String file : files) {
            command.addAll(List.of("-f", file));
        }
        command.add("config");
        Ended config = run(command);
        assertThat(config.exitCode()).as(config.output()).isZero();
        return new ObjectMapper(new YAMLFactory()).readTree(config.output()).get("services");
    }

    @Test
    void config_ofComposeAlone_capturesTheStreet() throws Exception {
        assertThat(services("docker/compose.yaml").at("/capture/command/1").asText())
                .isEqualTo("test:street");
    }

    @Test
    void config_withCuda_givesPredictorsAGpu_andLeavesTheOthers() throws Exception {
        JsonNode plain = services("docker/compose.yaml");
        JsonNode services = services("docker/compose.yaml", "docker/compose.cuda.yaml");

        JsonNode predict = services.get("predict");
        assertThat(predict.get("image").asText()).isEqualTo("framecast:cuda");
        assertThat(predict.get("command")).isEqualTo(plain.at("/predict/command"));
        assertThat(predict.at("/environment/FRAMECAST_DEVICE").asText()).isEqualTo("cuda");
        assertThat(predict.at("/environment/FRAMECAST_KAFKA").asText()).isEqualTo("kafka:9092");
        JsonNode device = predict.at("/deploy/resources/reservations/devices/0");
        assertThat(device.get("driver").asText()).isEqualTo("nvidia");
        assertThat(device.get("count").asInt()).isEqualTo(1);
        assertThat(device.get("capabilities").toString()).isEqualTo("[\"gpu\"]");
        for (String service : List.of("kafka", "topics", "capture", "score", "preview")) {
            assertThat(services.get(service)).as(service).isEqualTo(plain.get(service));
        }
    }

    private static JsonNode cameras() throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:8080/cameras"))
                .header("Authorization", "Bearer " + TOKEN)
                .build();
        return new ObjectMapper()
                .readTree(HttpClient.newHttpClient()
                        .send(request, BodyHandlers.ofString())
                        .body())
                .get("cameras");
    }

    private boolean areHealthy() throws IOException, InterruptedException {
        for (String service : CHECKED) {
            for (String id : compose("ps", "-q", service).output().lines().toList()) {
                if (!run(List.of("docker", "inspect", "-f", "{{.State.Health.Status}}", id))
                        .output()
                        .strip()
                        .equals("healthy")) {
                    return false;
                }
            }
        }
        return true;
    }

    @Test
    void up_everyRoleIsHealthy_andThePageShowsForecastsThatAreScored() throws Exception {
        assumeThat(DockerClientFactory.instance().isDockerAvailable())
                .as("no Docker engine answers, so compose did not run: see .ci/run")
                .isTrue();
        try {
            Ended up = compose("up", "-d");
            assertThat(up.exitCode()).as(up.output()).isZero();

            await().atMost(DEADLINE)
                    .pollInterval(Duration.ofSeconds(3))
                    .ignoreExceptions()
                    .untilAsserted(() -> {
                        JsonNode yard = cameras().get(0);
                        assertThat(yard.get("id").asText()).isEqualTo("yard");
                        assertThat(yard.get("state").asText()).isEqualTo("live");
                        assertThat(yard.get("scores").asInt()).isPositive();
                        assertThat(areHealthy()).isTrue();
                    });
            assertThat(compose("ps", "-q", "predict").output().lines()).hasSize(2);
        } finally {
            Ended logs = compose("logs", "--tail", "30");
            Files.writeString(Path.of("target", "compose.log"), logs.output());
            compose("down", "-v", "-t", "15");
        }
    }
}
