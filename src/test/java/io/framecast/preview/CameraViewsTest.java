package io.framecast.preview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.ForecastScore;
import io.framecast.forecast.Origin;
import io.framecast.forecast.RecentErrors;
import io.framecast.forecast.StepScore;
import io.framecast.frame.CameraId;
import io.framecast.frame.CameraState;
import io.framecast.frame.Frame;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

class CameraViewsTest {
    private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");
    private static final CameraId DOOR = new CameraId("door");

    private final MovingScene door = new MovingScene("door", 1);
    private Instant now = START;
    private long sequence;
    private final CameraViews views = new CameraViews(() -> now, 3);

    @Test
    void accept_newerFrame_isShown() {
        views.accept(door.frame(0, now));
        views.accept(door.frame(1, now));

        assertThat(shown().frame().orElseThrow().value().sequence()).isEqualTo(1);
        assertThat(shown().frame().orElseThrow().number()).isEqualTo(2);
    }

    @Test
    void accept_lateOrRepeatedFrame_isNotShown() {
        views.accept(door.frame(7, now));
        views.accept(door.frame(7, now));
        views.accept(door.frame(6, now));

        assertThat(shown().frame().orElseThrow().value().sequence()).isEqualTo(7);
        assertThat(shown().frame().orElseThrow().number()).isEqualTo(1);
    }

    @Test
    void accept_oneFrameFromTheFuture_isNotShownAndHoldsNothingUp() {
        views.accept(door.frame(0, now));
        views.accept(door.frame(1, now));
        Frame next = door.frame(2, now);
        views.accept(new Frame(DOOR, next.epoch() + 1_000_000_000, 0, next.time(), next.shape(), next.pixels()));
        assertThat(shown().frame().orElseThrow().value().sequence()).isEqualTo(1);
        views.accept(next);

        assertThat(shown().frame().orElseThrow().value()).isEqualTo(next);
    }

    @Test
    void accept_forecastAfterOneOfAnEpochThatTheCameraDoesNotHave_isShown() {
        views.accept(door.frame(7, now));
        Forecast forecast = door.forecast(7, now);
        Origin future = new Origin(DOOR, forecast.origin().epoch() + 1_000_000_000, 3, now);
        views.accept(new Forecast(
                future,
                forecast.model(),
                forecast.contextLength(),
                forecast.interval(),
                forecast.shape(),
                forecast.frames(),
                forecast.expectedErrors(),
                forecast.stamps()));
        views.accept(forecast);

        assertThat(shown().forecast().orElseThrow().value()).isEqualTo(forecast);
    }

    @Test
    void accept_forecastOfAnEarlierOrigin_isNotShown() {
        views.accept(door.forecast(7, now));
        views.accept(door.forecast(5, now));

        assertThat(shown().forecast().orElseThrow().value().origin().sequence()).isEqualTo(7);
    }

    @Test
    void expectedErrors_beforeTheFirstScore_areTheModels() {
        views.accept(door.forecast(7, now));

        assertThat(shown().expectedErrors().get(0)).isCloseTo(0.01, within(1e-9));
        assertThat(shown().expectedErrors().get(24)).isCloseTo(0.05, within(1e-9));
    }

    @Test
    void expectedErrors_moreOccurredLately_areAsMuchHigher() {
        var forecast = door.forecast(7, now);
        views.accept(forecast);
        views.accept(score(forecast.id(), forecast.origin()));

        assertThat(shown().expectedErrors().get(0)).isCloseTo(Math.sqrt(1e-4 + 3e-3), within(1e-9));
        assertThat(shown().expectedErrors().get(1))
                .as("not known of this step")
                .isCloseTo(Math.sqrt(2e-4), within(1e-9));
    }

    @Test
    void expectedErrors_scoreOfAnotherModel_areTheModels() {
        var forecast = door.forecast(7, now);
        views.accept(forecast);
        views.accept(score(forecast.id().replace("moving-scene", "other"), forecast.origin()));

        assertThat(shown().expectedErrors().get(0)).isCloseTo(0.01, within(1e-9));
    }

