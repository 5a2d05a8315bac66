package io.framecast.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MicroBatchesTest {
    private static final Instant START = Instant.EPOCH;

    @Test
    void batch_full_goesAtOnce() {
        var batches = batches(Policy.LATEST, 2);
        batches.add("a", "a1", START);
        assertThat(batches.next(START, false)).isEmpty();
        batches.add("b", "b1", START);
        assertThat(batches.next(START, false)).containsExactly("a1", "b1");
    }

    @Test
    void batch_notFull_goesAfterTheDelay() {
        var batches = batches(Policy.LATEST, 8);
        batches.add("a", "a1", START);
        assertThat(batches.patience(START.plusMillis(15))).isEqualTo(Duration.ofMillis(5));
        assertThat(batches.next(START.plusMillis(19), false)).isEmpty();
        assertThat(batches.next(START.plusMillis(20), false)).containsExactly("a1");
    }

    @Test
    void latest_newerWindow_takesThePlaceAndTheWaitOfTheOlder() {
        var batches = batches(Policy.LATEST, 8);
        assertThat(batches.add("a", "a1", START)).isEmpty();
        assertThat(batches.add("a", "a2", START.plusMillis(15))).contains("a1");
        assertThat(batches.next(START.plusMillis(20), false)).containsExactly("a2");
    }

    @Test
    void latest_overtakenAgainAndAgain_keepsItsPlace() {
        var batches = batches(Policy.LATEST, 1);
        batches.add("a", "a1", START);
        batches.add("b", "b1", START);
        batches.add("a", "a2", START.plusMillis(5));
        assertThat(batches.next(START.plusMillis(5), false)).containsExactly("a2");
        batches.add("a", "a3", START.plusMillis(6));
        batches.add("b", "b2", START.plusMillis(6));
        assertThat(batches.next(START.plusMillis(6), false)).containsExactly("b2");
    }

    @Test
    void hasRoom_underAll_endsAtSomeRounds() {
        var batches = batches(Policy.ALL, 2);
        int added = 0;
        while (batches.hasRoom()) {
            batches.add("a", "a" + added++, START);
        }
        assertThat(added).isEqualTo(16);
        batches.next(START, false);
        assertThat(batches.hasRoom()).isTrue();
    }

    @Test
    void all_newerWindow_waitsBehindTheOlder() {
        var batches = batches(Policy.ALL, 8);
        batches.add("a", "a1", START);
        assertThat(batches.add("a", "a2", START)).isEmpty();
        assertThat(batches.next(START.plusMillis(20), false)).containsExactly("a1", "a2");
    }

    @Test
    void next_moreThanABatchWaits_goesOnUntilNoneIsLeft() {
        var batches = batches(Policy.ALL, 2);
        for (String window : new String[] {"1", "2", "3"}) {
            batches.add("a", window, START);
        }
        assertThat(batches.next(START, false)).containsExactly("1", "2");
        assertThat(batches.next(START, false)).as("the rest of the round").containsExactly("3");
        assertThat(batches.next(START, false)).isEmpty();
    }

    @Test
    void next_draining_waitsForNothing() {
        var batches = batches(Policy.LATEST, 8);
        batches.add("a", "a1", START);
        assertThat(batches.next(START, true)).containsExactly("a1");
    }

    @Test
    void removeIf_forgotten_isGone() {
        var batches = batches(Policy.LATEST, 8);
        batches.add("a", "a1", START);
        batches.add("b", "b1", START);
        batches.removeIf("a1"::equals);
        assertThat(batches.waiting()).containsExactly("b1");
    }

    @Test
    void config_outOfRange_isNamed() {
        assertThatThrownBy(() -> new BatchConfig(Policy.ALL, 0, Duration.ZERO))
                .hasMessage("max-batch 0 is outside 1 to 1024");
        assertThatThrownBy(() -> new BatchConfig(Policy.ALL, 1, Duration.ofMillis(-1)))
                .hasMessageContaining("negative");
    }

    private static MicroBatches<String, String> batches(Policy policy, int maxBatch) {
        return new MicroBatches<>(new BatchConfig(policy, maxBatch, Duration.ofMillis(20)));
    }
}
