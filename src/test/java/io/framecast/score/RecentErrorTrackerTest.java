package io.framecast.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.framecast.forecast.RecentErrors;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentErrorTrackerTest {
    private final RecentErrorTracker tracker = new RecentErrorTracker();

    @Test
    void recent_ofACameraThatIsAlwaysWorse_goesThere_fewForecastsSayLittle() {
        assertThat(tracker.recent()).isEqualTo(RecentErrors.none());

        tracker.next(List.of(0.01, 0.02), List.of(0.03, 0.02));

        assertThat(tracker.recent().expected()).containsExactly(0.01, 0.02);
        assertThat(tracker.recent().real().get(0)).isCloseTo((0.03 + 4 * 0.01) / 5, within(1e-12));
        assertThat(tracker.recent().real().get(1)).isCloseTo(0.02, within(1e-12));
        for (int i = 0; i < 1000; i++) {
            tracker.next(List.of(0.01, 0.02), List.of(0.03, 0.02));
        }
        assertThat(tracker.recent().real().get(0)).isCloseTo((32 * 0.03 + 4 * 0.01) / 36, within(1e-9));
    }

    @Test
    void recent_afterTheCameraChanged_followsIt() {
        for (int i = 0; i < 200; i++) {
            tracker.next(List.of(0.01), List.of(0.05));
        }
        for (int i = 0; i < 300; i++) {
            tracker.next(List.of(0.02), List.of(0.01));
        }

        assertThat(tracker.recent().expected().get(0)).isCloseTo(0.02, within(1e-4));
        assertThat(tracker.recent().real().get(0)).isCloseTo((32 * 0.01 + 4 * 0.02) / 36, within(1e-4));
    }

    @Test
    void next_withoutItsFrame_saysNothing() {
        tracker.next(List.of(0.01, 0.01), List.of(0.02, Double.NaN));

        assertThat(tracker.recent().real().get(0)).isGreaterThan(0.01);
        assertThat(tracker.recent().correct(List.of(0.3, 0.3)).get(1)).isEqualTo(0.3);
    }

    @Test
    void whatAnotherProgramMaySay_breaksNothing() {
        tracker.restore(new RecentErrors(List.of(1.0, 1.0, 0.5), List.of(0.0, 0.0, 0.5)));
        tracker.next(List.of(7.0, Double.NaN, -1.0), List.of(0.01, 0.01, 0.01));

        RecentErrors recent = tracker.recent();

        assertThat(recent.expected().get(0)).isEqualTo(1);
        assertThat(recent.real().get(0)).isLessThan(0.2);
        assertThat(recent.expected().get(1)).as("left out").isEqualTo(1);
        assertThat(recent.expected().get(2)).isLessThan(0.5);
    }

    @Test
    void correct_addsWhatCameBesides_andDividesWhereLessCame() {
        var recent = new RecentErrors(List.of(0.01, 0.04, 0.04, 0.0), List.of(0.05, 0.01, 0.0, 0.0));

        List<Double> corrected = recent.correct(List.of(0.002, 0.2, 0.12, 0.3, 0.7));

        assertThat(corrected.get(0)).isCloseTo(0.042, within(1e-12));
        assertThat(corrected.get(1)).isCloseTo(0.05, within(1e-12));
        assertThat(corrected.get(2)).as("no less than a twelfth").isCloseTo(0.01, within(1e-12));
        assertThat(corrected.get(3)).isEqualTo(0.3);
        assertThat(corrected.get(4)).as("of a step that nothing is known of").isEqualTo(0.7);
        assertThat(recent.correct(List.of(0.99))).as("an error is at most 1").containsExactly(1.0);
        assertThat(RecentErrors.none().correct(List.of(0.25))).containsExactly(0.25);
    }

    @Test
    void restored_goesOnNearby() {
        for (int i = 0; i < 300; i++) {
            tracker.next(List.of(0.01), List.of(0.02 + 0.01 * (i % 3)));
        }
        var next = new RecentErrorTracker();
        next.restore(tracker.recent());
        assertThat(next.recent().real().get(0))
                .isCloseTo(tracker.recent().real().get(0), within(1e-12));

        tracker.next(List.of(0.02), List.of(0.09));
        next.next(List.of(0.02), List.of(0.09));

        assertThat(next.recent().real().get(0))
                .isCloseTo(tracker.recent().real().get(0), within(1e-5));
        assertThat(next.recent().expected().get(0))
                .isCloseTo(tracker.recent().expected().get(0), within(1e-5));
    }

    @Test
    void means_thatCannotBe_areRefused() {
        assertThatThrownBy(() -> new RecentErrors(List.of(0.1), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 steps expected, of 0");
        for (double mean : new double[] {-0.1, 1.1, Double.NaN}) {
            assertThatThrownBy(() -> new RecentErrors(List.of(0.1), List.of(mean)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("from 0 to 1");
        }
    }
}
