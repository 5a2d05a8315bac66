package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;

/** {@code docker/compose.yaml} as its first lines say, with the images that {@code docker/build} makes. */
@Tag("containers")
class ComposeIT {
    private static final Duration DEADLINE = Duration.ofMinutes(4);
    private static final String TOKEN = "sesame";
    private static final List<String> ROLES = List.of("capture", "predict", "score", "preview");

    @TempDir
    Path folder;

    private record Ended(int exitCode, String output) {}

    private Ended run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "compose", ".out");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("FRAMECAST_TOKEN", TOKEN);
        Process process = builder.start();
        assertThat(process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    }

    /** The plugin of newer engines, or the program of its own that came before. */
    private Ended compose(String... arguments) throws IOException, InterruptedException {
        boolean isPlugin = run(List.of("docker", "compose", "version")).exitCode() == 0;
        var command = new ArrayList<>(isPlugin ? List.of("docker", "compose") : List.of("docker-compose"));
        command.addAll(List.of("-p", "framecast-test", "-f", "docker/compose.yaml"));
        command.addAll(List.of(arguments));
        return run(command);
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
        for (String role : ROLES) {
            for (String id : compose("ps", "-q", role).output().lines().toList()) {
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
                        JsonNode street = cameras().get(0);
                        assertThat(street.get("id").asText()).isEqualTo("street");
                        assertThat(street.get("state").asText()).isEqualTo("live");
                        assertThat(street.get("scores").asInt()).isPositive();
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
