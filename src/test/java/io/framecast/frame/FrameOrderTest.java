package io.framecast.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameOrderTest {
    private static final long EPOCH = 1_790_000_000_000_000L;
    private static final long IN_2030 = 1_893_456_000_000_000L;
    private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

    private FrameOrder<FrameId> order = FrameOrder.start();
    private Duration interval = Duration.ofMillis(100);
    private Instant clock = START;
    private int dropped;
    private int restarts;

    private List<FrameId> next(long epoch, long sequence) {
        clock = clock.plus(interval);
        var id = new FrameId(epoch, sequence);
        FrameOrder.Step<FrameId> step = order.next(id, clock, id);
        order = step.order();
        dropped += step.dropped();
        restarts += step.restarts() ? 1 : 0;
        return step.follows();
    }

    private List<FrameId> run(long epoch, long from, long to) {
        var follows = new ArrayList<FrameId>();
        LongStream.range(from, to).forEach(sequence -> follows.addAll(next(epoch, sequence)));
        return follows;
    }

    private static List<FrameId> ids(long epoch, long from, long to) {
        return LongStream.range(from, to)
                .mapToObj(sequence -> new FrameId(epoch, sequence))
                .toList();
    }

    @Test
    void next_inAnEpoch_followsAndLeavesOutRepeatedAndLate() {
        assertThat(run(EPOCH, 0, 5)).isEqualTo(ids(EPOCH, 0, 5));
        assertThat(next(EPOCH, 4)).as("again").isEmpty();
        assertThat(next(EPOCH, 2)).as("late").isEmpty();
        assertThat(next(EPOCH, 9)).as("others were dropped on the way").isEqualTo(ids(EPOCH, 9, 10));
        assertThat(dropped).isEqualTo(2);
        assertThat(restarts).as("the first").isEqualTo(1);
    }

    @Test
    void next_laterEpoch_countsFromItsFirstFrameWhenTheSecondHasCome() {
        run(EPOCH, 0, 20);
        assertThat(next(EPOCH + 7, 0)).as("held").isEmpty();
        assertThat(next(EPOCH + 7, 1)).isEqualTo(ids(EPOCH + 7, 0, 2));
        assertThat(next(EPOCH, 20)).as("straggler").isEmpty();
        assertThat(next(EPOCH + 7, 2)).isEqualTo(ids(EPOCH + 7, 2, 3));
        assertThat(dropped).isEqualTo(1);
    }

    @Test
    void next_oneStrayFrame_changesNothing() {
        for (FrameId stray : List.of(
                new FrameId(IN_2030, 0),
                new FrameId(EPOCH, 50_000_000),
                new FrameId(1, 0),
                new FrameId(EPOCH - 1, 5))) {
            order = FrameOrder.start();
            restarts = 0;
            run(EPOCH, 0, 20);
            assertThat(next(stray.epoch(), stray.sequence())).isEmpty();
            assertThat(run(EPOCH, 20, 40)).as("after " + stray).isEqualTo(ids(EPOCH, 20, 40));
            assertThat(restarts).isEqualTo(1);
        }
        assertThat(dropped).isEqualTo(4);
    }

    @Test
    void next_strayFrameFirst_costsOneFrame() {
        next(IN_2030, 0);
        assertThat(run(EPOCH, 0, 20)).isEqualTo(ids(EPOCH, 1, 20));
    }

    @Test
    void next_strayFramesAgainAndAgain_changeNothing() {
        run(EPOCH, 0, 20);
        for (long sequence = 20; sequence < 400; sequence++) {
            assertThat(next(IN_2030, sequence)).isEmpty();
            assertThat(next(EPOCH, sequence)).isEqualTo(ids(EPOCH, sequence, sequence + 1));
        }
    }

    @Test
    void next_clockSetBack_isBelievedAfterTenSeconds() {
        run(IN_2030, 0, 50);
        assertThat(run(EPOCH, 0, FrameOrder.MOST_REFUSED)).isEmpty();
        assertThat(run(EPOCH, FrameOrder.MOST_REFUSED, 150)).isEqualTo(ids(EPOCH, FrameOrder.MOST_REFUSED, 150));
    }

    @Test
    void next_clockSetBackOnASlowCamera_isBelievedAtTheThirdFrame() {
        interval = Duration.ofMinutes(1);
        run(IN_2030, 0, 5);
        assertThat(run(EPOCH, 0, 5)).isEqualTo(ids(EPOCH, 2, 5));
    }

    @Test
    void next_aLeapThatIsGoneOnFrom_isWhereTheCameraIs() {
        run(EPOCH, 0, 20);
        assertThat(run(EPOCH, 5_000, 5_010)).isEqualTo(ids(EPOCH, 5_000, 5_010));
    }

    @Test
    void next_epochsOfOneFrame_areEachFollowed() {
        interval = Duration.ofMinutes(5);
        for (long epoch = EPOCH; epoch < EPOCH + 20; epoch++) {
            assertThat(next(epoch, 0)).isEqualTo(ids(epoch, 0, 1));
        }
    }

    @Test
    void next_twoWritersOfOneCamera_oneIsFollowed() {
        for (long epoch : List.of(EPOCH - 1, EPOCH + 1)) {
            order = FrameOrder.start();
            run(EPOCH, 0, 20);
            for (long sequence = 20; sequence < 300; sequence++) {
                int follow =
                        next(EPOCH, sequence).size() + next(epoch, sequence).size();
                assertThat(follow).isEqualTo(1);
            }
        }
    }

    /** Whatever came before: an epoch that goes on alone is followed within ten seconds at 10 fps. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void next_anyOrderOfEpochs_endsInProgress(int seed) {
        var random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            for (int i = random.nextInt(300); i > 0; i--) {
                next(EPOCH + random.nextInt(5) * 1_000L, random.nextInt(seed < 6 ? 40 : 40_000));
            }
            long epoch = EPOCH + random.nextInt(10_000);
            epoch -= random.nextBoolean() ? epoch % 1_000 : 0; // often one of those above, whose sequences it repeats
            long from = random.nextInt(100);
            run(epoch, from, from + FrameOrder.MOST_REFUSED + 3);
            assertThat(run(epoch, from + 103, from + 120)).isEqualTo(ids(epoch, from + 103, from + 120));
        }
    }

    @Test
    void next_strayFramesOfTheSameEpochFarAhead_stopNothingForLong() {
        for (long[] strays : new long[][] {{50_000_000}, {50_000_000, 50_000_001}, {1_000}}) {
            for (int before : new int[] {0, 20}) {
                order = FrameOrder.start();
                run(EPOCH, 0, before);
                for (long stray : strays) {
                    next(EPOCH, stray);
                }
                assertThat(run(EPOCH, before, before + 500))
                        .as("of 500 frames after %s, %d frames before", strays, before)
                        .hasSizeGreaterThan(500 - FrameOrder.MOST_REFUSED - 3);
            }
        }
    }

    /** Three writers at once, in any order: frames of some epoch go on being followed in long runs. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void next_anyInterleavingOfWriters_goesOn(int seed) {
        var random = new Random(seed);
        long[] sequences = new long[3];
        int follow = 0;
        for (int i = 0; i < 3_000; i++) {
            int writer = random.nextInt(3);
            follow += next(EPOCH + writer, sequences[writer]++).size();
        }
        assertThat(follow).isGreaterThan(800);
        assertThat(restarts).isLessThan(30);
    }
}
