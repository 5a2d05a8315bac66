package io.framecast.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AnswersTest {
    private static int[] asked(Answers answers) {
        int[] steps = answers.steps();
        return IntStream.range(0, steps.length)
                .filter(answers::isAsked)
                .map(index -> steps[index])
                .toArray();
    }

    @Test
    void about_theWholeHorizon_asksTheLessOftenTheLater() {
        var answers = Answers.about(IntStream.rangeClosed(1, 32).toArray());

        assertThat(answers.steps()).hasSize(32);
        assertThat(asked(answers)).containsExactly(1, 2, 3, 4, 6, 8, 12, 16, 24, 32);
    }

    @Test
    void about_aFewSteps_addsThoseAroundAtWhichItAsks() {
        var answers = Answers.about(new int[] {2, 7, 13});

        assertThat(answers.steps()).containsExactly(2, 6, 7, 8, 12, 13, 16);
        assertThat(answers.wanted()).containsExactly(0, 2, 5);
        assertThat(asked(answers)).containsExactly(2, 6, 8, 12, 16);
    }

    @Test
    void laterShare_growsWithTheStep() {
        var answers = Answers.about(new int[] {13, 14, 15});

        assertThat(answers.steps()).containsExactly(12, 13, 14, 15, 16);
        assertThat(answers.laterShare(1)).isEqualTo(0.25f);
        assertThat(answers.laterShare(3)).isEqualTo(0.75f);
    }

    @Test
    void order_givesAStepBetweenOthersAfterBoth() {
        assertThat(Answers.about(new int[] {5, 6, 7}).order()).containsExactly(0, 2, 1, 4, 3);
    }

    @Test
    void isKept_onlyNextToStepsBetweenOthers() {
        var answers = Answers.about(new int[] {3, 4, 5, 6});

        assertThat(answers.isKept(0)).isFalse();
        assertThat(answers.isKept(1)).isTrue();
        assertThat(answers.isKept(2)).isFalse();
        assertThat(answers.isKept(3)).isTrue();
    }

    @Test
    void atAll_asksAtEachStep() {
        var answers = Answers.atAll(new int[] {5, 9, 31});

        assertThat(asked(answers)).containsExactly(5, 9, 31);
        assertThat(answers.order()).containsExactly(0, 1, 2);
        assertThat(answers.wanted()).containsExactly(0, 1, 2);
    }
}
