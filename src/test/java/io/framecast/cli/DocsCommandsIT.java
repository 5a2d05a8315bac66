package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.framecast.source.ffmpeg.TestVideos;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every command in README and docs, run to its end: on cameras, recordings and a cluster that are there in place of
 * those that the pages name, for some seconds or steps, page by page from top to bottom.
 */
@Tag("system")
class DocsCommandsIT {
    /** What cannot be run here, and why. */
    private static final Map<String, String> NOT_HERE = Map.of(
            "run --libtorch", "needs PyTorch for Python, in the version that DJL takes",
            "bench soak", "kills processes for half an hour");

    private static final Pattern SOURCE =
            Pattern.compile("(\\w+=)?(rtsp://.*|\\{env:.*|\\{file:.*|\\w+\\.mp4|[0-9])", Pattern.DOTALL);

    @TempDir
    static Path folder;

    private static FramecastProcess running;
    private static String kafka;
    private static int turn;

    @BeforeAll
    static void prepare() throws Exception {
        for (String name : List.of("RECORDINGS", "OTHERS", "OTHER_RECORDINGS")) {
            Files.createDirectories(folder.resolve(name));
            TestVideos.write(folder.resolve(name).resolve("clip.mp4"), 96, 64, 120, 10);
        }
        // What "in another shell" means: a run that goes on.
        running = FramecastProcess.start(
                folder, "run front=test:street --kafka-port 0 --port 0 --data-dir data".split(" "));
        kafka = running.line("kafka +(\\S+).*", Duration.ofMinutes(2)).group(1);
        running.line("forecast .*", Duration.ofMinutes(2));
        await().pollDelay(Duration.ofSeconds(8)).until(() -> true); // as many frames as training takes
    }

    @AfterAll
    static void end() {
        running.close();
    }

    static Stream<List<String>> commands() throws Exception {
        return DocsTest.commandLines();
    }

    private static boolean isRun(List<String> command) {
        return NOT_HERE.keySet().stream().noneMatch(String.join(" ", command)::startsWith);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void command_isRunToItsEnd(List<String> command) throws IOException {
        if (command.get(0).equals("train")) {
            forgetTheModel(); // each page begins with none
        }
        if (isRun(command)) {
            Invocation result = Invocation.of(
                    Map.of("FRAMECAST_TOKEN", "sesame"), here(command).toArray(String[]::new));

            assertThat(result.exitCode()).as(result.toString()).isZero();
        } else {
            assertThat(command).hasSizeGreaterThan(1);
        }
    }

    private static void forgetTheModel() throws IOException {
        Path model = folder.resolve("models/mine");
        if (Files.exists(model)) {
            try (Stream<Path> files = Files.walk(model)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Test
    void exceptions_areStillThere() throws Exception {
        assertThat(commands().filter(command -> !isRun(command))).hasSize(NOT_HERE.size());
    }

    /** The command on what is there. */
    private static List<String> here(List<String> command) {
        var arguments = new ArrayList<String>();
        String before = "";
        for (String word : command) {
            arguments.add(word(command.get(0), before, word));
            before = word;
        }
        arguments.addAll(List.of(limits(command).split(" ")));
        return arguments.stream().filter(argument -> !argument.isEmpty()).toList();
    }

    private static String word(String command, String option, String word) {
        if (List.of("--out", "--json", "--plots").contains(option)) {
            return folder.resolve(word).toString();
        }
        if (option.equals("--steps")) {
            return "2";
        }
        if (option.equals("--until")) {
            return "2999-01-31T08:00:00Z"; // what is there was recorded just now
        }
        if (List.of("--model", "use").contains(option) && word.equals("mine")) {
            return folder.resolve("models/mine").toString();
        }
        if (Files.isDirectory(folder.resolve(word)) && word.equals(word.toUpperCase(Locale.ROOT))) {
            return folder.resolve(word).toString();
        }
        if (List.of("run", "capture").contains(command)
                && !option.startsWith("--")
                && SOURCE.matcher(word).matches()) {
            return SOURCE.matcher(word)
                    .replaceFirst(found -> (found.group(1) == null ? "" : found.group(1)) + "test:street");
        }
        return word.replace("kafka:9092", kafka)
                .replace("$FRAMECAST_TOKEN", "sesame")
                .replaceFirst("^schedule.steps=.*", "schedule.steps=2");
    }

    /** Options that make it end soon, and keep it apart from others. */
    private static String limits(List<String> command) {
        String data = folder.resolve("data").toString();
        turn++;
        return switch (command.get(0)) {
            case "run" -> "--duration 3s --kafka-port 0 --port 0 --data-dir " + folder.resolve("run-" + turn);
            case "capture" -> "--duration 3s --port 0 --topic-prefix docs --data-dir " + folder.resolve("capture");
            case "predict" -> "--duration 3s --port 0 --topic-prefix docs --data-dir " + folder.resolve("predict");
            case "preview" ->
                "--duration 3s --port 0 --topic-prefix docs --token sesame --data-dir " + folder.resolve("preview");
            case "tail" -> "--duration 3s --limit 1 --data-dir " + data;
            case "export" -> "--data-dir " + data;
            case "topics" -> command.get(1).equals("create") ? "--topic-prefix docs" : "";
            case "train" ->
                (command.contains("--from-topic") ? "--data-dir " + data : "--data-dir " + folder.resolve("train"))
                        + (command.contains("--set") || command.contains("--steps") ? "" : " --steps 2")
                        + (command.contains("--validation") ? " --validation-fps 4" : "")
                        + " --batch 1";
            case "evaluate" ->
                (command.contains("--from-topic") ? "--data-dir " + data : "")
                        + (command.contains("--every") ? "" : " --every 40");
            case "models" -> command.contains("use") && !command.contains("--kafka") ? "--data-dir " + data : "";
            case "bench" -> "--cameras 1 --round 3s";
            default -> "";
        };
    }
}
