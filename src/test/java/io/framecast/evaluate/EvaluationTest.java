package io.framecast.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.framecast.data.MovingBar;
import io.framecast.data.Recording;
import io.framecast.forecast.Forecast;
import io.framecast.forecast.Forecaster;
import io.framecast.forecast.ModelVersion;
import io.framecast.forecast.Window;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.score.HorizonScores;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {
    private static final FrameShape SHAPE = new FrameShape(16, 32, 3);
    private static final EvaluationConfig CONFIG = new EvaluationConfig(10, 32, 5);
    private static final Evaluation.WindowListener NOBODY = (clip, window, truth, forecasts) -> {};

    private final List<String> warnings = new ArrayList<>();

    @TempDir
    Path folder;

    @Test
    void run_onAMovingBar_scoresEveryBaselineAtEveryStep() {
        ClipScores scores = evaluate(new MovingBar("bar", SHAPE, 1, 60)).get(0);
        assertThat(scores.models().keySet())
                .containsExactly("persistence", "flow-fade", "linear", "mean", "optical-flow");
        assertThat(scores.models().values()).allSatisfy(found -> {
            assertThat(found.horizon()).isEqualTo(32);
            assertThat(found.windows()).as("at frames 41, 46, 51 and 56").isEqualTo(4);
        });
        double[] persistence = scores.of("persistence").mse();
        double oneColumn = 2 / 32.0 * Math.pow(210 / 255.0, 2);
        assertThat(persistence[0]).as("two columns differ after a step").isCloseTo(oneColumn, within(1e-9));
        assertThat(persistence[3]).isCloseTo(4 * oneColumn, within(1e-9));
        assertThat(persistence[31]).as("the bar is back").isZero();
        assertThat(scores.of("optical-flow").mse()[0]).as("motion is seen").isLessThan(persistence[0]);
    }

    @Test
    void run_withFramesBehindTheOriginChanged_forecastsTheSame() {
        var original = new ArrayList<Map<String, Forecast>>();
        var changed = new ArrayList<Map<String, Forecast>>();
        var bar = new MovingBar("bar", SHAPE, 1, 42);
        evaluate(bar, (clip, window, truth, forecasts) -> original.add(forecasts));
        evaluate(
                new Recording() {
                    @Override
                    public String name() {
                        return "cut";
                    }

                    @Override
                    public void read(Consumer<Frame> reader) {
                        IntStream.range(0, 42)
                                .mapToObj(i -> i < 10 ? bar.frame(i) : black(bar.frame(i)))
                                .forEach(reader);
                    }
                },
                (clip, window, truth, forecasts) -> changed.add(forecasts));
        assertThat(original).hasSize(1);
        assertThat(changed).isEqualTo(original);
    }

    /** Says how many frames it was given. */
    private record Counting(int leastContextLength, int contextLength) implements Forecaster {
        @Override
        public ModelVersion model() {
            return new ModelVersion("counting", "1");
        }

        @Override
        public List<Forecast> forecast(List<Window> windows) {
            return windows.stream()
                    .map(window -> new Forecast(
                            window.origin(),
                            model(),
                            window.length(),
                            window.interval(),
                            window.shape(),
                            Collections.nCopies(Forecast.HORIZON, window.last().pixels()),
                            Optional.empty()))
                    .toList();
        }
    }

    @Test
    void run_ofAModelThatReadsMoreThanItNeeds_givesItAllThereIs_andTheOthersTheSameAsEver() {
        var config = new EvaluationConfig(10, true, 32, 5);
        var seen = new LinkedHashMap<Long, List<Integer>>();
        Evaluation.WindowListener listener = (clip, window, truth, forecasts) -> seen.put(
                window.last().sequence(),
                List.of(
                        window.length(),
                        Objects.requireNonNull(forecasts.get("few")).contextLength(),
                        Objects.requireNonNull(forecasts.get("many")).contextLength()));

        new Evaluation(
                        config,
                        Map.of("few", new Counting(4, 10), "many", new Counting(10, 64)),
                        listener,
                        warnings::add)
                .run(List.of(new MovingBar("bar", SHAPE, 1, 60)), scores -> {});

        assertThat(seen)
                .containsExactly(
                        Map.entry(9L, List.of(10, 10, 10)),
                        Map.entry(14L, List.of(10, 10, 15)),
                        Map.entry(19L, List.of(10, 10, 20)),
                        Map.entry(24L, List.of(10, 10, 25)));
    }

    @Test
    void run_withAShortClip_namesItAndGoesOn() {
        List<ClipScores> scores = evaluate(new MovingBar("short", SHAPE, 1, 41), new MovingBar("long", SHAPE, 1, 42));
        assertThat(scores).extracting(ClipScores::clip).containsExactly("long");
        assertThat(warnings)
                .containsExactly("clip short has 41 frames, fewer than the 10 + 32 of context and horizon (left out)");
    }

    @Test
    void run_acrossATimeGap_hasNoWindowOverIt() {
        var gap = new Recording() {
            @Override
            public String name() {
                return "gap";
            }

            @Override
            public void read(Consumer<Frame> reader) {
                var bar = new MovingBar("bar", SHAPE, 1, 60);
                bar.read(frame -> reader.accept(frame.sequence() < 30 ? frame : later(frame)));
            }
        };
        assertThat(evaluate(gap)).isEmpty();
        assertThat(warnings).singleElement().asString().contains("gap has 60 frames in stretches");
    }

    @Test
    void report_ofTwoClips_hasMedianWorstAndPooledSkill() {
        var report = new EvaluationReport(evaluate(
                new MovingBar("slow", SHAPE, 1, 50),
                new MovingBar("still", SHAPE, 0, 50),
                new MovingBar("fast", SHAPE, 3, 50)));
        String table = String.join("\n", report.lines());
        assertThat(table)
                .contains("step 1", "step 32", "pooled", "moving", "worst", "flow-fade", "optical-flow", "SSIM");
        String persistence = report.lines().stream()
                .filter(line -> line.startsWith("persistence"))
                .findFirst()
                .orElseThrow();
        assertThat(persistence).matches("persistence( +\\+0\\.000){8}  \\w+");
        assertThat(report.skillCurve("mean")).hasSize(32);
    }

    @Test
    void writeJson_hasEveryModelClipAndStep() throws IOException {
        List<ClipScores> scores = evaluate(new MovingBar("bar", SHAPE, 1, 50));
        Path file = folder.resolve("scores.json");
        new EvaluationReport(scores).writeJson(file);
        JsonNode bar = new ObjectMapper().readTree(file.toFile()).at("/models/flow-fade/clips/bar");
        HorizonScores expected = scores.get(0).of("flow-fade");
        assertThat(doubles(bar.get("mse"))).containsExactly(expected.mse());
        assertThat(doubles(bar.get("psnr"))).containsExactly(expected.psnr());
        assertThat(doubles(bar.get("ssim"))).containsExactly(expected.ssim());
    }

    @Test
    void plots_areACurveAMeasureAndAStripAClip() throws IOException {
        var plots = new EvaluationPlots(folder.resolve("plots"));
        var clips = new ArrayList<ClipScores>();
        new Evaluation(CONFIG, Evaluation.baselines(), plots, warnings::add)
                .run(List.of(new MovingBar("a bar", SHAPE, 1, 60)), scores -> {
                    clips.add(scores);
                    plots.clipDone(scores);
                });
        plots.write(new EvaluationReport(clips));
        try (Stream<Path> files = Files.list(folder.resolve("plots"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "mse.png",
                            "mae.png",
                            "psnr.png",
                            "ssim.png",
                            "skill.png",
                            "strip-a-bar.png",
                            "animation-a-bar.gif");
        }
        BufferedImage strip =
                ImageIO.read(folder.resolve("plots/strip-a-bar.png").toFile());
        int top = 2 * (SHAPE.height() + 2) + 4; // the error row of persistence
        int lastStep = 120 + 11 * (SHAPE.width() + 2);
        for (int x = 0; x < SHAPE.width(); x++) {
            assertThat(strip.getRGB(lastStep + x, top) & 0xFFFFFF)
                    .as("after 32 steps the bar is back: no error")
                    .isEqualTo(0xFFFFFF);
        }
    }

    @Test
    void config_outOfRange_isRefused() {
        assertThatThrownBy(() -> new EvaluationConfig(0, 32, 1)).hasMessageContaining("context of 0");
        assertThatThrownBy(() -> new EvaluationConfig(10, 33, 1)).hasMessageContaining("horizon of 33");
        assertThatThrownBy(() -> new EvaluationConfig(10, 32, 0)).hasMessageContaining("every 0");
    }

    private List<ClipScores> evaluate(Recording... recordings) {
        var scores = new ArrayList<ClipScores>();
        Map<String, Forecaster> baselines = Evaluation.baselines();
        new Evaluation(CONFIG, baselines, NOBODY, warnings::add).run(List.of(recordings), scores::add);
        return scores;
    }

    private void evaluate(Recording recording, Evaluation.WindowListener listener) {
        new Evaluation(CONFIG, Evaluation.baselines(), listener, warnings::add)
                .run(List.of(recording), scores -> assertThat(scores.clip()).isEqualTo(recording.name()));
    }

    private static Frame black(Frame frame) {
        return new Frame(
                frame.camera(),
                frame.epoch(),
                frame.sequence(),
                frame.time(),
                frame.shape(),
                Pixels.copyOf(new byte[frame.shape().bytes()]));
    }

    private static Frame later(Frame frame) {
        return new Frame(
                frame.camera(), frame.epoch() + 1, frame.sequence() - 30, frame.time(), frame.shape(), frame.pixels());
    }

    private static double[] doubles(JsonNode array) {
        return IntStream.range(0, array.size())
                .mapToDouble(i -> array.get(i).asDouble())
                .toArray();
    }
}
