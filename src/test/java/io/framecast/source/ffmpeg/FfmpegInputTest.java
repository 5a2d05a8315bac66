package io.framecast.source.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;

import io.framecast.source.Patience;
import io.framecast.source.RtspServer;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceException;
import io.framecast.source.SourceSpec;
import io.framecast.source.Stop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FfmpegInputTest {
    private static final SourceConfig CONFIG = SourceConfig.builder()
            .openTimeout(Duration.ofMillis(300))
            .readTimeout(Duration.ofMillis(300))
            .build();
    /** More than the ten callbacks of one type that JavaCPP can hand to native code. */
    private static final int MANY = 24;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Stop stop = new Stop();
    private ServerSocket silent;

    @BeforeAll
    static void load() {
        Ffmpeg.load();
    }

    @BeforeEach
    void listen() throws IOException {
        silent = new ServerSocket(0, MANY, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void end() throws IOException {
        stop.give();
        silent.close();
        threads.shutdownNow();
    }

    private String connect(int port) {
        var location =
                SourceSpec.parse("cam=rtsp://127.0.0.1:" + port + "/live").location();
        try (var input = FfmpegInput.open(location, CONFIG, stop, new Patience(CONFIG))) {
            return "opened, " + input.nature();
        } catch (SourceException failure) {
            return failure.reason().name();
        }
    }

    @Test
    void open_manySilentCamerasAtOnce_eachEndsAtItsTimeLimit() {
        var attempts = IntStream.range(0, MANY)
                .mapToObj(camera -> CompletableFuture.supplyAsync(() -> connect(silent.getLocalPort()), threads))
                .toList();

        assertThat(reasons(attempts)).hasSize(MANY).containsOnly("TIMED_OUT");
    }

    @Test
    void open_afterManyRefusals_stillEndsAtItsTimeLimit() {
        var nobody = RtspServer.freePort();
        for (var refusal = 0; refusal < MANY; refusal++) {
            assertThat(connect(nobody)).isEqualTo("REFUSED");
        }

        var attempt = CompletableFuture.supplyAsync(() -> connect(silent.getLocalPort()), threads);

        assertThat(reasons(List.of(attempt))).containsExactly("TIMED_OUT");
    }

    @Test
    void deadline_onceMissed_staysMissed() {
        var deadline = new Deadline(stop, Duration.ofNanos(-1));
        assertThat(deadline.over()).isTrue();
        deadline.extend(Duration.ofHours(1));
        assertThat(deadline.over()).isTrue();
    }

    @Test
    void deadline_stopGiven_isOverButNotMissed() {
        var deadline = new Deadline(stop, Duration.ofHours(1));
        assertThat(deadline.over()).isFalse();
        stop.give();
        assertThat(deadline.over()).isTrue();
        assertThat(deadline.missed()).isFalse();
    }

    private static List<String> reasons(List<CompletableFuture<String>> attempts) {
        return attempts.stream()
                .map(attempt -> attempt.completeOnTimeout("never ended", 10, TimeUnit.SECONDS)
                        .join())
                .toList();
    }
}
