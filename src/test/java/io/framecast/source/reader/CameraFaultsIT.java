package io.framecast.source.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.framecast.frame.CameraState;
import io.framecast.frame.CameraStatus;
import io.framecast.frame.Frame;
import io.framecast.source.RtspServer;
import io.framecast.source.SourceConfig;
import io.framecast.source.reader.FaultyCamera.Fault;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What cameras do wrong while their connection stands, between a real server and a real client. */
@Tag("system")
class CameraFaultsIT {
    private static final Duration SOON = Duration.ofSeconds(15);
    /** From the fault to the status that tells it. */
    private static final Duration TOLD = Duration.ofSeconds(11);
    /** From the camera's return to its pictures. */
    private static final Duration RECOVERED = Duration.ofSeconds(5);

    private static RtspServer server;

    @BeforeAll
    static void start() {
        server = RtspServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"SILENT", "SILENT_IN_DESCRIBE"})
    void silence_whileConnecting_isToldAndItsEndToo(Fault fault) {
        try (var camera = new FaultyCamera(server.port(), fault)) {
            var seen = Watched.open(camera.url(), SourceConfig.defaults());
            await().atMost(TOLD).until(() -> seen.status().state() == CameraState.RECONNECTING);
            assertThat(seen.status().reason()).contains("did not answer within 10 s");
            await().pollDelay(Duration.ofSeconds(8)).atMost(SOON).until(() -> true);
            assertThat(seen.statuses)
                    .as("one word a change, however often it is tried")
                    .extracting(CameraStatus::state)
                    .containsExactly(CameraState.CONNECTING, CameraState.RECONNECTING);

            camera.reboot();
            await().atMost(RECOVERED).until(() -> seen.frames.size() > 3);
            assertThat(seen.status().state()).isEqualTo(CameraState.LIVE);
            seen.subscription.dispose();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AN_HOUR_AHEAD", "BACK_TO_ZERO"})
    void timestamps_thatJump_startANewEpochAndNothingElse(Fault fault) {
        try (var camera = new FaultyCamera(server.port(), Fault.NONE)) {
            var seen = Watched.open(camera.url(), SourceConfig.defaults());
            await().atMost(SOON).until(() -> seen.frames.size() > 20);
            camera.fault(fault);
            int before = seen.frames.size();
            await().atMost(SOON).until(() -> seen.frames.size() > before + 20);
            var frames = List.copyOf(seen.frames);
            assertThat(frames.stream().map(Frame::epoch).distinct()).hasSize(2);
            var fresh = frames.stream()
                    .filter(frame -> frame.epoch() == seen.last().epoch())
                    .toList();
            assertThat(fresh.get(0).sequence()).isZero();
            assertThat(frames).extracting(Frame::captureTime).isSorted();
            assertThat(Duration.between(frames.get(0).captureTime(), seen.last().captureTime()))
                    .as("capture times are no camera's fancy")
                    .isLessThan(Duration.ofMinutes(1));
            assertThat(seen.statuses)
                    .extracting(CameraStatus::state)
                    .containsExactly(CameraState.CONNECTING, CameraState.LIVE);
            seen.subscription.dispose();
        }
    }

    @Test
    void packets_corrupt_areSurvivedAndCounted() {
        try (var camera = new FaultyCamera(server.port(), Fault.NONE)) {
            var seen = Watched.open(camera.url(), SourceConfig.defaults());
            await().atMost(SOON).until(() -> seen.frames.size() > 10);
            camera.fault(Fault.CORRUPT);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> seen.counts().dropped().getOrDefault("corrupt", 0L) > 20);
            camera.fault(Fault.NONE);
            int before = seen.frames.size();
            await().atMost(RECOVERED).until(() -> seen.frames.size() > before + 20);
            assertThat(RtspServer.drawnAt(seen.last()))
                    .as("a whole picture again")
                    .isPresent();
            assertThat(seen.failure).hasValue(null);
            seen.subscription.dispose();
        }
    }

    @Test
    void resolution_changingMidStream_startsANewEpoch() {
        try (var changing = RtspServer.start("--resize-after", "4")) {
            var seen = Watched.open(changing.url(), SourceConfig.defaults());
            await().atMost(SOON).until(() -> !seen.frames.isEmpty());
            long epoch = seen.last().epoch();
            await().atMost(SOON)
                    .until(() -> seen.last().epoch() > epoch && seen.last().sequence() > 10);
            assertThat(seen.frames)
                    .extracting(Frame::shape)
                    .containsOnly(SourceConfig.defaults().shape());
            assertThat(RtspServer.drawnAt(seen.last())).isPresent();
            assertThat(seen.frames.stream().map(Frame::epoch).distinct()).hasSize(2);
            seen.subscription.dispose();
        }
    }
}
