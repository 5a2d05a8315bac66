package io.framecast.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.framecast.data.Clip;
import io.framecast.data.MovingBar;
import io.framecast.frame.FrameShape;
import io.framecast.model.ModelFolder;
import io.framecast.model.engine.ComputeDevice;
import io.framecast.model.engine.EngineConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary;

class TrainingTest {
    private static final FrameShape SHAPE = new FrameShape(16, 16, 3);

    @TempDir
    Path folder;

    private final Lines lines = new Lines();

    private static final class Lines implements TrainingProgress {
        private final List<String> said = new ArrayList<>();
        private int done = -1;
        private int newest;
        private int stopAt = Integer.MAX_VALUE;

        @Override
        public void started(int stepsDone, int all) {
            done = stepsDone;
        }

        @Override
        public void stepped(int step, double loss) {
            newest = step;
            if (step == stopAt) {
                throw new IllegalStateException("stopped by the test");
            }
        }

        @Override
        public void said(String line) {
            said.add(line);
        }
    }

    @Test
    void run_leavesAModelEventsHistoryAndAReport() throws IOException {
        run(Map.of("schedule.steps", 6), false);
        ModelFolder model = ModelFolder.find(folder, folder.toString());
        assertThat(model.description().training())
                .containsEntry("seed", 7)
                .containsEntry("objective.method", "closed-loop")
                .containsEntry("objective.scheduled-sampling", 0.5)
                .containsKey("seconds")
                .containsEntry("data", List.of("learnt (64)"));
        assertThat(lines.newest).isEqualTo(6);
        assertThat(lines.said).hasSize(3).last().asString().contains("waiting for data");

        List<Event> training = EventFileTest.events(folder.resolve("events/training"));
        assertThat(values(training, "loss")).hasSize(6).allMatch(loss -> loss > 0 && loss < 10);
        assertThat(values(training, "learning_rate")).hasSize(6);
        List<Event> validation = EventFileTest.events(folder.resolve("events/validation"));
        assertThat(values(validation, "loss")).hasSize(2);
        assertThat(values(validation, "psnr/step_05")).hasSize(2).allMatch(psnr -> psnr > 3 && psnr < 60);
        assertThat(validation.stream()
                        .flatMap(event -> event.getSummary().getValueList().stream())
                        .filter(value -> value.getTag().equals("forecast/other"))
                        .map(Summary.Value::getImage))
                .hasSize(2)
                .allMatch(image -> image.getEncodedImageString().size() > 100);

        assertThat(Files.readAllLines(folder.resolve("history.csv"))).hasSize(3);
        String page = Files.readString(folder.resolve("report/index.html"));
        for (String picture : List.of("loss.png", "skill.png", "psnr.png", "strip-other.png")) {
            assertThat(page).contains(picture);
            assertThat(folder.resolve("report/" + picture)).isNotEmptyFile();
        }
    }

    private static List<Double> values(List<Event> events, String tag) {
        return events.stream()
                .flatMap(event -> event.getSummary().getValueList().stream())
                .filter(value -> value.getTag().equals(tag))
                .map(value -> (double) value.getSimpleValue())
                .toList();
    }

    @Test
    void run_whoseLossIsNoNumber_namesTheStepAndKeepsTheCheckpoint() throws IOException {
        assertThatThrownBy(() -> run(
                        Map.of(
                                "schedule.steps",
                                400,
                                "schedule.learning-rate",
                                1e30,
                                "schedule.clip-norm",
                                0,
                                "schedule.averaging",
                                0),
                        false))
                .isInstanceOf(TrainingDivergedException.class)
                .hasMessageContaining("training diverged at step")
                .hasMessageContaining("--learning-rate");
        assertThat(folder.resolve("model.yaml")).doesNotExist();
    }

    @Test
    void run_overACheckpoint_isRefusedUnlessItIsResumed() {
        run(Map.of("schedule.steps", 3), false);
        assertThatThrownBy(() -> run(Map.of("schedule.steps", 3), false))
                .hasMessageContaining("holds a checkpoint: go on");
        assertThatThrownBy(() -> run(Map.of("schedule.steps", 3, "seed", 8), true))
                .hasMessageContaining("is of a run with seed 7, not 8");
        run(Map.of("schedule.steps", 3), true);
        assertThat(lines.done).isEqualTo(3);
    }