    private static ForecastScore score(String forecastId, Origin origin) {
        var recent = new RecentErrors(List.of(1e-3), List.of(4e-3));
        return new ForecastScore(forecastId, origin, List.of(StepScore.MISSING), Double.NaN, recent);
    }

    @Test
    void state_withoutStatus_followsTheFrames() {
        views.accept(door.forecast(1, now));
        assertThat(shown().state(now)).isEqualTo(CameraState.CONNECTING);

        views.accept(door.frame(1, now));
        assertThat(shown().state(now)).isEqualTo(CameraState.LIVE);
    }

    /** Ten frames a second arrive, and a forecast of each second's last that is so old. */
    private void run(int seconds, Optional<Duration> forecastAge) {
        for (int tenth = 0; tenth < 10 * seconds; tenth++) {
            now = now.plusMillis(100);
            views.accept(door.frame(++sequence, now));
            if (tenth % 10 == 9) {
                forecastAge.ifPresent(age -> views.accept(door.forecast(sequence, now.minus(age))));
            }
        }
    }

    @Test
    void state_forecastsComeLate_isOverloaded_untilTheyComeInTime() {
        run(10, Optional.of(Duration.ofMillis(200)));
        assertThat(shown().state(now)).isEqualTo(CameraState.LIVE);
        run(7, Optional.of(Duration.ofSeconds(4)));

        assertThat(shown().state(now)).isEqualTo(CameraState.OVERLOADED);
        assertThat(shown().since(now)).contains(now.minusSeconds(1));
        assertThat(shown().reason(now)).contains("4.0 s old").contains("--every");
        assertThat(shown().isStale(now)).as("its pictures come").isFalse();

        run(7, Optional.of(Duration.ofMillis(200)));
        assertThat(shown().state(now)).isEqualTo(CameraState.LIVE);
        assertThat(shown().reason(now)).isEmpty();
    }

    @Test
    void state_noForecastComes_saysSo_butNotAtOnceNorAfterASilence() {
        run(15, Optional.empty());
        assertThat(shown().state(now)).isEqualTo(CameraState.LIVE);
        run(10, Optional.empty());
        assertThat(shown().state(now)).isEqualTo(CameraState.NO_FORECAST);
        assertThat(shown().reason(now)).contains("is a predictor running?");

        now = now.plusSeconds(60);
        assertThat(shown().state(now)).as("silent, and shown so").isEqualTo(CameraState.LIVE);
        run(5, Optional.empty());
        assertThat(shown().state(now)).isEqualTo(CameraState.LIVE);
    }

    @Test
    void state_forecastsThatComeRarely_asEveryLetsThem_isLive() {
        for (int i = 0; i < 4; i++) {
            run(40, Optional.empty());
            views.accept(door.forecast(sequence, now));
        }
        run(40, Optional.empty());
        assertThat(shown().state(now)).isEqualTo(CameraState.LIVE);
        run(110, Optional.empty());
        assertThat(shown().state(now)).isEqualTo(CameraState.NO_FORECAST);
    }

    @Test
    void state_clockOfTheCamerasHostIsAnother_isLive() {
        now = now.plusSeconds(60);
        for (int tenth = 0; tenth < 100; tenth++) {
            now = now.plusMillis(100);
            views.accept(door.frame(++sequence, now.minusSeconds(60)));
            views.accept(door.forecast(sequence, now.minusSeconds(60)));
        }
        assertThat(shown().state(now)).isEqualTo(CameraState.LIVE);
    }

    @Test
    void state_lostCamera_isWorseThanLateForecasts() {
        run(10, Optional.of(Duration.ofSeconds(4)));
        views.accept(door.status(CameraState.RECONNECTING, "refused", now));

        assertThat(shown().state(now)).isEqualTo(CameraState.RECONNECTING);
        assertThat(shown().reason(now)).isEqualTo("refused");
    }

