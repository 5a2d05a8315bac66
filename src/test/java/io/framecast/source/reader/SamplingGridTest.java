package io.framecast.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SamplingGridTest {
    private static List<Long> taken(double fps, LongStream micros) {
        var grid = new SamplingGrid(fps);
        return micros.filter(grid::takes).boxed().toList();
    }

    @Test
    void takes_multipleOfTheRate_takesEveryThird() {
        var thirty = LongStream.range(0, 10).map(index -> Math.round(index * 1e6 / 30));

        assertThat(taken(10, thirty)).containsExactly(0L, 100_000L, 200_000L, 300_000L);
    }

    @Test
    void takes_oddRate_takesTheFirstToReachEachPoint() {
        assertThat(taken(10, LongStream.range(0, 11).map(index -> index * 40_000)))
                .containsExactly(0L, 120_000L, 200_000L, 320_000L, 400_000L);
    }

    @Test
    void takes_slowerSource_takesAll() {
        var random = new Random(1);
        var slow = LongStream.range(0, 100)
                .map(index -> index * 200_000 + random.nextInt(40_000))
                .boxed()
                .toList();

        assertThat(taken(10, slow.stream().mapToLong(value -> value))).isEqualTo(slow);
    }

    @Test
    void takes_sameRateWithJitter_takesAll() {
        var random = new Random(2);
        var same = IntStream.range(0, 300)
                .mapToLong(index -> index * 100_000L - random.nextInt(9_000))
                .map(value -> Math.max(0, value));

        assertThat(taken(10, same)).hasSize(300);
    }

    @Test
    void takes_longGap_doesNotCatchUp() {
        assertThat(taken(10, LongStream.of(0, 100_000, 1_500_000, 1_510_000, 1_600_000)))
                .containsExactly(0L, 100_000L, 1_500_000L, 1_600_000L);
    }

    @Test
    void takes_sameTimestampAgain_takesItOnce() {
        assertThat(taken(240, LongStream.of(0, 0, 0, 4_167, 4_167))).containsExactly(0L, 4_167L);
    }

    @Test
    void restart_newEpoch_takesItsFirst() {
        var grid = new SamplingGrid(10);
        assertThat(grid.takes(5_000_000)).isTrue();
        assertThat(grid.takes(0)).isFalse();
        grid.restart();
        assertThat(grid.takes(0)).isTrue();
    }
}
