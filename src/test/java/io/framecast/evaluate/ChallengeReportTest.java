package io.framecast.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.framecast.evaluate.ChallengeReport.Verdict;
import io.framecast.forecast.ModelVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChallengeReportTest {
    private static final ModelVersion CHAMPION = new ModelVersion("old", "1");
    private static final ModelVersion CHALLENGER = new ModelVersion("new", "1");

    @TempDir
    Path folder;

    private final Random random = new Random(7);

    /** Blocks of ten windows with the error of persistence 1 a window, give or take. */
    private PairedErrors.OfCamera camera(int blocks, double champion, double challenger, double noise) {
        var camera = new PairedErrors.OfCamera();
        for (int block = 0; block < blocks; block++) {
            double scene = 0.5 + random.nextDouble();
            camera.add(
                    block,
                    new PairedErrors(
                            10,
                            10 * scene,
                            10 * scene * (champion + noise * random.nextGaussian()),
                            10 * scene * (challenger + noise * random.nextGaussian())));
        }
        return camera;
    }

    private static ChallengeReport report(Map<String, PairedErrors.OfCamera> cameras) {
        return ChallengeReport.of(CHAMPION, CHALLENGER, cameras, 1);
    }

    @Test
    void clearlyBetter_onOneCamera_isBetter_byBlocks() {
        ChallengeReport report = report(Map.of("a", camera(30, 0.7, 0.6, 0.05)));
        assertThat(report.verdict()).isEqualTo(Verdict.BETTER);
        assertThat(report.drawn()).isEqualTo("blocks of time within cameras");
        assertThat(report.difference()).isCloseTo(0.1, Offset.offset(0.03));
        assertThat(report.low()).isPositive().isLessThan(report.difference());
        assertThat(report.high()).isGreaterThan(report.difference());
    }

    @Test
    void alittleBetter_withinTheNoise_isNoBetter() {
        assertThat(report(Map.of("a", camera(12, 0.7, 0.69, 0.2))).verdict()).isEqualTo(Verdict.NO_BETTER);
    }

    @Test
    void clearlyWorse_isWorse() {
        assertThat(report(Map.of("a", camera(30, 0.6, 0.7, 0.05))).verdict()).isEqualTo(Verdict.WORSE);
    }

    @Test
    void muchBetter_onFewWindows_isNoEvidence() {
        ChallengeReport report = report(Map.of("a", camera(9, 0.9, 0.1, 0.01)));
        assertThat(report.verdict()).isEqualTo(Verdict.TOO_FEW);
        assertThat(report.isBetter()).isFalse();
        assertThat(report.lines()).last().asString().contains("too few windows");
    }

    @Test
    void noCamera_isNoEvidence() {
        ChallengeReport report = report(Map.of());
        assertThat(report.verdict()).isEqualTo(Verdict.TOO_FEW);
        assertThat(report.difference()).isNaN();
    }

    @Test
    void manyCameras_thatDisagree_areDrawnThemselves() {
        var cameras = new TreeMap<String, PairedErrors.OfCamera>();
        for (int i = 0; i < 10; i++) { // better on six, worse on four: each by itself beyond doubt
            cameras.put("camera" + i, camera(40, 0.6, i < 6 ? 0.55 : 0.64, 0.001));
        }
        ChallengeReport report = report(cameras);
        assertThat(report.drawn()).isEqualTo("cameras");
        assertThat(report.difference()).isPositive();
        assertThat(report.verdict()).isEqualTo(Verdict.NO_BETTER);
    }

    /** In a hundred challenges of equals, about 2.5 win by chance. */
    @Test
    void equals_seldomWin() {
        int won = 0;
        for (int trial = 0; trial < 100; trial++) {
            won += report(Map.of("a", camera(30, 0.7, 0.7, 0.1))).isBetter() ? 1 : 0;
        }
        assertThat(won).isLessThan(10);
    }

    @Test
    void write_leavesTextAndJson() throws IOException {
        ChallengeReport report = report(Map.of("a", camera(30, 0.7, 0.6, 0.05)));
        report.write(folder.resolve("new"));
        assertThat(folder.resolve("new/challenge.txt")).content().contains("new: it is better by more than chance");
        JsonNode json =
                new ObjectMapper().readTree(folder.resolve("new/challenge.json").toFile());
        assertThat(json.get("verdict").asText()).isEqualTo("BETTER");
        assertThat(json.get("cameras").get(0).get("camera").asText()).isEqualTo("a");
        assertThat(json.get("cameras").get(0).get("difference").asDouble())
                .isEqualTo(report.cameras().get(0).difference());
        assertThat(json.get("low").asDouble()).isEqualTo(report.low());
    }
}
