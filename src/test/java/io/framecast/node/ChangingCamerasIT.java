package io.framecast.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.framecast.camera.CamerasFile;
import io.framecast.preview.http.HttpConfig;
import io.framecast.source.SourceConfig;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Cameras that are added, changed, paused and removed in a process that runs: over HTTP, and in their file. */
@Timeout(180)
class ChangingCamerasIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private Node node;
    private CompletableFuture<RunSummary> running;
    private URI page;

    @BeforeEach
    void start() {
        start(true);
    }

    private void start(boolean localAllowed) {
        lines.clear();
        var broker = new BrokerConfig(
                Optional.empty(), 0, "test", Map.of(), Optional.empty(), folder.resolve("data"), false);
        var capture = new CaptureConfig(
                List.of(),
                SourceConfig.defaults(),
                Map.of(),
                false,
                Optional.of(new CaptureConfig.Changes(new CamerasFile(file()), true, localAllowed)));
        var http = new HttpConfig("127.0.0.1", 0, Optional.of("sesame"));
        node = new Node(
                new NodeConfig(
                        broker,
                        Optional.of(capture),
                        Optional.empty(),
                        false,
                        Optional.of(new PreviewConfig(http, true, false)),
                        Optional.empty()),
                lines::add);
        running = CompletableFuture.supplyAsync(node::run);
        page = URI.create(awaitLine("preview   http.*").replaceFirst("preview +", ""));
        awaitLine("kafka .*");
    }

    @AfterEach
    void stop() throws Exception {
        node.stop();
        running.get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    private Path file() {
        return folder.resolve("cameras.yaml");
    }

    private String awaitLine(String regex) {
        await().atMost(SOON).until(() -> lines.stream().anyMatch(line -> line.matches(regex)));
        return lines.stream().filter(line -> line.matches(regex)).findFirst().orElseThrow();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(page.resolve(path)).header("Authorization", "Bearer sesame");
    }

    private <T> HttpResponse<T> send(String method, String path, String body, HttpResponse.BodyHandler<T> handler)
            throws Exception {
        return client.send(
                request(path)
                        .header("Content-Type", "application/json")
                        .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                        .build(),
                handler);
    }

    private JsonNode ask(int status, String method, String path, String body) throws Exception {
        var answer = send(method, path, body, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JSON.readTree(answer.body());
    }

    /** The state of a camera on the page; empty if there is none. */
    private String state(String camera) throws Exception {
        var cameras = JSON.readTree(
                client.send(request("cameras").build(), BodyHandlers.ofString()).body());
        return StreamSupport.stream(cameras.get("cameras").spliterator(), false)
                .filter(shown -> shown.get("id").asText().equals(camera))
                .map(shown -> shown.get("state").asText())
                .findFirst()
                .orElse("");
    }

    private void awaitState(String camera, String wanted) {
        await().atMost(SOON).untilAsserted(() -> assertThat(state(camera)).isEqualTo(wanted));
    }

    /** Live, or delivering frames without a predictor, which there is none here. */
    private void awaitFrames(String camera) {
        await().atMost(SOON).untilAsserted(() -> assertThat(state(camera)).isIn("live", "no-forecast"));
    }

    @Test
    void camera_fromItsAddingToItsRemoval_isSeenOnThePage_andOthersGoOn() throws Exception {
        var added = ask(201, "POST", "api/cameras", "{\"id\": \"yard\", \"source\": \"test:street\"}");
        assertThat(added)
                .hasToString(
                        "{\"id\":\"yard\",\"source\":\"test:street\",\"settings\":{},\"paused\":false,\"canChange\":true}");
        ask(201, "POST", "api/cameras", "{\"source\": \"test:shapes\", \"settings\": {\"fps\": 4}}");
        awaitFrames("yard");
        awaitFrames("shapes");

        ask(200, "PUT", "api/cameras/shapes", "{\"paused\": true}");
        awaitState("shapes", "paused");
        ask(200, "PUT", "api/cameras/shapes", "{\"paused\": false}");
        awaitFrames("shapes");
        ask(200, "PUT", "api/cameras/shapes", "{\"settings\": {\"fps\": 20}}");
        HttpRequest throughProxy = request("api/cameras/shapes")
                .header("X-Forwarded-For", "203.0.113.7, 10.0.0.2")
                .DELETE()
                .build();
        assertThat(client.send(throughProxy, BodyHandlers.discarding()).statusCode())
                .isEqualTo(200);
        awaitState("shapes", "");

        assertThat(state("yard")).isIn("live", "no-forecast");
        assertThat(lines)
                .filteredOn(line -> line.startsWith("camera    yard"))
                .noneMatch(line -> line.contains("ended"));
        assertThat(lines.stream()
                        .map(line -> line.replaceFirst(" at 20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ", " at TIME")))
                .contains(
                        "camera    yard is added over HTTP by 127.0.0.1 at TIME: test:street",
                        "camera    shapes is changed over HTTP by 127.0.0.1 at TIME: test:shapes {fps=4}, paused",
                        "camera    shapes is changed over HTTP by 127.0.0.1 at TIME: test:shapes {fps=20}",
                        "camera    shapes is taken out over HTTP by 127.0.0.1 for 203.0.113.7, 10.0.0.2 at TIME",
                        "camera    shapes is removed");
        var metrics =
                client.send(request("metrics").build(), BodyHandlers.ofString()).body();
        assertThat(metrics)
                .contains("framecast_camera_up{camera=\"yard\"} 1.0")
                .doesNotContain("framecast_camera_up{camera=\"shapes\"}")
                .contains("framecast_frames_read_total{camera=\"shapes\"}");
    }

    @Test
    void changes_surviveARestart() throws Exception {
        ask(201, "POST", "api/cameras", "{\"id\": \"yard\", \"source\": \"test:street\"}");
        ask(201, "POST", "api/cameras", "{\"id\": \"gate\", \"source\": \"test:still\", \"paused\": true}");
        ask(201, "POST", "api/cameras", "{\"id\": \"gone\", \"source\": \"test:still\"}");
        awaitFrames("gone");
        ask(200, "DELETE", "api/cameras/gone", "");
        awaitState("gone", "");
        stop();

        start(true);

        awaitFrames("yard");
        awaitState("gate", "paused");
        assertThat(state("gone")).isEmpty();
    }

    @Test
    void file_edited_isFollowed_andWhatIsWrongInItIsSaid() throws Exception {
        Files.writeString(file(), "yard: test:street\ngate: test:still\n");
        awaitFrames("yard");
        awaitFrames("gate");

        Files.writeString(file(), "yard: test:street\ngate: nosuch://x\nhall: test:shapes\n");

        awaitFrames("hall");
        awaitLine("cameras +cameras file '.*cameras.yaml', camera 'gate': .*unknown scheme 'nosuch'.*");
        assertThat(state("gate")).isIn("live", "no-forecast");
        ask(201, "POST", "api/cameras", "{\"id\": \"roof\", \"source\": \"test:still\"}");
        assertThat(file()).as("what is wrong stays").content().contains("nosuch://x");
        ask(200, "DELETE", "api/cameras/gate", "");
        assertThat(file()).content().doesNotContain("nosuch://x");
        Files.writeString(file(), "hall: test:shapes\n");
        awaitState("yard", "");
        awaitState("gate", "");
    }

    @Test
    void password_isNeverToldAndIsKeptWhereItIsLeftOut() throws Exception {
        var added =
                ask(201, "POST", "api/cameras", "{\"id\": \"door\", \"source\": \"rtsp://user:s3cr3t@127.0.0.1:1/\"}");
        var masked = added.get("source").asText();
        assertThat(masked).isEqualTo("rtsp://***@127.0.0.1:1/");

        ask(200, "PUT", "api/cameras/door", "{\"source\": \"" + masked + "\", \"settings\": {\"fps\": 3}}");
        ask(200, "PUT", "api/cameras/door", "{\"paused\": true}");
        ask(422, "PUT", "api/cameras/door", "{\"source\": \"rtsp://***@192.0.2.1/\"}");

        assertThat(file()).content().contains("user:s3cr3t@");
        assertThat(ask(200, "GET", "api/cameras", "").toString()).doesNotContain("s3cr3t");
        assertThat(String.join("\n", lines)).contains("door is changed").doesNotContain("s3cr3t");
    }

    @Test
    void picture_ofASource_isAJpeg_andNothingIsAdded() throws Exception {
        var answer = send("POST", "api/picture", "{\"source\": \"test:street\"}", BodyHandlers.ofByteArray());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).contains("image/jpeg");
        assertThat(ImageIO.read(new ByteArrayInputStream(answer.body())).getWidth())
                .isGreaterThan(64);
        assertThat(ask(200, "GET", "api/cameras", "").get("cameras")).isEmpty();
        assertThat(ask(422, "POST", "api/picture", "{\"source\": \"rtsp://127.0.0.1:1/\"}")
                        .toString())
                .contains("refused the connection");
    }

    @Test
    void wish_thatCannotBe_isRefusedInOneLine() throws Exception {
        for (String wish : """
                POST|api/cameras|[1|400|no JSON
                POST|api/cameras|[1]|400|no JSON object
                POST|api/cameras|{"sauce": "x"}|400|'sauce' is unknown
                POST|api/cameras|{"source": 5}|400|texts in quotes
                POST|api/cameras|{"source": "test:street", "paused": "yes"}|400|true or false
                POST|api/cameras|{"source": "test:street", "settings": 5}|400|an object
                POST|api/cameras|{}|400|no source
                POST|api/cameras|{"id": "a b", "source": "test:street"}|400|'a b' is malformed
                POST|api/cameras|{"source": "/etc/passwd"}|422|files and devices
                POST|api/cameras|{"source": "rtsp://u:{env:HOME}@192.0.2.1/"}|422|a secret of this machine
                POST|api/cameras|{"source": "test:street", "settings": {"fps": 0}}|422|above 0
                POST|api/cameras|{"source": "test:street", "settings": {"region": "0,0,1,1"}}|422|no region
                PUT|api/cameras/nobody|{"paused": true}|404|no camera 'nobody'
                DELETE|api/cameras/nobody||404|no camera 'nobody'
                GET|api/cameras/nobody||404|no camera 'nobody'
                GET|api/cameras/a/b||404|nothing here
                PATCH|api/cameras|{}|405|GET, HEAD, POST
                PATCH|api/cameras/a|{}|405|GET, HEAD, PUT, DELETE
                """.lines().toList()) {
            String[] parts = wish.split("\\|", -1);
            assertThat(ask(Integer.parseInt(parts[3]), parts[0], parts[1], parts[2])
                            .get("error")
                            .asText())
                    .contains(parts[4])
                    .doesNotContain("\n");
        }
        assertThat(file()).doesNotExist();
    }

    @Test
    void client_withoutTokenOrWithAForm_isRefused() throws Exception {
        var camera = BodyPublishers.ofString("{\"source\": \"test:street\"}");
        var stranger = HttpRequest.newBuilder(page.resolve("api/cameras"))
                .header("Content-Type", "application/json")
                .POST(camera)
                .build();
        assertThat(client.send(stranger, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
        var form = request("api/cameras")
                .header("Content-Type", "text/plain")
                .POST(camera)
                .build();
        assertThat(client.send(form, BodyHandlers.ofString()).statusCode()).isEqualTo(415);
        var large =
                send("POST", "api/cameras", "{\"source\": \"" + "x".repeat(20_000) + "\"}", BodyHandlers.ofString());
        assertThat(large.statusCode()).isEqualTo(413);
        assertThat(file()).doesNotExist();
    }

    @Test
    void address_ofThisMachine_isRefusedUnlessAllowed() throws Exception {
        stop();
        start(false);

        assertThat(ask(422, "POST", "api/cameras", "{\"source\": \"rtsp://localhost/\"}")
                        .toString())
                .contains("--allow-local-cameras");
        assertThat(ask(422, "POST", "api/picture", "{\"source\": \"http://169.254.169.254/\"}")
                        .toString())
                .contains("--allow-local-cameras");
    }
}