    @Test
    void state_scoresNoLongerCome_saysSo_unlessNoneEverDid() {
        run(90, Optional.of(Duration.ofMillis(200)));
        assertThat(shown().state(now)).as("nobody scores").isEqualTo(CameraState.LIVE);

        var forecast = door.forecast(sequence, now);
        views.accept(score(forecast.id(), forecast.origin()));
        run(60, Optional.of(Duration.ofMillis(200)));
        assertThat(shown().state(now)).isEqualTo(CameraState.LIVE);
        run(10, Optional.of(Duration.ofMillis(200)));
        assertThat(shown().state(now)).isEqualTo(CameraState.NO_SCORE);
    }

    @Test
    void isStale_noFrameForLong_isTrue() {
        views.accept(door.frame(1, now));

        assertThat(shown().isStale(now.plusMillis(1900))).isFalse();
        assertThat(shown().isStale(now.plusMillis(2100))).isTrue();
        assertThat(shown().staleSince(now.plusMillis(2100))).contains(now);
    }

    @Test
    void isStale_slowCamera_waitsForFourOfItsIntervals() {
        views.accept(door.frame(1, now));
        views.accept(door.frame(2, now.plusSeconds(3)));

        assertThat(shown().isStale(now.plusSeconds(11))).isFalse();
        assertThat(shown().isStale(now.plusSeconds(13))).isTrue();
    }

    @Test
    void isStale_cameraReconnecting_isTrueAtOnceSinceItsStatusSays() {
        var gone = now.minusSeconds(1);
        views.accept(door.frame(1, now));
        views.accept(door.status(CameraState.RECONNECTING, "connection refused", gone));

        assertThat(shown().isStale(now)).isTrue();
        assertThat(shown().staleSince(now)).contains(gone);
    }

    @Test
    void framesPerSecond_steadyCamera_isItsRate() {
        for (int i = 0; i < 40; i++) {
            views.accept(door.frame(i, START.plusMillis(i * 40L)));
        }

        assertThat(shown().framesPerSecond(now)).isCloseTo(25, within(0.5));
        assertThat(shown().framesPerSecond(now.plusSeconds(10))).as("silent").isZero();
    }

    @Test
    void all_moreThanItsLimit_dropsTheMostSilent() {
        for (var name : new String[] {"d", "a", "c", "b"}) {
            now = now.plusSeconds(1);
            views.accept(new MovingScene(name, 1).frame(1, now));
        }

        assertThat(views.all()).extracting(view -> view.camera().value()).containsExactly("a", "b", "c");
    }

    @Test
    void changes_subscriberWithoutDemand_neverHoldsUpTheCaller() {
        StepVerifier.create(views.changes(), 0)
                .then(() -> {
                    for (int i = 0; i < 1000; i++) {
                        views.accept(door.frame(i, now));
                    }
                })
                .thenRequest(1)
                .then(() -> views.accept(door.frame(1000, now)))
                .expectNext(DOOR)
                .thenCancel()
                .verify(Duration.ofSeconds(5));
    }

    @Test
    void accept_manyThreads_losesNoUpdate() throws InterruptedException {
        var threads = Executors.newFixedThreadPool(4);
        var start = new CountDownLatch(1);
        var heard = new ArrayList<CameraId>();
        views.changes().subscribe(heard::add);
        for (var name : new String[] {"a", "b", "c"}) {
            var scene = new MovingScene(name, 1);
            threads.execute(() -> {
                awaitQuietly(start);
                for (int i = 0; i < 500; i++) {
                    views.accept(scene.frame(i, START));
                }
            });
        }
        start.countDown();
        threads.shutdown();

        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        assertThat(views.all())
                .allSatisfy(
                        view -> assertThat(view.frame().orElseThrow().number()).isEqualTo(500));
        assertThat(heard).hasSize(1500);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private CameraView shown() {
        return views.view(DOOR).orElseThrow();
    }
}
