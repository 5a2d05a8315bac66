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
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;

class HttpSourceTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int MJPEG_MILLIS = 40;

    @TempDir
    Path folder;

    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final Stop stop = new Stop();
    private final AtomicInteger snapshots = new AtomicInteger();
    private final AtomicInteger pages = new AtomicInteger();
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(workers);
        server.createContext("/film.mkv", this::film);
        server.createContext("/page.html", exchange -> {
            pages.incrementAndGet();
            send(exchange, "<html>no film</html>".repeat(500).getBytes(StandardCharsets.UTF_8));
        });
        server.createContext("/snapshot", this::snapshot);
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

    /** A picture that a camera replaces, half as often as it is asked for. */
    private void snapshot(HttpExchange exchange) throws IOException {
        var type = exchange.getRequestURI().getQuery();
        int shade = snapshots.getAndIncrement() / 2 * 20 + 10;
        var picture = picture(shade, type.endsWith("png") ? "png" : "jpg");
        exchange.getResponseHeaders().add("Content-Type", type);
        send(exchange, picture);
    }

    private static byte[] picture(int shade, String format) throws IOException {
        var image = new BufferedImage(160, 120, BufferedImage.TYPE_INT_RGB);
        var noise = new Random(shade);
        for (int at = 0; at < 160 * 120; at++) {
            int level = Math.min(255, shade % 236 + noise.nextInt(20));
            image.setRGB(at % 160, at / 160, level << 16 | level << 8 | level);
        }
        var bytes = new ByteArrayOutputStream();
        ImageIO.write(image, format, bytes);
        return bytes.toByteArray();
    }

    /** What network cameras do, each in its way: JPEG after JPEG, no timestamps. */
    private void camera(HttpExchange exchange) throws IOException {
        var dialect = String.valueOf(exchange.getRequestURI().getQuery());
        try (exchange) {
            exchange.getResponseHeaders()
                    .add(
                            "Content-Type",
                            dialect.equals("image")
                                    ? "video/x-motion-jpeg"
                                    : "multipart/x-mixed-replace; boundary=next");
            exchange.sendResponseHeaders(200, 0);
            var output = exchange.getResponseBody();
            for (int number = 0; !stop.given(); number++) {
                var jpeg = picture(number * 5, "jpg");
                output.write(head(dialect, number, jpeg.length).getBytes(StandardCharsets.US_ASCII));
                output.write(jpeg);
                output.flush();
                stop.await(MJPEG_MILLIS * 1_000_000L);
            }
        }
    }

    private static String head(String dialect, int number, int length) {
        var size = "Content-Length: " + length + "\r\n";
        return switch (dialect) {
            case "first" -> (number == 0 ? "" : "--next\r\n") + "Content-Type: image/jpeg\r\n" + size + "\r\n";
            case "crlf" -> "\r\n--next\r\nContent-Type: image/jpeg\r\n" + size + "\r\n";
            case "nolength" -> "--next\r\nContent-Type: image/jpeg\r\n\r\n";
            case "image" -> "";
            case "lines" -> "--next\nContent-type: image/jpeg\n\n";
            default -> (number == 0 ? "" : "\r\n") + "--next\r\nContent-Type: image/jpeg\r\n" + size + "\r\n";
        };
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

    @ParameterizedTest
    @ValueSource(strings = {"first", "crlf", "nolength", "image", "lines"})
    void frames_motionJpegInEveryDialect_areLive(String dialect) {
        var frames = source("/camera.mjpg?" + dialect, SourceConfig.defaults())
                .frames()
                .take(8)
                .collectList()
                .blockOptional(LIMIT)
                .orElseThrow();

        assertThat(frames).extracting(frame -> frame.time().clock()).containsOnly(ClockSource.ARRIVAL);
        assertThat(frames.stream().map(Frame::epoch).distinct()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/jpeg", "image/png", "application/octet-stream"})
    void frames_pictureThatIsReplaced_isFetchedAgain_andShownOnceEach(String type) {
        var statuses = new CopyOnWriteArrayList<CameraStatus>();
        var source = source("/snapshot?" + type, SourceConfig.defaults());
        source.statuses().subscribe(statuses::add);
        var frames = source.frames().take(6).collectList().blockOptional(LIMIT).orElseThrow();

        assertThat(frames.stream().map(Frame::epoch).distinct()).hasSize(1);
        assertThat(frames.stream().map(frame -> frame.pixels().at(0)).distinct())
                .hasSize(6);
        assertThat(statuses).extracting(CameraStatus::state).contains(CameraState.LIVE);
        assertThat(statuses).extracting(CameraStatus::state).doesNotContain(CameraState.RECONNECTING);
        assertThat(snapshots.get()).as("fetched also when it had not changed").isGreaterThan(8);
    }

    @Test
    void frames_snapshotOfACameraOnItsSide_areUpright() {
        var frame = source("/snapshot.jpg", SourceConfig.defaults())
                .frames()
                .next()
                .blockOptional(LIMIT)
                .orElseThrow();

        assertThat(frame.pixels().at(0)).as("red at the top left").isGreaterThan(150);
        assertThat(frame.pixels().at(2)).isLessThan(80);
        assertThat(frame.pixels().at(63 * 3)).as("blue at the top right").isLessThan(80);
        assertThat(frame.pixels().at(63 * 3 + 2)).isGreaterThan(150);
    }

    @Test
    void frames_filmWhoseIndexIsAtItsEnd_fromAServerWithoutRanges_saysWhyAndTheWayOut() throws IOException {
        var random = new Random(1);
        var millis = LongStream.range(0, 100).map(index -> 40 * index).boxed().toList();
        Path film =
                TestVideos.write(folder.resolve("film.mov"), 64, 64, millis, (index, x, y) -> random.nextInt(1 << 24));
        Files.move(film, folder.resolve("film.mkv"));
        StepVerifier.create(source("/film.mkv", SourceConfig.defaults()).frames())
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .hasMessageContaining("index at its end")
                        .hasMessageContaining("faststart"))
                .verify(LIMIT);
    }

    @Test
    void status_webPage_saysSoWithoutThePassword_andTriesAgainRarely() {
        var source = source("/page.html", SourceConfig.defaults());
        var statuses = new CopyOnWriteArrayList<CameraStatus>();
        source.statuses().subscribe(statuses::add);
        var subscription = source.frames().subscribe();

        await().atMost(LIMIT).until(() -> statuses.stream().anyMatch(status -> status.state() == CameraState.FAILED));
        assertThat(statuses.get(1).reason()).contains("is not a video").doesNotContain("secret");
        assertThat(pages.get()).isBetween(1, 2);
        subscription.dispose();
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
