package io.framecast.source.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.framecast.frame.CameraState;
import io.framecast.frame.CameraStatus;
import io.framecast.frame.ClockSource;
import io.framecast.frame.Frame;
import io.framecast.source.FrameSource;
import io.framecast.source.Pace;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceCounts;
import io.framecast.source.SourceException;
import io.framecast.source.SourceSpec;
import io.framecast.source.ffmpeg.TestVideos;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.SignalType;
import reactor.test.StepVerifier;

class FileSourceTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final SourceConfig MAX = SourceConfig.defaults().withPace(Pace.MAX);

    @TempDir
    Path folder;

    private FrameSource source(Path file, SourceConfig config) {
        return FrameSources.open(SourceSpec.parse("cam=" + file), config);
    }

    private static List<Frame> all(FrameSource source) {
        return source.frames().collectList().blockOptional(LIMIT).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "30,90,10,30",
        "25,100,10,40",
        "10,30,10,30",
        "29.97,90,10,30",
        "5,20,10,20",
        "30,60,240,60",
        "30,60,0.5,1"
    })
    void frames_maxPace_countIsExact(double fileFps, int pictures, double fps, int expected) {
        var file = TestVideos.write(folder.resolve("a.mkv"), 96, 64, pictures, fileFps);
        var source = source(file, MAX.withFps(fps));

        assertThat(all(source)).hasSize(expected);
        assertThat(source.counts()).isEqualTo(new SourceCounts(pictures, expected, Map.of()));
    }

    @Test
    void frames_file_areNumberedAndTimedOnItsOwnTimeline() {
        var before = Instant.now();
        var frames = all(source(TestVideos.write(folder.resolve("a.mkv"), 96, 64, 90, 30), MAX));

        for (var index = 0; index < frames.size(); index++) {
            var frame = frames.get(index);
            assertThat(frame.sequence()).isEqualTo(index);
            assertThat(frame.epoch()).isEqualTo(frames.get(0).epoch());
            assertThat(frame.time().clock()).isEqualTo(ClockSource.MEDIA);
            assertThat(frame.time().pts().orElseThrow()).isCloseTo(index * 100_000L, within(1_000L));
            assertThat(micros(frame.captureTime()))
                    .isEqualTo(frame.epoch() + frame.time().pts().orElseThrow());
        }
        assertThat(frames.get(0).captureTime()).isBetween(before.minusMillis(1), Instant.now());
    }

    private static long micros(Instant time) {
        return time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000;
    }

    @Test
    void frames_realtime_takeTheFilesOwnTime() {
        var source = source(TestVideos.write(folder.resolve("a.mkv"), 64, 64, 12, 10), SourceConfig.defaults());
        var began = System.nanoTime();

        assertThat(all(source)).hasSize(12);
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofMillis(1050), Duration.ofMillis(2500));
    }

    @Test
    void stop_whileAFrameWaitsForItsTime_countsOnlyWhatArrives() {
        var file = TestVideos.write(folder.resolve("a.mkv"), 64, 64, 600, 10);
        var source = source(file, SourceConfig.defaults());

        var frames = source.frames()
                .doOnNext(frame -> {
                    if (frame.sequence() == 4) {
                        source.stop();
                    }
                })
                .collectList()
                .blockOptional(LIMIT)
                .orElseThrow();

        assertThat(frames).hasSize(5);
        assertThat(source.counts().framesSampled()).isEqualTo(5);
        assertThat(source.counts().dropped()).isEmpty();
    }

    @Test
    void frames_slowReaderAtMax_losesNothing() {
        var source = source(
                TestVideos.write(folder.resolve("a.mkv"), 64, 64, 100, 10),
                MAX.toBuilder().buffer(1).build());

        StepVerifier.create(source.frames(), 0)
                .thenRequest(3)
                .expectNextCount(3)
                .thenRequest(Long.MAX_VALUE)
                .expectNextCount(97)
                .expectComplete()
                .verify(LIMIT);
        assertThat(source.counts().dropped()).isEmpty();
    }

    /** A reader on another thread may ask for more while the end is on its way to it. */
    @Test
    void frames_readerAsksForMoreAtTheEnd_isNotRefused() throws Exception {
        var file = TestVideos.write(folder.resolve("a.mkv"), 64, 64, 3, 10);

        for (var round = 0; round < 300; round++) {
            var reader = new InsatiableReader();
            source(file, MAX).frames().subscribe(reader);
            reader.asking().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** Asks for more from its own thread until a moment after the end. */
    private static final class InsatiableReader extends BaseSubscriber<Frame> {
        private final AtomicBoolean ended = new AtomicBoolean();
        private final CompletableFuture<Void> asking = new CompletableFuture<>();

        CompletableFuture<Void> asking() {
            return asking;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            var unused = CompletableFuture.runAsync(() -> {
                        for (var last = 0; last < 2_000; last += ended.get() ? 1 : 0) {
                            subscription.request(1);
                        }
                    })
                    .whenComplete((done, refused) -> {
                        if (refused == null) {
                            asking.complete(null);
                        } else {
                            asking.completeExceptionally(refused);
                        }
                    });
        }

        @Override
        protected void hookFinally(SignalType type) {
            ended.set(true);
        }
    }

    @Test
    void frames_slowReaderInRealtime_losesTheOldestCounted() {
        var source = source(
                TestVideos.write(folder.resolve("a.mkv"), 64, 64, 20, 40),
                SourceConfig.builder().fps(40).buffer(4).build());

        StepVerifier.create(source.frames(), 0)
                .thenAwait(Duration.ofSeconds(1))
                .thenRequest(Long.MAX_VALUE)
                .recordWith(java.util.ArrayList::new)
                .thenConsumeWhile(frame -> true)
                .consumeRecordedWith(frames -> {
                    assertThat(frames).hasSizeBetween(4, 6);
                    assertThat(frames).last().extracting(Frame::sequence).isEqualTo(19L);
                    assertThat(source.counts().dropped()).isEqualTo(Map.of("overflow", 20L - frames.size()));
                })
                .expectComplete()
                .verify(LIMIT);
        assertThat(source.counts().framesSampled()).isEqualTo(20);
    }

    @Test
    void frames_loop_beginsANewEpochEachRound() {
        var source = source(TestVideos.write(folder.resolve("a.mkv"), 64, 64, 5, 10), MAX.withLoop(true));

        var frames = source.frames().take(12).collectList().blockOptional(LIMIT).orElseThrow();

        assertThat(frames).extracting(Frame::sequence).containsExactly(0L, 1L, 2L, 3L, 4L, 0L, 1L, 2L, 3L, 4L, 0L, 1L);
        assertThat(frames).extracting(Frame::captureTime).isSorted();
        assertThat(frames.stream().map(Frame::epoch).distinct()).hasSize(3).isSorted();
    }

    @Test
    void frames_timestampsJumpAhead_beginANewEpoch() {
        var millis = LongStream.of(0, 100, 200, 5_000, 5_100).boxed().toList();
        var source = source(TestVideos.write(folder.resolve("a.mkv"), 64, 64, millis, TestVideos.MOVING), MAX);

        assertThat(all(source)).extracting(Frame::sequence).containsExactly(0L, 1L, 2L, 0L, 1L);
    }

    @Test
    void frames_missingFile_failsNamingIt() {
        expectFailure(folder.resolve("none.mp4"), SourceException.Reason.NO_SUCH_FILE, "none.mp4");
    }

    @Test
    void frames_notAVideo_failsNamingIt() throws IOException {
        var file = Files.writeString(folder.resolve("notes.mp4"), "dear diary, ".repeat(1000));
        expectFailure(file, SourceException.Reason.NOT_A_VIDEO, "notes.mp4");
    }

    @Test
    void frames_emptyFile_failsNamingIt() throws IOException {
        expectFailure(Files.createFile(folder.resolve("empty.mp4")), SourceException.Reason.NOT_A_VIDEO, "empty.mp4");
    }

    @Test
    void frames_folder_failsNamingIt() {
        expectFailure(
                folder, SourceException.Reason.NOT_A_VIDEO, folder.getFileName().toString());
    }

    private void expectFailure(Path file, SourceException.Reason reason, String named) {
        var source = source(file, SourceConfig.defaults());
        StepVerifier.create(source.frames())
                .expectErrorSatisfies(failure -> {
                    assertThat(failure).isInstanceOf(SourceException.class).hasMessageContaining(named);
                    assertThat(failure).hasMessageNotContaining("\n");
                    assertThat(((SourceException) failure).reason()).isEqualTo(reason);
                })
                .verify(LIMIT);
        StepVerifier.create(source.statuses().map(CameraStatus::state))
                .expectNext(CameraState.FAILED)
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void frames_truncatedFile_givesWhatIsThere() throws IOException {
        var whole = Files.readAllBytes(TestVideos.write(folder.resolve("a.mkv"), 96, 64, 60, 30));
        var file = Files.write(folder.resolve("cut.mkv"), java.util.Arrays.copyOf(whole, whole.length / 2));

        assertThat(all(source(file, MAX))).hasSizeBetween(5, 15);
    }

    @Test
    void frames_secondSubscriber_isRefused() {
        var source = source(TestVideos.write(folder.resolve("a.mkv"), 64, 64, 3, 10), MAX);
        all(source);

        StepVerifier.create(source.frames())
                .expectError(IllegalStateException.class)
                .verify(LIMIT);
    }

    @Test
    void statuses_fileToItsEnd_areConnectingLiveEnded() {
        var source = source(TestVideos.write(folder.resolve("a.mkv"), 64, 64, 3, 10), MAX);

        StepVerifier.create(source.statuses().map(CameraStatus::state))
                .then(() -> all(source))
                .expectNext(CameraState.CONNECTING, CameraState.LIVE, CameraState.ENDED)
                .expectComplete()
                .verify(LIMIT);
    }
}
