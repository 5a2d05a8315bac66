package io.framecast.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import io.framecast.frame.CameraId;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PunctualityTest {
    private static final FrameShape SHAPE = new FrameShape(1, 1, 1);

    private long nanos = -1_000_000_000L;

    /** A forecast of 32 frames, so far apart. */
    private static Forecast forecast(Duration interval) {
        return new Forecast(
                new Origin(new CameraId("a"), 1, 1, Instant.EPOCH),
                new ModelVersion("still", "1"),
                1,
                interval,
                SHAPE,
                Collections.nCopies(Forecast.HORIZON, Pixels.copyOf(new byte[1])),
                List.of(),
                Optional.empty());
    }

    /** Forecasts come so old, one each second. */
    private Punctuality come(Punctuality before, Duration interval, long ageMillis, int seconds) {
        Punctuality after = before;
        for (int second = 0; second < seconds; second++) {
            after = after.with(forecast(interval), Duration.ofMillis(ageMillis), nanos);
            nanos += Duration.ofSeconds(1).toNanos();
        }
        return after;
    }

    @ParameterizedTest
    @CsvSource({"100, 1500, false", "100, 1700, true", "200, 1700, false", "60000, 1700, false", "60000, 1000000, true"
    })
    void isLate_whenHalfOfWhatTheyForetellIsOver(long intervalMillis, long ageMillis, boolean isLate) {
        assertThat(come(Punctuality.start(), Duration.ofMillis(intervalMillis), ageMillis, 10)
                        .isLate())
                .isEqualTo(isLate);
    }

    @Test
    void isLate_onlyWhenAllOfSomeSecondsWere_andUntilAllOfSomeSecondsAreNot() {
        Duration interval = Duration.ofMillis(100);
        Punctuality once = come(come(Punctuality.start(), interval, 5000, 5), interval, 100, 1);
        Punctuality again = come(once, interval, 5000, 5);
        assertThat(once.isLate()).isFalse();
        assertThat(again.isLate()).as("one came in time").isFalse();

        Punctuality late = come(again, interval, 5000, 1);
        assertThat(late.isLate()).isTrue();
        assertThat(late.words())
                .isEqualTo("forecasts are 5.0 s old when they come, and reach 3.2 s ahead; give it fewer cameras,"
                        + " a longer --every, or more predictors");
        assertThat(come(late, interval, 100, 5).isLate()).isTrue();
        assertThat(come(late, interval, 100, 6).isLate()).isFalse();
    }
}
