package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.framecast.source.ffmpeg.TestVideos;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainIT {
    private static final Duration LONGEST = Duration.ofMinutes(10);

    @TempDir
    Path folder;

    @BeforeEach
    void writeData() throws IOException {
        Path data = Files.createDirectory(folder.resolve("data"));
        TestVideos.write(data.resolve("moving.mkv"), 64, 64, 60, 10);
        Files.writeString(data.resolve("damaged.mkv"), "no video at all");
        TestVideos.write(folder.resolve("other.mkv"), 96, 64, 40, 10);
    }

    @SuppressWarnings("try") // closed in the middle: that is what kills it
    @Test
    void train_killedAndResumed_endsWithTheWeightsOfAnUninterruptedRun() throws IOException {
        try (var whole = train("whole")) {
            assertThat(whole.exitCode(LONGEST)).as(whole::toString).isZero();
            assertThat(whole.errors())
                    .as("an unreadable clip is named, and the others are learnt from")
                    .singleElement()
                    .asString()
                    .contains("damaged.mkv");
            assertThat(whole.output()).anyMatch(line -> line.matches("done in .*waiting for data"));
        }
        try (var killed = train("killed")) {
            await().atMost(LONGEST).until(() -> Files.exists(folder.resolve("killed/checkpoint.npz")));
            killed.close(); // kill -9
            assertThat(killed.output()).noneMatch(line -> line.startsWith("done in"));
        }
        try (var again = train("killed")) {
            assertThat(again.exitCode(LONGEST)).isEqualTo(2);
            assertThat(again.errors()).last().asString().contains("'killed' holds a checkpoint: go on with --resume");
        }
        try (var resumed = train("killed", "--resume")) {
            assertThat(resumed.exitCode(LONGEST)).as(resumed::toString).isZero();
        }
        assertThat(arrays("killed/weights.npz")).isNotEmpty().isEqualTo(arrays("whole/weights.npz"));
        Map<String, Long> state = arrays("whole/checkpoint.npz");
        state.remove("notes.npy"); // how long it took
        assertThat(arrays("killed/checkpoint.npz")).containsAllEntriesOf(state);
        assertThat(history("killed")).isEqualTo(history("whole"));
    }

    @Test
    void train_inStages_goesOnFromTheBestOfTheOneBefore_asTwoRunsDo() throws IOException {
        Files.writeString(
                folder.resolve("both.yaml"),
                "seed: 3\nschedule: {steps: 12}\n---\nobjective: {still-weight: 2}\nschedule: {steps: 8}\n");
        Files.writeString(folder.resolve("first.yaml"), "seed: 3\nschedule: {steps: 12}\n");
        Files.writeString(folder.resolve("second.yaml"), "seed: 3\nstillWeight: 2\nsteps: 8\n");

        try (var both = inStages("both", "--recipe", "both.yaml")) {
            assertThat(both.exitCode(LONGEST)).as(both::toString).isZero();
            assertThat(both.output()).contains("stage 1 of 2", "stage 2 of 2");
        }
        try (var first = inStages("first", "--recipe", "first.yaml")) {
            assertThat(first.exitCode(LONGEST)).as(first::toString).isZero();
        }
        try (var second = inStages("second", "--recipe", "second.yaml", "--from", "first")) {
            assertThat(second.exitCode(LONGEST)).as(second::toString).isZero();
        }

        assertThat(arrays("both/stage-1/weights.npz")).isNotEmpty().isEqualTo(arrays("first/weights.npz"));
        assertThat(arrays("both/weights.npz"))
                .isEqualTo(arrays("second/weights.npz"))
                .isNotEqualTo(arrays("first/weights.npz"));
        assertThat(folder.resolve("both/model.yaml"))
                .content()
                .contains("network.from: \"stage-1\"", "objective.still-weight: 2.0");
        Files.delete(folder.resolve("both/checkpoint.npz")); // as if it had been stopped between the stages
        try (var again = inStages("both", "--recipe", "both.yaml")) {
            assertThat(again.exitCode(LONGEST)).isEqualTo(2);
            assertThat(again.errors()).last().asString().contains("both/stage-1' holds a checkpoint");
        }
        try (var resumed = inStages("both", "--recipe", "both.yaml", "--resume")) {
            assertThat(resumed.exitCode(LONGEST)).as(resumed::toString).isZero();
        }
        assertThat(arrays("both/weights.npz")).isEqualTo(arrays("second/weights.npz"));
    }

    private FramecastProcess inStages(String out, String... more) {
        var line =
                new ArrayList<>(List.of("train", "data", "--validation", "other.mkv", "--name", "mine", "--out", out));
        line.addAll(List.of("--architecture", "deconv-lstm", "--hyper-parameter", "filters=[4,4]", "--context", "3"));
        line.addAll(
                List.of("--hyper-parameter", "hidden=4", "--horizon", "4", "--batch", "2", "--evaluate-every", "4"));
        line.addAll(List.of("--validation-horizon", "10", "--averaging", "0"));
        return further(line, more);
    }

    @Test
    void pull_ofATrainedModel_makesItOneThatCanBeRun() throws IOException {
        try (var train = train("mine")) {
            assertThat(train.exitCode(LONGEST)).as(train::toString).isZero();
        }
        String[] pull = {"models", "pull-from-training", "mine", "--models-dir", "shipped"};
        try (var first = FramecastProcess.start(folder, pull)) {
            assertThat(first.exitCode(LONGEST)).as(first::toString).isZero();
        }
        assertThat(folder.resolve("shipped/mine/README.md")).content().contains("# mine", "deconv-lstm", "seed");
        assertThat(folder.resolve("shipped/mine/checkpoint.npz")).doesNotExist();
        try (var second = FramecastProcess.start(folder, pull)) {
            assertThat(second.exitCode(LONGEST)).isEqualTo(2);
            assertThat(second.errors()).last().asString().contains("model 'mine' is there already: add --replace");
        }
        try (var evaluate = FramecastProcess.start(
                folder,
                "evaluate",
                "other.mkv",
                "--models-dir",
                "shipped",
                "--model",
                "mine",
                "--context",
                "3",
                "--horizon",
                "10")) {
            assertThat(evaluate.exitCode(LONGEST)).as(evaluate::toString).isZero();
            assertThat(evaluate.output()).anyMatch(line -> line.startsWith("mine "));
        }
        var further = new ArrayList<>(List.of("train", "data", "--validation", "other.mkv", "--name", "further"));
        further.addAll(List.of("--models-dir", "shipped", "--steps", "2", "--horizon", "4", "--out"));
        try (var train = further(further, "further", "--from", "mine", "--evaluate-every", "2")) {
            assertThat(train.exitCode(LONGEST)).as(train::toString).isZero();
        }
        assertThat(folder.resolve("further/model.yaml"))
                .content()
                .contains("from: \"mine\"", "architecture: \"deconv-lstm\"", "contextLength: 3");
        try (var train = further(further, "none", "--from", "mine", "--hyper-parameter", "hidden=5")) {
            assertThat(train.exitCode(LONGEST)).as(train::toString).isEqualTo(2);
            assertThat(train.errors()).last().asString().contains("model 'mine' is of another network");
        }
    }

    private FramecastProcess further(List<String> line, String... more) {
        return FramecastProcess.start(
                folder, Stream.concat(line.stream(), Stream.of(more)).toArray(String[]::new));
    }

    private FramecastProcess train(String out, String... more) {
        var line = new ArrayList<>(
                List.of("train", "data", "synthetic:bouncing-shapes", "--validation", "other.mkv", "--name", "mine"));
        line.addAll(List.of("--out", out, "--architecture", "deconv-lstm", "--hyper-parameter", "filters=[4,4]"));
        line.addAll(List.of("--hyper-parameter", "hidden=4", "--context", "3", "--horizon", "4", "--batch", "2"));
        line.addAll(List.of("--steps", "24", "--evaluate-every", "12", "--checkpoint-every", "4"));
        line.addAll(List.of("--validation-horizon", "10", "--scheduled-sampling", "0.3"));
        line.addAll(List.of(more));
        return FramecastProcess.start(folder, Map.of("OMP_WAIT_POLICY", "PASSIVE"), line.toArray(String[]::new));
    }

    /** The checksum of each array of a numpy archive. */
    private Map<String, Long> arrays(String file) throws IOException {
        var checksums = new TreeMap<String, Long>();
        try (var zip = new ZipFile(folder.resolve(file).toFile())) {
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                var checksum = new CRC32();
                try (InputStream in = zip.getInputStream(entry)) {
                    checksum.update(in.readAllBytes());
                }
                checksums.put(entry.getName(), checksum.getValue());
            }
        }
        return checksums;
    }

    private List<String> history(String out) throws IOException {
        return Files.readAllLines(folder.resolve(out).resolve("history.csv"));
    }
}
