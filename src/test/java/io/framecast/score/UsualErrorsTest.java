package io.framecast.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.framecast.forecast.ErrorMap;
import java.util.List;
import org.junit.jupiter.api.Test;

class UsualErrorsTest {
    private final UsualErrors usual = new UsualErrors();

    private static ErrorMap map(int left, int right) {
        return new ErrorMap(1, 2, List.of(left, right));
    }

    @Test
    void next_whereItIsAlwaysWrong_isNothing_andElsewhereAll() {
        for (int i = 0; i < 200; i++) {
            assertThat(usual.next(map(40, 0)).strongest()).isZero();
        }

        ErrorMap unusual = usual.next(map(44, 30));

        assertThat(unusual.levels()).containsExactly(0, 30);
    }

    @Test
    void next_muchMoreThanUsual_isWhatExceedsEightTimesItsSquare() {
        for (int i = 0; i < 200; i++) {
            usual.next(map(30, 0));
        }

        // sqrt(100 ^ 2 - 8 * 30 ^ 2)
        assertThat(usual.meanSquare()).isCloseTo(450, within(1e-9));
        assertThat(usual.next(map(100, 0)).levels()).containsExactly(53, 0);
    }

    @Test
    void next_whenItStays_becomesUsual() {
        for (int i = 0; i < 600; i++) {
            usual.next(map(0, 0));
        }
        assertThat(usual.next(map(0, 50)).strongest()).isEqualTo(50);

        for (int i = 0; i < 600; i++) {
            usual.next(map(0, 50));
        }

        assertThat(usual.next(map(0, 50)).strongest()).isZero();
    }

    @Test
    void next_ofAnotherGrid_startsAnew() {
        usual.next(map(0, 0));

        assertThat(usual.next(new ErrorMap(1, 1, List.of(9))).levels()).containsExactly(0);
    }
}