    @Test
    void run_onAFullDisk_saysSoAndKeepsTheCheckpoint() throws IOException {
        lines.stopAt = 4;
        assertThatThrownBy(() -> run(Map.of("schedule.steps", 9), false)).hasMessageContaining("stopped by the test");
        lines.stopAt = Integer.MAX_VALUE;
        Path full = Path.of("/dev/full"); // a real device that never has room
        assertThat(full).exists();
        Files.createSymbolicLink(folder.resolve("checkpoint.npz.partial"), full);
        assertThatThrownBy(() -> run(Map.of("schedule.steps", 9), true))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageMatching("cannot write the checkpoint .*checkpoint.npz \\(No space left on device\\);"
                        + " the last good one stays: make room and go on with --resume");
        run(Map.of("schedule.steps", 9), true);
        assertThat(lines.done).as("steps of the checkpoint that stayed").isEqualTo(3);
        assertThat(lines.newest).isEqualTo(9);
    }

    @Test
    void run_fromADamagedCheckpoint_saysSo() throws IOException {
        Files.writeString(folder.resolve("checkpoint.npz"), "no numpy archive");
        assertThatThrownBy(() -> run(Map.of("schedule.steps", 3), true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("checkpoint.npz is damaged");
    }

    @Test
    void teacherForced_forANetworkThatCannot_isRefusedInWords() {
        assertThatThrownBy(() -> run(
                        Map.of(
                                "recipe",
                                "teacher-forced",
                                "network.architecture",
                                "flow-mixture",
                                "network.hyper-parameters",
                                Map.of()),
                        false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("flow-mixture");
    }

    @Test
    void teacherForced_keepsTheWeightsOfTheLeastLoss_whateverTheySeeInClosedLoop() throws IOException {
        run(
                Map.of(
                        "recipe",
                        "teacher-forced",
                        "network.hyper-parameters",
                        Map.of("filters", List.of(8, 8), "hidden", 8),
                        "schedule.learning-rate",
                        0.02,
                        "objective.scheduled-sampling",
                        0,
                        "validation.every",
                        1,
                        "schedule.steps",
                        12),
                false);
        List<String[]> rows = Files.readAllLines(folder.resolve("history.csv")).stream()
                .skip(1)
                .map(line -> line.split(",", -1))
                .toList();
        String least = rows.stream()
                .min(Comparator.comparingDouble(row -> Double.parseDouble(row[2])))
                .orElseThrow()[0];
        assertThat(ModelFolder.find(folder, folder.toString()).description().metrics())
                .containsEntry("step", Integer.parseInt(least))
                .containsKeys("validationLoss", "validationSkill");
    }

    @Test
    void enlarged_clipsThatAreNot_giveANetworkOfTheirSize() {
        run(Map.of("augmentation.enlarged", 2, "schedule.steps", 3), false);
        assertThat(ModelFolder.find(folder, folder.toString()).shape()).isEqualTo(SHAPE);
    }

    private void run(Map<String, Object> changes, boolean resume) {
        var settings = new HashMap<String, Object>(Map.of(
                "network.hyper-parameters", Map.of("filters", List.of(8, 8), "hidden", 8, "output", "change"),
                "sampling.context-length", 4,
                "sampling.horizon", 4,
                "sampling.batch", 2,
                "objective.scheduled-sampling", 0.5,
                "seed", 7,
                "validation.every", 3,
                "schedule.checkpoint-every", 3,
                "validation.horizon", 6));
        settings.putAll(changes);
        Clip learnt = Clip.of(new MovingBar("learnt", SHAPE, 2, 64)).orElseThrow();
        Clip other = Clip.of(new MovingBar("other", SHAPE, 1, 40)).orElseThrow();
        new Training(TrainingConfig.of(settings), "bar", folder, Optional.empty(), lines)
                .run(List.of(learnt), List.of(other), ComputeDevice.choose(EngineConfig.cpu()), resume);
    }
}
