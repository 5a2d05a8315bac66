package io.framecast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.framecast.bench.PipelineBenchmark.Load;
import io.framecast.bench.PipelineBenchmark.Round;
import io.framecast.node.RunSummary.LatencyMillis;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class PipelineBenchmarkTest {
    private static final Duration SEEN = Duration.ofMillis(50);

    private static Round round(int cameras, boolean whole, long p95, long skipped, long lost) {
        var load = new Load(1, 0.5, OptionalLong.empty());
        return new Round(cameras, whole, 2.0 * cameras, new LatencyMillis(p95 / 2, p95, 2 * p95), skipped, lost, load);
    }

    @Test
    void knee_isTheMostThatHeld_eachKindByItself() {
        List<Round> rounds = List.of(
                round(4, true, 300, 0, 0),
                round(4, false, 200, 0, 0),
                round(8, true, 499, 0, 0),
                round(8, false, 300, 0, 0),
                round(16, true, 500, 0, 0),
                round(16, false, 400, 0, 0));

        assertThat(PipelineBenchmark.knee(rounds, true)).hasValue(8);
        assertThat(PipelineBenchmark.knee(rounds, false)).hasValue(16);
    }

    @Test
    void knee_liesBeforeTheFirstThatDidNotHold_whateverCameAfterIt() {
        assertThat(PipelineBenchmark.knee(
                        List.of(
                                round(16, true, 100, 0, 0),
                                round(4, true, 100, 0, 1),
                                round(2, true, 100, 0, 0),
                                round(8, true, 100, 3, 0)),
                        true))
                .hasValue(2);
        assertThat(PipelineBenchmark.knee(List.of(round(1, true, 900, 0, 0)), true))
                .isEmpty();
        assertThat(PipelineBenchmark.knee(List.of(), true)).isEmpty();
    }

    @Test
    void use_countsTheModelsThreadsApart() throws InterruptedException {
        ProcessUse before = ProcessUse.now();
        var seen = new AtomicBoolean();
        var model = new Thread(() -> spin(seen), "forecast");
        var other = new Thread(() -> spin(seen), "another");
        model.start();
        other.start();
        ProcessUse during = before;
        while (during.modelNanos() - before.modelNanos() < SEEN.toNanos()) {
            during = ProcessUse.now();
        }
        seen.set(true);
        model.join();
        other.join();

        assertThat(during.modelNanos()).isPositive();
        assertThat(during.modelNanos() - before.modelNanos()).isLessThan(during.processNanos() - before.processNanos());
        assertThat(during.residentMiB()).isPresent();
    }

    private static void spin(AtomicBoolean end) {
        while (!end.get()) {
            Thread.onSpinWait();
        }
    }
}
