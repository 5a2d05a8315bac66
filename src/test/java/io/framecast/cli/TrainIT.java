package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.djl.pytorch.jni.JniUtils;
import io.framecast.source.ffmpeg.TestVideos;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
        Invocation whole = done(train("whole"));
        assertThat(whole.errors())
                .as("an unreadable clip is named, and the others are learnt from")
                .singleElement()
                .asString()
                .contains("damaged.mkv");
        assertThat(whole.output()).anyMatch(line -> line.matches("done in .*waiting for data"));

        // Sums are rounded otherwise on another number of threads.
        String threads = "-Dai.djl.pytorch.num_threads=" + JniUtils.getNumThreads();
        Map<String, String> environment = Map.of("OMP_WAIT_POLICY", "PASSIVE", "JAVA_TOOL_OPTIONS", threads);
        try (var killed = FramecastProcess.start(folder, environment, train("killed"))) {
            await().atMost(LONGEST).until(() -> Files.exists(folder.resolve("killed/checkpoint.npz")));
            killed.close(); // kill -9
            assertThat(killed.output()).noneMatch(line -> line.startsWith("done in"));
        }
        refused("/killed' holds a checkpoint: go on with --resume", train("killed"));
        done(train("killed", "--resume"));

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

        assertThat(done(inStages("./both", "--recipe", "./both.yaml")).output())
                .contains("stage 1 of 2", "stage 2 of 2");
        done(inStages("./first", "--recipe", "./first.yaml"));
        done(inStages("./second", "--recipe", "./second.yaml", "--from", "./first"));

        assertThat(arrays("both/stage-1/weights.npz")).isNotEmpty().isEqualTo(arrays("first/weights.npz"));
        assertThat(arrays("both/weights.npz"))
                .isEqualTo(arrays("second/weights.npz"))
                .isNotEqualTo(arrays("first/weights.npz"));
        assertThat(folder.resolve("both/model.yaml"))
                .content()
                .contains("network.from: \"stage-1\"", "objective.still-weight: 2.0");
        Files.delete(folder.resolve("both/checkpoint.npz")); // as if it had been stopped between the stages
        refused("/both/stage-1' holds a checkpoint", inStages("./both", "--recipe", "./both.yaml"));
        done(inStages("./both", "--recipe", "./both.yaml", "--resume"));
        assertThat(arrays("both/weights.npz")).isEqualTo(arrays("second/weights.npz"));
    }

    private static String[] inStages(String out, String... more) {
        return words(
                "train ./data --validation ./other.mkv --name mine --architecture deconv-lstm"
                        + " --hyper-parameter filters=[4,4] --hyper-parameter hidden=4 --context 3 --horizon 4 --batch 2"
                        + " --evaluate-every 4 --validation-horizon 10 --averaging 0 --out " + out,
                more);
    }

    @Test
    void train_withARateForValidation_readsOnlyThoseRecordingsAtIt() {
        assertThat(done(train("mine")).output()).anyMatch(line -> line.contains("validation loss"));
        assertThat(done(train("other", "--validation-fps", "1")).output())
                .as("a frame a second is too few for a window")
                .anyMatch(line -> line.contains("loss"))
                .noneMatch(line -> line.contains("validation loss"));
    }

    @Test
    void pull_ofATrainedModel_makesItOneThatCanBeRun() {
        done(train("mine"));
        String[] pull = words("models pull-from-training ./mine --models-dir ./shipped");
        done(pull);
        assertThat(folder.resolve("shipped/mine/README.md")).content().contains("# mine", "deconv-lstm", "seed");
        assertThat(folder.resolve("shipped/mine/checkpoint.npz")).doesNotExist();
        refused("model 'mine' is there already: add --replace", pull);

        var evaluate = done(words("evaluate ./other.mkv --models-dir ./shipped --model mine --context 3 --horizon 10"));
        assertThat(evaluate.output()).anyMatch(line -> line.startsWith("mine "));

        String further = "train ./data --validation ./other.mkv --name further --models-dir ./shipped --steps 2"
                + " --horizon 4 --from mine";
        done(words(further, "--evaluate-every", "2", "--out", "./further"));
        assertThat(folder.resolve("further/model.yaml"))
                .content()
                .contains("from: \"mine\"", "architecture: \"deconv-lstm\"", "contextLength: 3");
        refused(
                "model 'mine' is of another network",
                words(further, "--hyper-parameter", "hidden=5", "--out", "./none"));
    }

    private static String[] train(String out, String... more) {
        return words(
                "train ./data synthetic:bouncing-shapes --validation ./other.mkv --name mine"
                        + " --architecture deconv-lstm --hyper-parameter filters=[4,4] --hyper-parameter hidden=4"
                        + " --context 3 --horizon 4 --batch 2 --steps 24 --evaluate-every 12 --checkpoint-every 4"
                        + " --validation-horizon 10 --scheduled-sampling 0.3 --out ./" + out,
                more);
    }

    private static String[] words(String line, String... more) {
        return Stream.concat(Stream.of(line.split(" ")), Stream.of(more)).toArray(String[]::new);
    }

    private Invocation done(String... arguments) {
        var call = Invocation.in(folder, arguments);
        assertThat(call.exitCode()).as(call::toString).isZero();
        return call;
    }

    private void refused(String words, String... arguments) {
        var call = Invocation.in(folder, arguments);
        assertThat(call.exitCode()).as(call::toString).isEqualTo(2);
        assertThat(call.errors()).last().asString().contains(words);
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
