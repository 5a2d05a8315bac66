package io.framecast.source.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.framecast.frame.CameraState;
import io.framecast.frame.ClockSource;
import io.framecast.frame.Frame;
import io.framecast.source.RtspServer;
import io.framecast.source.RtspTransport;
import io.framecast.source.SourceConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.Disposables;

@Tag("system")
class RtspIT {
    private static final String PASSWORD = "p@ss:w/ord";
    private static final String[] LOCKED = {"--user", "admin", "--password", PASSWORD};

    private final Disposable.Composite open = Disposables.composite();

    @AfterEach
    void cancel() {
        open.dispose();
    }

    private Watched watch(String url, SourceConfig config) {
        var seen = Watched.open(url, config);
        open.add(seen.subscription);
        return seen;
    }

    private Watched watch(String url) {
        return watch(url, SourceConfig.defaults());
    }

    private static void awaitFrames(Watched seen, int count, Duration limit) {
        await().atMost(limit).until(() -> seen.frames.size() >= count);
    }

    @ParameterizedTest
    @EnumSource(RtspTransport.class)
    void frames_overEitherTransport_arriveYoungAndInOrder(RtspTransport transport) {
        try (var server = RtspServer.start()) {
            var seen = watch(
                    server.url(), SourceConfig.builder().transport(transport).build());
            awaitFrames(seen, 40, Duration.ofSeconds(10));

            var frames = List.copyOf(seen.frames);
            for (var index = 0; index < frames.size(); index++) {
                assertThat(frames.get(index).sequence()).isEqualTo(index);
                assertThat(RtspServer.drawnAt(frames.get(index))).isPresent();
            }
            assertThat(frames).extracting(Frame::captureTime).isSorted();
            var ages = seen.ages.stream().skip(5).sorted().toList();
            System.out.println("frame age over " + transport + ": p50 " + ages.get(ages.size() / 2) + " ms, max "
                    + ages.get(ages.size() - 1) + " ms of " + ages.size());
            assertThat(ages.get(ages.size() / 2)).isBetween(0L, 200L);
            assertThat(seen.status().state()).isEqualTo(CameraState.LIVE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"+10s", "-10s", "-1s", "+3650d"})
    void frames_cameraWhoseClockIsOff_areOneEpochOnOurs(String off) {
        try (var server = RtspServer.startWithClock(off)) {
            var seen = watch(server.url());
            awaitFrames(seen, 80, Duration.ofSeconds(20)); // two sender reports

            var frames = List.copyOf(seen.frames);
            assertThat(frames.stream().map(Frame::epoch).distinct()).hasSize(1);
            assertThat(frames).extracting(frame -> frame.time().clock()).containsOnly(ClockSource.ARRIVAL);
            var first = frames.get(1); // RTSP gives the first picture no timestamp
            var last = frames.get(79);
            assertThat((last.time().pts().orElseThrow() - first.time().pts().orElseThrow()) / 78)
                    .as("microseconds between frames")
                    .isBetween(99_000L, 101_500L);
            assertThat(Duration.between(last.captureTime(), Instant.now()).abs())
                    .isLessThan(Duration.ofSeconds(5));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"admin:" + PASSWORD, "admin:p%40ss%3Aw%2Ford"})
    void frames_rightPassword_arrive(String userInfo) {
        try (var server = RtspServer.start(LOCKED)) {
            awaitFrames(watch(server.url(userInfo)), 3, Duration.ofSeconds(10));
        }
    }

    @Test
    void status_wrongPassword_saysSoWithoutIt() {
        try (var server = RtspServer.start(LOCKED)) {
            var seen = watch(server.url("admin:hunter2@/x"));
            await().atMost(Duration.ofSeconds(10)).until(() -> seen.status().state() == CameraState.FAILED);

            assertThat(seen.status().reason())
                    .contains("password")
                    .contains("***")
                    .doesNotContain("hunter2");
            assertThat(seen.frames).isEmpty();
        }
    }

    @Test
    void status_wrongPath_saysSo() {
        try (var server = RtspServer.start()) {
            var seen = watch(server.url().replace("/live", "/nothing"));
            await().atMost(Duration.ofSeconds(10)).until(() -> seen.status().state() == CameraState.RECONNECTING);

            assertThat(seen.status().reason()).contains("nothing at this path").contains("/nothing");
        }
    }

    @Test
    void status_nothingListens_saysRefused() {
        var seen = watch("rtsp://admin:secret@127.0.0.1:" + RtspServer.freePort() + "/live");
        await().atMost(Duration.ofSeconds(10)).until(() -> seen.status().state() == CameraState.RECONNECTING);

        assertThat(seen.status().reason()).contains("refused the connection").doesNotContain("secret");
    }

    @Test
    void status_unknownHost_saysSo() {
        var seen = watch("rtsp://no-such-camera.invalid/live");
        await().atMost(Duration.ofSeconds(20)).until(() -> seen.status().state() == CameraState.RECONNECTING);

        assertThat(seen.status().reason()).contains("unknown host");
    }

    @ParameterizedTest
    @EnumSource(RtspTransport.class)
    void frames_serverKilledAndBack_goOnInANewEpoch(RtspTransport transport) {
        try (var server = RtspServer.start()) {
            var seen = watch(
                    server.url(), SourceConfig.builder().transport(transport).build());
            awaitFrames(seen, 10, Duration.ofSeconds(10));
            var epoch = seen.last().epoch();
            server.kill();
            await().atMost(Duration.ofSeconds(5)).until(() -> seen.status().state() == CameraState.RECONNECTING);
            server.restart();
            var back = System.nanoTime();
            await().atMost(Duration.ofSeconds(5)).until(() -> seen.last().epoch() > epoch);

            System.out.println("recovered over " + transport + " " + (System.nanoTime() - back) / 1_000_000
                    + " ms after the server's return");
            var fresh =
                    seen.frames.stream().filter(frame -> frame.epoch() > epoch).toList();
            assertThat(fresh.get(0).sequence()).isZero();
            assertThat(seen.status().reconnects()).isPositive();
            assertThat(seen.failure).hasValue(null);
        }
    }

    @ParameterizedTest
    @EnumSource(RtspTransport.class)
    void status_serverFrozen_isNoticedAndItsReturnToo(RtspTransport transport) {
        try (var server = RtspServer.start()) {
            var seen = watch(
                    server.url(), SourceConfig.builder().transport(transport).build());
            awaitFrames(seen, 5, Duration.ofSeconds(10));
            var epoch = seen.last().epoch();
            server.freeze();
            var frozen = System.nanoTime();
            await().atMost(Duration.ofSeconds(6)).until(() -> seen.status().state() == CameraState.RECONNECTING);
            System.out.println("frozen server noticed over " + transport + " after "
                    + (System.nanoTime() - frozen) / 1_000_000 + " ms");
            server.thaw();
            await().atMost(Duration.ofSeconds(8)).until(() -> seen.last().epoch() > epoch);
        }
    }

    @Test
    void cancel_whileFrozen_endsTheThreadAtOnce() {
        try (var server = RtspServer.start()) {
            var seen = watch(server.url());
            awaitFrames(seen, 5, Duration.ofSeconds(10));
            server.freeze();
            await().pollDelay(Duration.ofMillis(500)).until(() -> true);
            assertThat(grabbingThreads()).isEqualTo(1);
            var cancelled = System.nanoTime();
            seen.subscription.dispose();
            await().atMost(Duration.ofMillis(500))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> grabbingThreads() == 0);
            System.out.println(
                    "cancelled while frozen: closed after " + (System.nanoTime() - cancelled) / 1_000_000 + " ms");
            assertThat(seen.status().state()).isEqualTo(CameraState.ENDED);
        }
    }

    private static long grabbingThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("source-cam"))
                .count();
    }
}
