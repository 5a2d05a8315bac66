package io.framecast.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.ModelVersion;
import io.framecast.forecast.Origin;
import io.framecast.frame.CameraId;
import io.framecast.frame.CameraState;
import io.framecast.frame.CameraStatus;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

class OverloadsTest {
    private long nanos;
    private final Overloads overloads = new Overloads(() -> nanos);

    private void forecasts(String camera, Duration age, int seconds) {
        forecasts(camera, age, seconds, Duration.ofSeconds(1));
    }

    private void forecasts(String camera, Duration age, int count, Duration apart) {
        for (int second = 0; second <= count; second++) {
            overloads.forecast(
                    new Forecast(
                            new Origin(new CameraId(camera), 1, second, Instant.EPOCH),
                            new ModelVersion("still", "1"),
                            1,
                            Duration.ofMillis(100),
                            new FrameShape(1, 1, 1),
                            Collections.nCopies(Forecast.HORIZON, Pixels.copyOf(new byte[1])),
                            List.of(),
                            Optional.empty()),
                    age);
            nanos += apart.toNanos();
        }
    }

    /** As with a camera of one picture in 20 seconds and {@code --every 5}. */
    @Test
    void obstacle_ofACameraWithRareForecasts_isTold_untilSeveralAreMissing() {
        forecasts("rare", Duration.ofMinutes(2), 4, Duration.ofSeconds(100));

        assertThat(overloads.obstacle())
                .hasValueSatisfying(words -> assertThat(words).contains("rare"));
        nanos += Duration.ofSeconds(199).toNanos();
        assertThat(overloads.obstacle()).isPresent();
        nanos += Duration.ofSeconds(2).toNanos();
        assertThat(overloads.obstacle()).isEmpty();
    }

    private static CameraStatus status(CameraState state) {
        return new CameraStatus(new CameraId("a"), state, Instant.EPOCH, Optional.empty(), 2, "");
    }

    @Test
    void with_liveCamera_becomesOverloadedAndLiveAgain() {
        var seen = new ArrayList<CameraStatus>();
        var watching = overloads.with(status(CameraState.LIVE)).subscribe(seen::add);
        forecasts("a", Duration.ofSeconds(4), 6);
        forecasts("a", Duration.ofMillis(100), 6);
        watching.dispose();

        assertThat(seen)
                .extracting(CameraStatus::state)
                .containsExactly(CameraState.LIVE, CameraState.OVERLOADED, CameraState.LIVE);
        assertThat(seen.get(1).reason()).contains("4.0 s old").contains("fewer cameras");
        assertThat(seen.get(1).reconnects()).isEqualTo(2);
        assertThat(seen.get(2)).isEqualTo(status(CameraState.LIVE));
    }

    @Test
    void with_cameraThatIsLost_staysSo_andIsOverloadedWhenItIsBack() {
        forecasts("a", Duration.ofSeconds(4), 6);

        StepVerifier.create(overloads.with(status(CameraState.RECONNECTING)))
                .expectNext(status(CameraState.RECONNECTING))
                .verifyComplete();
        StepVerifier.create(overloads.with(status(CameraState.LIVE)).map(CameraStatus::state))
                .expectNext(CameraState.OVERLOADED)
                .thenCancel()
                .verify();
    }

    @Test
    void with_cameraThatAnotherProcessForecastsNow_isLiveAgain() {
        forecasts("a", Duration.ofSeconds(4), 6);
        nanos += Duration.ofSeconds(31).toNanos();
        StepVerifier.withVirtualTime(
                        () -> overloads.with(status(CameraState.LIVE)).map(CameraStatus::state))
                .expectNext(CameraState.LIVE)
                .thenCancel()
                .verify();

        forecasts("a", Duration.ofSeconds(4), 6);
        StepVerifier.withVirtualTime(
                        () -> overloads.with(status(CameraState.LIVE)).map(CameraStatus::state))
                .expectNext(CameraState.OVERLOADED)
                .then(() -> nanos += Duration.ofSeconds(31).toNanos())
                .thenAwait(Duration.ofSeconds(5))
                .expectNext(CameraState.LIVE)
                .thenCancel()
                .verify();
        forecasts("a", Duration.ofMillis(100), 0);
        assertThat(overloads.obstacle()).isEmpty();
    }

    @Test
    void obstacle_namesSomeCamerasAndTheWorst_untilTheyAreForgotten() {
        assertThat(overloads.obstacle()).isEmpty();
        List.of("a", "b", "c", "d", "e").forEach(camera -> forecasts(camera, Duration.ofSeconds(2), 6));
        forecasts("f", Duration.ofSeconds(9), 6);
        forecasts("g", Duration.ofMillis(100), 6);

        assertThat(overloads.obstacle())
                .hasValueSatisfying(words -> assertThat(words)
                        .startsWith("predict: overloaded by ")
                        .contains(" more: forecasts are 9.0 s old when they come, and reach 3.2 s ahead"));
        nanos += Duration.ofSeconds(31).toNanos();
        assertThat(overloads.obstacle()).isEmpty();
    }
}
