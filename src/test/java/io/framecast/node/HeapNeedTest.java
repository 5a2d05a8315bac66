package io.framecast.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.framecast.model.engine.EngineConfig;
import io.framecast.model.engine.Precision;
import io.framecast.predict.BatchConfig;
import io.framecast.preview.http.HttpConfig;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeapNeedTest {
    private static final long MIB = 1 << 20;
    private static final long GIB = 1024 * MIB;

    @Test
    void need_growsWithTheCameras_andWithTheForecastsThatWait() {
        assertThat(HeapNeed.of(run(0, 5))).isEqualTo(HeapNeed.BASE);
        assertThat(HeapNeed.of(run(200, 5)) - HeapNeed.of(run(100, 5)))
                .isEqualTo(HeapNeed.of(run(100, 5)) - HeapNeed.BASE);
        assertThat(HeapNeed.of(run(100, 50))).isLessThan(HeapNeed.of(run(100, 5)));
        assertThat(HeapNeed.of(run(100, 5))).isLessThan(HeapNeed.of(run(100, 1)));
        assertThat(HeapNeed.of(capture(100))).isLessThan(HeapNeed.of(run(100, 50)));
    }

    @Test
    void need_ofAFewCameras_isThatOfASmallMachine() {
        assertThat(HeapNeed.of(run(8, 5))).isBetween(300 * MIB, 512 * MIB);
        assertThat(HeapNeed.of(run(100, 50))).isBetween(GIB / 2, 3 * GIB / 2);
    }

    @Test
    void page_needsMoreForEachCamera_upToItsBound() {
        assertThat(HeapNeed.of(shown(8)) - HeapNeed.of(run(8, 5))).isEqualTo(8 * HeapNeed.HISTORY);
        assertThat(HeapNeed.of(shown(100)) - HeapNeed.of(run(100, 5))).isEqualTo(16 * HeapNeed.HISTORY);
        assertThat(HeapNeed.of(shown(8))).isLessThan(512 * MIB);
    }

    @Test
    void warning_saysHowMuchIsNeeded_onlyWhereThatIsMoreThanThereIs() {
        assertThat(HeapNeed.warning(run(8, 5), GIB)).isEmpty();
        assertThat(HeapNeed.warning(run(200, 1), GIB))
                .hasValueSatisfying(words -> assertThat(words)
                        .contains("need " + HeapNeed.of(run(200, 1)) / MIB + " MiB", "may have 1024:")
                        .satisfies(line -> assertThat(limitIn(line) * 29 / 30) // what Java counts of such a limit
                                .isBetween(HeapNeed.of(run(200, 1)) / MIB, HeapNeed.of(run(200, 1)) / MIB * 11 / 10)));
        assertThat(HeapNeed.warning(run(200, 1), HeapNeed.of(run(200, 1)))).isEmpty();
        assertThat(HeapNeed.warning(run(0, 1), 200, GIB))
                .as("those of a file")
                .isEqualTo(HeapNeed.warning(run(200, 1), GIB));
    }

    private static long limitIn(String warning) {
        return Long.parseLong(warning.replaceFirst(".*-Xmx(\\d+)m.*", "$1"));
    }

    private static NodeConfig shown(int cameras) {
        NodeConfig run = run(cameras, 5);
        var http = new HttpConfig("127.0.0.1", 0, Optional.empty());
        return new NodeConfig(
                run.broker(),
                run.capture(),
                run.predict(),
                run.score(),
                Optional.of(new PreviewConfig(http, true, false)),
                run.duration());
    }

    private static NodeConfig run(int cameras, int every) {
        var predict = new PredictConfig(
                Path.of("models"),
                "persistence",
                EngineConfig.cpu(),
                Precision.AUTO,
                every,
                BatchConfig.defaults(),
                "");
        return new NodeConfig(
                broker(),
                Optional.of(cameras(cameras)),
                Optional.of(predict),
                true,
                Optional.empty(),
                Optional.empty());
    }

    private static NodeConfig capture(int cameras) {
        return new NodeConfig(
                broker(), Optional.of(cameras(cameras)), Optional.empty(), false, Optional.empty(), Optional.empty());
    }

    private static CaptureConfig cameras(int count) {
        List<String> sources =
                IntStream.range(0, count).mapToObj(i -> "c" + i + "=test:still").toList();
        return CaptureConfig.of(
                SourceSpec.parseAll(sources), SourceConfig.builder().build());
    }

    private static BrokerConfig broker() {
        return new BrokerConfig(Optional.empty(), 0, "framecast", Map.of(), Optional.empty(), Path.of("data"), false);
    }
}
