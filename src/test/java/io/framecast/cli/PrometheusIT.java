package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Prometheus that watches a whole run, with our alerts, and answers every query of the dashboard and the docs.
 */
@Tag("system")
class PrometheusIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ALERT = Pattern.compile("(?m)^ +expr: (.*)$");
    private static final Pattern QUESTION = Pattern.compile("(?m)^\\| [^|]*\\? \\| `(.*)` \\|$");

    /** Queries that have an answer only in trouble. */
    private static final Pattern TROUBLE = Pattern.compile(".*( == 0| [<>] ?[0-9.]+|malformed_records.*)$");

    @TempDir
    Path folder;

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static JsonNode ask(int port, String query) throws Exception {
        URI address = URI.create(
                "http://127.0.0.1:" + port + "/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
        return JSON.readTree(HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString())
                .body());
    }

    private static int answers(int port, String query) throws Exception {
        return ask(port, query).at("/data/result").size();
    }

    private static List<String> queries() throws IOException {
        var queries = new ArrayList<String>();
        queries.addAll(JSON.readTree(Files.readString(Path.of("docker/grafana/dashboard.json")))
                .findValuesAsText("expr"));
        ALERT.matcher(Files.readString(Path.of("docker/alerts.yml")))
                .results()
                .forEach(found -> queries.add(found.group(1)));
        QUESTION.matcher(Files.readString(Path.of("docs/metrics.md")))
                .results()
                .forEach(found -> queries.add(found.group(1).replace("\\|", "|")));
        return queries.stream()
                .map(query -> query.replace("$camera", ".*"))
                .distinct()
                .toList();
    }

    @Test
    void everyQuery_ofDashboardAlertsAndDocs_isAnswered() throws Exception {
        int metrics = freePort();
        int port = freePort();
        Path config = Files.writeString(
                folder.resolve("prometheus.yml"),
                "global: {scrape_interval: 1s, evaluation_interval: 1s}\n"
                        + "rule_files: [" + Path.of("docker/alerts.yml").toAbsolutePath() + "]\n"
                        + "scrape_configs:\n"
                        + "  - {job_name: framecast, static_configs: [{targets: [\"127.0.0.1:" + metrics + "\"]}]}\n");
        Process prometheus = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("tsdb"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
        try (var run = FramecastProcess.start(
                folder,
                ("run test:street --shadow flow-mixture --kafka-port 0 --data-dir data --port " + metrics)
                        .split(" "))) {
            run.line("forecast .*", Duration.ofMinutes(2));
            await().atMost(Duration.ofMinutes(2))
                    .ignoreExceptions()
                    .untilAsserted(() ->
                            assertThat(answers(port, "framecast_camera_skill")).isPositive());
            assertThat(queries()).hasSizeGreaterThan(30);
            for (String query : queries()) {
                assertThat(ask(port, query).get("status").asText()).as(query).isEqualTo("success");
                if (!TROUBLE.matcher(query).matches()) {
                    await().atMost(Duration.ofMinutes(1))
                            .untilAsserted(() ->
                                    assertThat(answers(port, query)).as(query).isPositive());
                }
            }
        } finally {
            prometheus.destroyForcibly().waitFor();
        }
    }
}
