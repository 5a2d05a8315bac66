package io.framecast.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatienceTest {
    private static final SourceConfig CONFIG = SourceConfig.defaults();

    private final Patience patience = new Patience(CONFIG);
    private long nanos;

    private void pictures(int count, Duration apart) {
        for (int i = 0; i < count; i++) {
            nanos += apart.toNanos();
            patience.picture(nanos);
        }
    }

    @ParameterizedTest
    @CsvSource({"PT0.04S, PT3S", "PT0.9S, PT3S", "PT2S, PT6S", "PT60S, PT180S", "PT600S, PT300S"})
    void read_byTheCamerasPace_isThreeOfItsSteps_threeSecondsAtLeast_fiveMinutesAtMost(Duration step, Duration limit) {
        patience.opened(Nature.LIVE);
        pictures(10, step);

        assertThat(patience.read()).isEqualTo(limit);
    }

    @Test
    void read_onePictureAMinute_isLearntInAFewTries() {
        int tries = 0;
        for (; patience.read().compareTo(Duration.ofMinutes(1)) < 0; tries++) {
            patience.opened(Nature.LIVE);
            pictures(1, Duration.ofSeconds(1));
            patience.failed(true);
        }
        assertThat(tries).isBetween(2, 4);
    }

    @Test
    void read_cameraThatNeverGaveAPicture_isNotWaitedForLonger() {
        Duration before = patience.read();
        for (int i = 0; i < 20; i++) {
            patience.failed(true);
        }
        assertThat(patience.read()).isEqualTo(before);
    }

    @Test
    void read_burstsOnTheWay_areExpectedAgain() {
        patience.opened(Nature.LIVE);
        for (int burst = 0; burst < 5; burst++) {
            pictures(1, Duration.ofSeconds(4));
            pictures(9, Duration.ofMillis(1));
        }
        assertThat(patience.read()).isGreaterThan(Duration.ofSeconds(4));
    }

    @Test
    void read_playlist_isAsPatientAsItsSegmentsAreLong() {
        patience.opened(Nature.PLAYLIST);
        pictures(30, Duration.ofMillis(40));

        assertThat(patience.read()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void read_configured_isThat() {
        var given = new Patience(
                CONFIG.toBuilder().readTimeout(Duration.ofSeconds(77)).build());
        given.opened(Nature.LIVE);

        assertThat(given.read()).isEqualTo(Duration.ofSeconds(77));
    }

    @Test
    void open_cameraThatWorked_isTriedBriefly_andNowAndThenAsLongAsAtFirst() {
        assertThat(patience.open()).isEqualTo(CONFIG.openTimeout());
        patience.opened(Nature.LIVE);
        pictures(5, Duration.ofMillis(100));

        int brief = 0;
        int whole = 0;
        for (int i = 0; i < 90; i++) {
            patience.failed(true);
            if (patience.open().equals(CONFIG.openTimeout())) {
                whole++;
            } else {
                brief++;
                assertThat(patience.open()).isEqualTo(Duration.ofSeconds(3));
            }
        }
        assertThat(whole).isEqualTo(10);
        assertThat(brief).isEqualTo(80);
    }

    @Test
    void open_configuredShorterThanABriefTry_isThat() {
        var hasty = new Patience(
                CONFIG.toBuilder().openTimeout(Duration.ofMillis(500)).build());
        hasty.opened(Nature.LIVE);
        hasty.picture(1);
        hasty.failed(false);

        assertThat(hasty.open()).isEqualTo(Duration.ofMillis(500));
    }
}
