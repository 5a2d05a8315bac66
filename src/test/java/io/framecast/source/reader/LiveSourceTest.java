package io.framecast.source.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.framecast.frame.CameraState;
import io.framecast.frame.CameraStatus;
import io.framecast.frame.ClockSource;
import io.framecast.frame.Frame;
import io.framecast.frame.Pixels;
import io.framecast.source.Backoff;
import io.framecast.source.Counters;
import io.framecast.source.FrameSource;
import io.framecast.source.FullPicture;
import io.framecast.source.Nature;
import io.framecast.source.Patience;
import io.framecast.source.Picture;
import io.framecast.source.Session;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceCounts;
import io.framecast.source.SourceException;
import io.framecast.source.SourceException.Reason;
import io.framecast.source.SourceSpec;
import io.framecast.source.Stop;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** What a live source does about a camera that comes and goes; the camera is played by {@link ScriptedCamera}. */
class LiveSourceTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final SourceConfig CONFIG = SourceConfig.builder()
            .fps(100)
            .openTimeout(Duration.ofSeconds(1))
            .readTimeout(Duration.ofSeconds(1))
            .buffer(4)
            .backoff(new Backoff(Duration.ofMillis(1), Duration.ofMillis(5)))
            .build();

    private final Stop stop = new Stop();
    private final AtomicInteger closed = new AtomicInteger();

    /** Gives so many pictures, 10 ms apart on its own time line, then does what {@code end} says. */
    private class ScriptedCamera implements Session {
        private final int number;
        private final int pictures;
        private final Runnable end;
        private int given;

        ScriptedCamera(int number, int pictures, Runnable end) {
            this.number = number;
            this.pictures = pictures;
            this.end = end;
        }

        @Override
        public @Nullable Picture next() {
            if (given == pictures) {
                end.run();
                return null;
            }
            return new Picture(number, 640, 480, OptionalLong.of(given++ * 10_000L), Optional.empty());
        }

        @Override
        public Pixels pixels() {
            return Pixels.copyOf(new byte[CONFIG.shape().bytes()]);
        }

        @Override
        public FullPicture fullPicture(int longest) {
            throw new UnsupportedOperationException("no test asks for pictures");
        }

        @Override
        public Nature nature() {
            return Nature.LIVE;
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    private static void breakOff() {
        throw new SourceException(Reason.LOST, "source rtsp://***@cam broke off");
    }

    private void hang() {
        stop.await(LIMIT.toNanos());
    }

    private FrameSource source(ReconnectingSession.Opener opener) {
        return new DefaultFrameSource(
                SourceSpec.parse("cam=rtsp://cam/x"), CONFIG, opener, stop, new Counters(), new Patience(CONFIG));
    }

    @Test
    void frames_cameraLostAndBack_goOnInANewEpoch() {
        var source = source(number -> switch (number) {
            case 0 -> new ScriptedCamera(number, 3, LiveSourceTest::breakOff);
            case 1, 2 -> throw new SourceException(Reason.REFUSED, "source cam refused the connection");
            case 3 -> new ScriptedCamera(number, 2, () -> {});
            default -> new ScriptedCamera(number, 1, this::hang);
        });
        var statuses = new CopyOnWriteArrayList<CameraStatus>();
        source.statuses().subscribe(statuses::add);

        var frames = source.frames().take(6).collectList().blockOptional(LIMIT).orElseThrow();

        assertThat(frames).extracting(Frame::sequence).containsExactly(0L, 1L, 2L, 0L, 1L, 0L);
        assertThat(frames.stream().map(Frame::epoch).distinct()).hasSize(3).isSorted();
        assertThat(frames).extracting(frame -> frame.time().clock()).containsOnly(ClockSource.ARRIVAL);
        assertThat(statuses)
                .extracting(CameraStatus::state)
                .containsExactly(
                        CameraState.CONNECTING,
                        CameraState.LIVE,
                        CameraState.RECONNECTING,
                        CameraState.RECONNECTING,
                        CameraState.LIVE,
                        CameraState.RECONNECTING,
                        CameraState.LIVE,
                        CameraState.ENDED);
        assertThat(statuses.get(2).reason()).contains("broke off");
        assertThat(statuses.get(2).lastFrame()).isPresent();
        assertThat(statuses.get(3).reason()).contains("refused");
        assertThat(statuses.get(6).reconnects()).isEqualTo(4);
        await().atMost(LIMIT).until(() -> closed.get() == 3);
    }

    @Test
    void status_deviceNeverThere_hasFailed_andIsNotTriedAgainSoon() {
        var tries = new AtomicInteger();
        var source = new DefaultFrameSource(
                SourceSpec.parse("cam=9"),
                CONFIG,
                number -> {
                    tries.incrementAndGet();
                    throw new SourceException(Reason.NO_SUCH_DEVICE, "source /dev/video9 does not exist");
                },
                stop,
                new Counters(),
                new Patience(CONFIG));
        var states = new CopyOnWriteArrayList<CameraState>();
        source.statuses().map(CameraStatus::state).subscribe(states::add);
        var subscription = source.frames().subscribe();

        await().atMost(LIMIT).until(() -> states.contains(CameraState.FAILED));
        await().during(Duration.ofMillis(300)).until(() -> tries.get() == 1);
        subscription.dispose();
        assertThat(states).containsExactly(CameraState.CONNECTING, CameraState.FAILED, CameraState.ENDED);
    }

    @Test
    void status_refusedAgainAndAgain_isToldAtTheFirstAndTheThirdTry() {
        var statuses = new CopyOnWriteArrayList<CameraStatus>();
        var source = source(number -> {
            throw new SourceException(Reason.REFUSED, "source cam refused the connection");
        });
        source.statuses().subscribe(statuses::add);
        var subscription = source.frames().subscribe();

        await().atMost(LIMIT).until(() -> statuses.size() == 3);
        await().during(Duration.ofMillis(100)).until(() -> statuses.size() == 3);
        subscription.dispose();
        assertThat(statuses.subList(1, 3)).extracting(CameraStatus::reconnects).containsExactly(1, 3);
    }

    @Test
    void frames_downloadOfUnknownLength_isPlayedOnce() {
        var source = source(number -> new ScriptedCamera(number, 3, () -> {}) {
            @Override
            public OptionalLong fingerprint() {
                return OptionalLong.of(7);
            }
        });

        StepVerifier.create(source.frames()).expectNextCount(3).expectComplete().verify(LIMIT);
    }

    @Test
    void frames_streamThatEndsInOrder_isWaitedFor() {
        var source = source(number -> new ScriptedCamera(number, 3, () -> {}) {
            @Override
            public OptionalLong fingerprint() {
                return OptionalLong.of(number);
            }
        });

        StepVerifier.create(source.frames().take(7))
                .expectNextCount(7)
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void frames_deviceUnplugged_isWaitedFor() {
        var source = source(number -> {
            if (number == 1) {
                throw new SourceException(Reason.NO_SUCH_DEVICE, "source /dev/video9 does not exist");
            }
            return new ScriptedCamera(number, 1, LiveSourceTest::breakOff);
        });

        StepVerifier.create(source.frames().take(2))
                .expectNextCount(2)
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void frames_readerTooSlow_losesTheOldestAndLeavesHoles() {
        var source = source(number -> new ScriptedCamera(number, 20, this::hang));
        var frames = new CopyOnWriteArrayList<Frame>();

        StepVerifier.create(source.frames().doOnNext(frames::add), 0)
                .then(() -> await().atMost(LIMIT).until(() -> source.counts().framesSampled() == 20))
                .thenRequest(5)
                .expectNextCount(5)
                .thenCancel()
                .verify(LIMIT);

        // One frame was handed over before the reader fell behind; the newest four are in the buffer.
        assertThat(frames).extracting(Frame::sequence).containsExactly(0L, 16L, 17L, 18L, 19L);
        assertThat(source.counts()).isEqualTo(new SourceCounts(20, 20, Map.of("overflow", 15L)));
    }

    @Test
    void frames_ofManyCameras_areHandedOnByAFewThreads() {
        var handing = ConcurrentHashMap.<Thread>newKeySet();
        var sources = Stream.generate(() -> source(number -> new ScriptedCamera(number, 5, this::hang)))
                .limit(40)
                .toList();

        Flux.fromIterable(sources)
                .flatMap(source -> source.frames().take(5), sources.size())
                .doOnNext(frame -> handing.add(Thread.currentThread()))
                .blockLast(LIMIT);

        assertThat(handing).hasSizeBetween(1, 4);
    }

    @Test
    void stop_behindASlowReader_stillDeliversWhatWasSampled() {
        var source = source(number -> new ScriptedCamera(number, 20, this::hang));

        StepVerifier.create(source.frames(), 0)
                .then(() -> await().atMost(LIMIT).until(() -> source.counts().framesSampled() == 20))
                .then(source::stop)
                .thenRequest(Long.MAX_VALUE)
                .expectNextCount(5)
                .expectComplete()
                .verify(LIMIT);

        assertThat(source.counts()).isEqualTo(new SourceCounts(20, 20, Map.of("overflow", 15L)));
        assertThat(source.statuses().blockLast(LIMIT))
                .satisfies(status -> assertThat(status.state()).isEqualTo(CameraState.ENDED));
    }

    @Test
    void cancel_whileTheCameraHangs_closesAtOnce() {
        var source = source(number -> new ScriptedCamera(number, 1, this::hang));

        StepVerifier.create(source.frames()).expectNextCount(1).thenCancel().verify(LIMIT);

        await().atMost(Duration.ofSeconds(1)).until(() -> closed.get() == 1);
    }

    @Test
    void cancel_whileWaitingToReconnect_endsAtOnce() {
        var slow = CONFIG.toBuilder()
                .fps(10)
                .backoff(new Backoff(Duration.ofHours(1), Duration.ofHours(1)))
                .build();
        ReconnectingSession.Opener refused = number -> {
            throw new SourceException(Reason.REFUSED, "source cam refused the connection");
        };
        var source = new DefaultFrameSource(
                SourceSpec.parse("hung=rtsp://cam/x"), slow, refused, stop, new Counters(), new Patience(slow));
        var states = new CopyOnWriteArrayList<CameraState>();
        source.statuses().map(CameraStatus::state).subscribe(states::add);
        var subscription = source.frames().subscribe();
        await().atMost(LIMIT).until(() -> states.contains(CameraState.RECONNECTING));

        subscription.dispose();

        await().atMost(Duration.ofSeconds(1))
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("source-hung")));
        assertThat(states).last().isEqualTo(CameraState.ENDED);
    }

    @Test
    void grid_andEpochs_surviveAnyTimestamps() {
        var timeline = new Timeline(true);
        var grid = new SamplingGrid(10);
        var wild = List.of(0L, Long.MIN_VALUE / 4, 5L, Long.MAX_VALUE / 4, -1L, 0L, 0L);
        var epochs = LongStream.range(0, wild.size())
                .map(index -> {
                    var picture = new Picture(0, 8, 8, OptionalLong.of(wild.get((int) index)), Optional.empty());
                    var place = timeline.place(picture, Moment.now());
                    if (place.first()) {
                        grid.restart();
                        assertThat(grid.takes(place.micros())).isTrue();
                    }
                    return place.epoch();
                })
                .boxed()
                .toList();

        assertThat(epochs).isSorted();
    }
}
