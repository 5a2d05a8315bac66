package io.framecast.source.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.framecast.frame.CameraState;
import io.framecast.frame.CameraStatus;
import io.framecast.frame.ClockSource;
import io.framecast.frame.Frame;
import io.framecast.source.FrameSource;
import io.framecast.source.Pace;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceException;
import io.framecast.source.SourceSpec;
import io.framecast.source.Stop;
import io.framecast.source.Turned;
import io.framecast.source.ffmpeg.TestVideos;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.test.StepVerifier;

class HttpSourceTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int MJPEG_MILLIS = 40;

    @TempDir
    Path folder;

    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final Stop stop = new Stop();
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(workers);
        server.createContext("/film.mkv", this::film);
        server.createContext(
                "/page.html",
                exchange -> send(exchange, "<html>no film</html>".repeat(500).getBytes(StandardCharsets.UTF_8)));
        server.createContext("/camera.mjpg", this::camera);
        server.createContext("/snapshot.jpg", exchange -> send(exchange, Turned.jpeg(6)));
        server.start();
    }

    @AfterEach
    void end() {
        stop.give();
        server.stop(0);
        workers.shutdownNow();
    }

    private void film(HttpExchange exchange) throws IOException {
        send(exchange, Files.readAllBytes(folder.resolve("film.mkv")));
    }

    private static void send(HttpExchange exchange, byte[] bytes) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    /** What cheap network cameras do: JPEG after JPEG, no timestamps. */
    private void camera(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().add("Content-Type", "multipart/x-mixed-replace; boundary=next");
            exchange.sendResponseHeaders(200, 0);
            var output = exchange.getResponseBody();
            while (!stop.given()) {
                var jpeg = new ByteArrayOutputStream();
                ImageIO.write(new BufferedImage(160, 120, BufferedImage.TYPE_INT_RGB), "jpg", jpeg);
                var head = "--next\r\nContent-Type: image/jpeg\r\nContent-Length: " + jpeg.size() + "\r\n\r\n";
                output.write(head.getBytes(StandardCharsets.US_ASCII));
                output.write(jpeg.toByteArray());
                output.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                output.flush();
                stop.await(MJPEG_MILLIS * 1_000_000L);
            }
        }
    }

    private FrameSource source(String path, SourceConfig config) {
        var url = "http://user:secret@127.0.0.1:" + server.getAddress().getPort() + path;
        return FrameSources.open(SourceSpec.parse("cam=" + url), config);
    }

    @Test
    void frames_film_areAllThereThenItEnds() {
        TestVideos.write(folder.resolve("film.mkv"), 96, 64, 60, 30);
        var source = source("/film.mkv", SourceConfig.defaults().withPace(Pace.MAX));

        var frames = source.frames().collectList().blockOptional(LIMIT).orElseThrow();

        assertThat(frames).hasSize(20).extracting(frame -> frame.time().clock()).containsOnly(ClockSource.MEDIA);
    }

    @Test
    void frames_motionJpeg_areLiveAtTheirRealRate() {
        var began = System.nanoTime();
        var frames = source("/camera.mjpg", SourceConfig.defaults())
                .frames()
                .take(15)
                .collectList()
                .blockOptional(LIMIT)
                .orElseThrow();

        assertThat(frames).extracting(frame -> frame.time().clock()).containsOnly(ClockSource.ARRIVAL);
        assertThat(frames).extracting(frame -> frame.time().pts()).allMatch(java.util.OptionalLong::isEmpty);
        assertThat(frames.stream().map(Frame::epoch).distinct()).hasSize(1);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(6));
    }

    @Test
    void frames_snapshotOfACameraOnItsSide_areUpright() {
        var frame = source("/snapshot.jpg", SourceConfig.defaults())
                .frames()
                .blockFirst(LIMIT);

        assertThat(frame).isNotNull();
        assertThat(frame.pixels().at(0)).as("red at the top left").isGreaterThan(150);
        assertThat(frame.pixels().at(2)).isLessThan(80);
        assertThat(frame.pixels().at(63 * 3)).as("blue at the top right").isLessThan(80);
        assertThat(frame.pixels().at(63 * 3 + 2)).isGreaterThan(150);
    }

    @Test
    void frames_webPage_failsWithoutThePassword() {
        StepVerifier.create(source("/page.html", SourceConfig.defaults()).frames())
                .expectErrorSatisfies(failure -> {
                    assertThat(failure).hasMessageContaining("is not a video").hasMessageNotContaining("secret");
                    assertThat(((SourceException) failure).reason()).isEqualTo(SourceException.Reason.NOT_A_VIDEO);
                })
                .verify(LIMIT);
    }

    @Test
    void status_nothingAtThePath_saysSoAndGoesOnTrying() {
        var source = source("/none.mp4", SourceConfig.defaults());
        var statuses = new CopyOnWriteArrayList<CameraStatus>();
        source.statuses().subscribe(statuses::add);
        var subscription = source.frames().subscribe();

        await().atMost(LIMIT)
                .until(() -> statuses.stream().anyMatch(status -> status.state() == CameraState.RECONNECTING));
        subscription.dispose();

        assertThat(statuses.get(1).reason())
                .contains("nothing at this path", "***")
                .doesNotContain("secret");
    }
}
