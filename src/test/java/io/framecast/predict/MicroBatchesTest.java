package io.framecast.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MicroBatchesTest {
    private long nanos;

    @Test
    void batch_full_goesAtOnce() {
        var batches = batches(Policy.LATEST, 2);
        batches.add("a", "a1");
        assertThat(batches.next(false)).isEmpty();
        batches.add("b", "b1");
        assertThat(batches.next(false)).containsExactly("a1", "b1");
    }

    @Test
    void batch_notFull_goesAfterTheDelay() {
        var batches = batches(Policy.LATEST, 8);
        batches.add("a", "a1");
        at(15);
        assertThat(batches.timeUntilDue()).isEqualTo(Duration.ofMillis(5));
        at(19);
        assertThat(batches.next(false)).isEmpty();
        at(20);
        assertThat(batches.next(false)).containsExactly("a1");
    }

    @Test
    void latest_newerWindow_takesThePlaceAndTheWaitOfTheOlder() {
        var batches = batches(Policy.LATEST, 8);
        assertThat(batches.add("a", "a1")).isEmpty();
        at(15);
        assertThat(batches.add("a", "a2")).contains("a1");
        at(20);
        assertThat(batches.next(false)).containsExactly("a2");
    }

    @Test
    void latest_overtakenAgainAndAgain_keepsItsPlace() {
        var batches = batches(Policy.LATEST, 1);
        batches.add("a", "a1");
        batches.add("b", "b1");
        at(5);
        batches.add("a", "a2");
        assertThat(batches.next(false)).containsExactly("a2");
        at(6);
        batches.add("a", "a3");
        batches.add("b", "b2");
        at(6);
        assertThat(batches.next(false)).containsExactly("b2");
    }

    @Test
    void batch_isOfOneModel_andTheOthersGoNext_inTheirOrder() {
        var batches = new MicroBatches<String, String>(
                new BatchConfig(Policy.ALL, 3, Duration.ofMillis(20)), () -> nanos, window -> window.charAt(0));
        for (String window : List.of("x1", "y1", "x2", "y2", "x3", "x4")) {
            batches.add(window, window);
        }
        assertThat(batches.next(false)).containsExactly("x1", "x2", "x3");
        assertThat(batches.next(false)).as("at once, though fewer than a batch").containsExactly("y1", "y2");
        assertThat(batches.next(false)).containsExactly("x4");
        assertThat(batches.next(true)).isEmpty();
        assertThat(batches.waiting()).isEmpty();
    }

    @Test
    void hasRoom_underAll_endsAtSomeRounds() {
        var batches = batches(Policy.ALL, 2);
        int added = 0;
        while (batches.hasRoom()) {
            batches.add("a", "a" + added++);
        }
        assertThat(added).isEqualTo(16);
        batches.next(false);
        assertThat(batches.hasRoom()).isTrue();
    }

    @Test
    void all_newerWindow_waitsBehindTheOlder() {
        var batches = batches(Policy.ALL, 8);
        batches.add("a", "a1");
        assertThat(batches.add("a", "a2")).isEmpty();
        at(20);
        assertThat(batches.next(false)).containsExactly("a1", "a2");
    }

    @Test
    void next_moreThanABatchWaits_goesOnUntilNoneIsLeft() {
        var batches = batches(Policy.ALL, 2);
        for (String window : new String[] {"1", "2", "3"}) {
            batches.add("a", window);
        }
        assertThat(batches.next(false)).containsExactly("1", "2");
        assertThat(batches.next(false)).as("the rest of the round").containsExactly("3");
        assertThat(batches.next(false)).isEmpty();
    }

    @Test
    void windowAfterAWholeRound_waitsAgain() {
        var batches = batches(Policy.LATEST, 8);
        batches.add("a", "a1");
        at(20);
        assertThat(batches.next(false)).containsExactly("a1");
        batches.add("b", "b1");
        assertThat(batches.next(false)).as("it waits for others").isEmpty();
        at(40);
        assertThat(batches.next(false)).containsExactly("b1");
    }

    @Test
    void next_draining_waitsForNothing() {
        var batches = batches(Policy.LATEST, 8);
        batches.add("a", "a1");
        assertThat(batches.next(true)).containsExactly("a1");
    }

    @Test
    void removeIf_forgotten_isGone() {
        var batches = batches(Policy.LATEST, 8);
        batches.add("a", "a1");
        batches.add("b", "b1");
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

    private void at(long millis) {
        nanos = Duration.ofMillis(millis).toNanos();
    }

    private MicroBatches<String, String> batches(Policy policy, int maxBatch) {
        return new MicroBatches<>(new BatchConfig(policy, maxBatch, Duration.ofMillis(20)), () -> nanos);
    }
}
