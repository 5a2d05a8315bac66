package io.framecast.preview.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.framecast.forecast.Forecast;
import io.framecast.frame.CameraState;
import io.framecast.frame.Pixels;
import io.framecast.preview.CameraViews;
import io.framecast.preview.MovingScene;
import io.framecast.preview.SceneFeed;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Node;

@Timeout(60)
class PreviewServerTest {
    private static final HttpConfig ANY_PORT = new HttpConfig("127.0.0.1", 0, Optional.empty());

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final CameraViews views = new CameraViews();
    private final MovingScene door = new MovingScene("front-door", 1);
    private List<String> notReady = List.of();
    private PreviewServer server = start(ANY_PORT);

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void page_get_comesWithAllItNamesAndNothingFromElsewhere() throws Exception {
        var page = get("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
        assertThat(page.body()).contains("Framecast").doesNotContainPattern("(href|src)=\"[^\"]*//");
        assertThat(page.body())
                .as("addresses from the root, wrong below a path")
                .doesNotContainPattern("(href|src)=\"/");
        for (var file : List.of(
                "style.css",
                "app.js",
                "ahead.js",
                "card.js",
                "clock.js",
                "draw.js",
                "order.js",
                "past.js",
                "wire.js",
                "words.js",
                "icon.svg")) {
            assertThat(get("/" + file).statusCode()).as(file).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/cameras", "/health/live", "/nothing", "/metrics"})
    void anyAnswer_hasSafeHeaders(String path) throws Exception {
        var headers = get(path).headers();

        assertThat(headers.firstValue("x-content-type-options")).contains("nosniff");
        assertThat(headers.firstValue("x-frame-options")).contains("DENY");
        assertThat(headers.firstValue("referrer-policy")).contains("no-referrer");
        assertThat(headers.firstValue("cache-control")).contains(path.equals("/") ? "private, no-cache" : "no-store");
        assertThat(headers.firstValue("content-security-policy").orElseThrow()).startsWith("default-src 'self'");
    }

    @Test
    void cameras_live_tellsStateAgeModelAndRate() throws Exception {
        var now = Instant.now();
        for (int i = 0; i <= 10; i++) {
            views.accept(door.frame(i, now.minusMillis(1000 - i * 100L)));
        }
        views.accept(door.forecast(10, now.minusMillis(500)));
        views.accept(door.status(CameraState.LIVE, "", now));

        var camera = json("/cameras").at("/cameras/0");

        assertThat(camera.path("id").asText()).isEqualTo("front-door");
        assertThat(camera.path("state").asText()).isEqualTo("live");
        assertThat(camera.path("stale").asBoolean()).isFalse();
        assertThat(camera.path("fps").asDouble()).isEqualTo(10);
        assertThat(camera.path("frameAgeMs").asLong()).isBetween(0L, 5000L);
        assertThat(camera.path("forecastAgeMs").asLong()).isBetween(500L, 5500L);
        assertThat(camera.at("/model/name").asText()).isEqualTo("moving-scene");
        assertThat(camera.path("horizon").asInt()).isEqualTo(32);
        assertThat(camera.path("expectedError")).hasSize(32);
        assertThat(camera.at("/expectedError/24").asDouble()).isEqualTo(0.05);
    }

    @Test
    void cameras_gone_tellsSinceWhenAndWhy() throws Exception {
        var since = Instant.parse("2026-01-01T12:03:04Z");
        views.accept(door.status(CameraState.RECONNECTING, "connection refused", since));

        var camera = json("/cameras").at("/cameras/0");

        assertThat(camera.path("state").asText()).isEqualTo("reconnecting");
        assertThat(camera.path("since").asText()).isEqualTo("2026-01-01T12:03:04Z");
        assertThat(camera.path("reason").asText()).isEqualTo("connection refused");
        assertThat(camera.path("stale").asBoolean()).isTrue();
    }

    @Test
    void forecastJson_get_tellsWhatTheForecastIsAndLinksItsPixels() throws Exception {
        views.accept(door.forecast(3, Instant.parse("2026-01-01T12:00:00Z")));

        var forecast = json("/cameras/front-door/forecast.json");

        assertThat(forecast.path("id").asText()).isEqualTo("front-door/1/3/moving-scene");
        assertThat(forecast.path("contextLength").asInt()).isEqualTo(10);
        assertThat(forecast.path("forTimes")).hasSize(32);
        assertThat(forecast.at("/forTimes/31").asText()).isEqualTo("2026-01-01T12:00:03.200Z");
        assertThat(forecast.at("/latencyMs/total").asDouble()).isEqualTo(85);
        assertThat(forecast.at("/shape/width").asInt()).isEqualTo(64);
        assertThat(forecast.path("expectedMse")).hasSize(32);
        assertThat(forecast.at("/expectedMse/31").asDouble()).isEqualTo(32e-4);
        var itself = URI.create("/door-cameras/cameras/front-door/forecast.json");
        assertThat(itself.resolve(forecast.at("/links/png").asText()))
                .hasToString("/door-cameras/cameras/front-door/forecast.png");
    }

    @ParameterizedTest
    @CsvSource({"'',8", "?layout=grid,8", "?layout=row,32"})
    void forecastPng_anyLayout_isTheDataPixelForPixel(String options, int columns) throws Exception {
        var forecast = door.forecast(3, Instant.now());
        views.accept(forecast);

        var image = ImageIO.read(new ByteArrayInputStream(bytes("/cameras/front-door/forecast.png" + options)));

        assertThat(image.getWidth()).isEqualTo(columns * 64);
        assertThat(image.getHeight()).isEqualTo(32 / columns * 64);
        for (int step = 0; step < Forecast.HORIZON; step++) {
            var part = image.getSubimage(step % columns * 64, step / columns * 64, 64, 64);
            assertThat(pixels(part))
                    .as("step %d", step)
                    .isEqualTo(forecast.frames().get(step));
        }
    }

    @Test
    void livePng_get_isTheNewestFrame() throws Exception {
        var frame = door.frame(3, Instant.now());
        views.accept(frame);

        var image = ImageIO.read(new ByteArrayInputStream(bytes("/cameras/front-door/live.png")));

        assertThat(pixels(image)).isEqualTo(frame.pixels());
    }

    @Test
    void forecastGif_get_hasEveryFrameAtItsPaceAndRepeats() throws Exception {
        Forecast forecast = door.forecast(3, Instant.now());
        views.accept(forecast);

        ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
        reader.setInput(
                ImageIO.createImageInputStream(new ByteArrayInputStream(bytes("/cameras/front-door/forecast.gif"))));

        assertThat(reader.getNumImages(true)).isEqualTo(Forecast.HORIZON);
        for (int step = 0; step < Forecast.HORIZON; step++) {
            BufferedImage image = reader.read(step);
            assertThat(image.getWidth()).isEqualTo(256);
            Pixels frame = forecast.frames().get(step);
            for (int place : new int[] {0, 1000, 2080, 4095}) {
                int rgb = image.getRGB(place % 64 * 4 + 1, place / 64 * 4 + 1);
                for (int channel = 0; channel < 3; channel++) {
                    assertThat(rgb >> (16 - 8 * channel) & 0xFF)
                            .as("step %d, place %d", step, place)
                            .isCloseTo(frame.at(place * 3 + channel), within(24)); // of 256 colours
                }
            }
        }
        Node control = reader.getImageMetadata(0).getAsTree("javax_imageio_gif_image_1.0");
        assertThat(new String(bytes("/cameras/front-door/forecast.gif"), StandardCharsets.ISO_8859_1))
                .contains("NETSCAPE2.0");
        assertThat(attribute(control, "GraphicControlExtension", "delayTime")).isEqualTo("10");
    }

    private static String attribute(Node root, String child, String name) {
        for (Node node = root.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node.getNodeName().equals(child)) {
                return node.getAttributes().getNamedItem(name).getNodeValue();
            }
        }
        return "none";
    }

    @Test
    void forecastMp4_isWhatTheEncoderMakes() throws Exception {
        views.accept(door.forecast(3, Instant.now()));

        assertThat(bytes("/cameras/front-door/forecast.mp4")).containsExactly(1, 2, 3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nothing",
                "/app.java",
                "/../pom.xml",
                "/preview/index.html",
                "/cameras/",
                "/cameras/unknown/forecast.json",
                "/cameras/unknown/preview.mjpg",
                "/cameras/a%20b/forecast.png",
                "/cameras/front-door/forecast.png",
                "/cameras/front-door/live.png",
                "/cameras/front-door/other",
                "/cameras/front-door/more/forecast.png"
            })
    void unknownThing_is404WithJson(String path) throws Exception {
        views.accept(door.status(CameraState.CONNECTING, "", Instant.now()));

        var answer = get(path);

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(parse(answer.body()).path("error").asText()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS"})
    void otherMethod_is405(String method) throws Exception {
        var answer = client.send(
                request("/cameras")
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("allow")).contains("GET, HEAD");
    }

    @Test
    void head_anyPage_hasTheLengthButNoBody() throws Exception {
        var head = client.send(
                request("/").method("HEAD", HttpRequest.BodyPublishers.noBody()).build(), BodyHandlers.ofString());

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValueAsLong("content-length"))
                .hasValue(get("/").body().getBytes(StandardCharsets.UTF_8).length);
    }

    @Test
    void health_notReady_is503AndNamesWhatIsMissing() throws Exception {
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);

        notReady = List.of("kafka: no broker answers");
        var answer = get("/health/ready");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(parse(answer.body()).at("/notReady/0").asText()).isEqualTo("kafka: no broker answers");
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void metrics_get_isTheSuppliersText() throws Exception {
        var answer = get("/metrics");

        assertThat(answer.body()).isEqualTo("frames_total 7\n");
        assertThat(answer.headers().firstValue("content-type").orElseThrow()).startsWith("text/plain; version=0.0.4");
    }

    @Test
    void longHeader_isRefusedAndTheServerGoesOn() throws Exception {
        var answer = client.send(
                request("/cameras").header("X-Long", "x".repeat(100_000)).build(), BodyHandlers.ofString());

        assertThat(answer.statusCode()).isBetween(400, 499);
        assertThat(get("/cameras").statusCode()).isEqualTo(200);
    }

    @Test
    void token_missingOrWrong_is401ExceptForHealth() throws Exception {
        restartWith("s3cret");

        assertThat(get("/").statusCode()).isEqualTo(401);
        assertThat(get("/cameras").statusCode()).isEqualTo(401);
        assertThat(get("/metrics").statusCode()).isEqualTo(401);
        assertThat(get("/events").statusCode()).isEqualTo(401);
        assertThat(get("/cameras?token=s3cre").statusCode()).isEqualTo(401);
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void token_missing_isAskedForInABrowser() throws Exception {
        restartWith("s3cret");
        var page =
                request("/").header("Accept", "text/html,application/xhtml+xml").build();

        var answer = client.send(page, BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().allValues("content-security-policy"))
                .singleElement()
                .asString()
                .contains("form-action 'self'");
        assertThat(answer.body()).contains("<form method=\"get\">", "name=\"token\"", "You need a token");

        var wrong = request("/?token=s3cre").header("Accept", "text/html").build();
        assertThat(client.send(wrong, BodyHandlers.ofString()).body()).contains("That token is wrong.");

        var clip = request("/cameras/front/clip.mp4?from=1&x=%22%3E%3Cscript%3E")
                .header("Accept", "text/html")
                .build();
        assertThat(client.send(clip, BodyHandlers.ofString()).body())
                .contains("<input type=\"hidden\" name=\"from\" value=\"1\">", "value=\"&quot;&gt;&lt;script&gt;\"")
                .doesNotContain("<script>");
    }

    @Test
    void token_inHeaderAddressOrCookie_opens() throws Exception {
        restartWith("s3cret");

        var bearer =
                request("/cameras").header("Authorization", "Bearer s3cret").build();
        assertThat(client.send(bearer, BodyHandlers.ofString()).statusCode()).isEqualTo(200);

        var page = get("/?token=s3cret");
        var cookie = page.headers().firstValue("set-cookie").orElseThrow();
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(cookie).contains("HTTPOnly", "SameSite=Strict").doesNotContain("s3cret");

        var later = request("/cameras")
                .header("Cookie", cookie.substring(0, cookie.indexOf(';')))
                .build();
        assertThat(client.send(later, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }

    @Test
    void otherSite_mayNotReadAnything() throws Exception {
        var page = request("/cameras").header("Origin", "http://evil.example").build();
        assertThat(client.send(page, BodyHandlers.ofString()).statusCode()).isEqualTo(403);

        assertThat(raw("GET /cameras HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                .as("a name of another site that leads to loopback")
                .startsWith("HTTP/1.1 403");
    }

    @Test
    void mjpeg_framesChange_partsAreJpegsThatChange() throws Exception {
        try (var feed = new SceneFeed(views, "front-door")) {
            await().until(() ->
                    views.view(door.frame(0, Instant.now()).camera()).isPresent());
            var answer = stream("/cameras/front-door/preview.mjpg");
            var parts = new MjpegParts(answer.body());

            assertThat(answer.headers().firstValue("content-type"))
                    .contains("multipart/x-mixed-replace; boundary=framecast");
            var first = parts.next();
            var later = parts.next();
            while (Arrays.equals(first, later)) {
                later = parts.next();
            }
            var image = ImageIO.read(new ByteArrayInputStream(later));
            assertThat(image.getWidth()).isEqualTo(512);
            assertThat(image.getHeight()).isEqualTo(256);
            assertThat(feed).isNotNull();
            answer.body().close();
        }
    }

    @ParameterizedTest
    @CsvSource({"overlay,256", "side,512", "difference,256", "live,256", "forecast,256"})
    void mjpeg_anyView_hasItsWidth(String view, int width) throws Exception {
        views.accept(door.frame(0, Instant.now()));
        views.accept(door.forecast(0, Instant.now()));

        try (var body = stream("/cameras/front-door/preview.mjpg?view=" + view).body()) {
            assertThat(ImageIO.read(new ByteArrayInputStream(new MjpegParts(body).next()))
                            .getWidth())
                    .isEqualTo(width);
        }
    }

    @Test
    void mjpeg_unknownView_is400() throws Exception {
        views.accept(door.frame(0, Instant.now()));

        assertThat(get("/cameras/front-door/preview.mjpg?view=best").statusCode())
                .isEqualTo(400);
    }

    @Test
    void mjpeg_aClientThatNeverReads_holdsUpNobody() throws Exception {
        try (var feed = new SceneFeed(views, "front-door");
                var stuck = new Socket(InetAddress.getLoopbackAddress(), port())) {
            assertThat(feed).isNotNull();
            await().until(() -> json("/cameras").path("cameras").size() == 1);
            stuck.setReceiveBufferSize(2048);
            stuck.getOutputStream()
                    .write("GET /cameras/front-door/preview.mjpg HTTP/1.1\r\nHost: localhost\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));

            try (var body = stream("/cameras/front-door/preview.mjpg").body()) {
                var parts = new MjpegParts(body);
                for (int i = 0; i < 40; i++) {
                    assertThat(parts.next()).isNotEmpty();
                }
            }
            assertThat(get("/cameras").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void close_withStreamsAttached_endsThemWithinTwoSeconds() throws Exception {
        views.accept(door.frame(0, Instant.now()));
        var body = stream("/cameras/front-door/preview.mjpg").body();
        assertThat(new MjpegParts(body).next()).isNotEmpty();
        var drained = CompletableFuture.runAsync(() -> drain(body));

        var started = Instant.now();
        server.close();
        server.close();

        assertThat(Duration.between(started, Instant.now())).isLessThan(Duration.ofSeconds(2));
        assertThat(drained).succeedsWithin(2, TimeUnit.SECONDS);
    }

    @Test
    void start_portTaken_namesItAndTheWayOut() {
        var config = new HttpConfig("127.0.0.1", port(), Optional.empty());

        assertThatThrownBy(() -> start(config))
                .isInstanceOf(CannotListenException.class)
                .hasMessageContaining("127.0.0.1:" + port())
                .hasMessageContaining("--port")
                .hasMessageNotContaining("\n");
    }

    private PreviewServer start(HttpConfig config) {
        return PreviewServer.start(
                config, views, () -> notReady, () -> "frames_total 7\n", any -> new byte[] {1, 2, 3});
    }

    private void restartWith(String token) {
        server.close();
        server = start(new HttpConfig("127.0.0.1", 0, Optional.of(token)));
    }

    private int port() {
        return server.address().getPort();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(Duration.ofSeconds(20));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), BodyHandlers.ofString());
    }

    private byte[] bytes(String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), BodyHandlers.ofByteArray()).body();
    }

    private HttpResponse<InputStream> stream(String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), BodyHandlers.ofInputStream());
    }

    private JsonNode json(String path) throws IOException, InterruptedException {
        return parse(get(path).body());
    }

    private static JsonNode parse(String json) throws IOException {
        return new ObjectMapper().readTree(json);
    }

    private String raw(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void drain(InputStream body) {
        try {
            body.transferTo(OutputStream.nullOutputStream());
        } catch (IOException cutOff) {
            // a stream may end abruptly when its server closes
        }
    }

    private static Pixels pixels(BufferedImage image) {
        var bytes = new byte[image.getWidth() * image.getHeight() * 3];
        for (int place = 0; place < image.getWidth() * image.getHeight(); place++) {
            int rgb = image.getRGB(place % image.getWidth(), place / image.getWidth());
            bytes[place * 3] = (byte) (rgb >> 16);
            bytes[place * 3 + 1] = (byte) (rgb >> 8);
            bytes[place * 3 + 2] = (byte) rgb;
        }
        return Pixels.copyOf(bytes);
    }
}
