package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.framecast.source.ffmpeg.TestVideos;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateIT {
    private static final String TOPIC = " --kafka-port 0 --data-dir ./kept";

    @TempDir
    Path folder;

    @Test
    void evaluate_onAFolder_tellsOfEveryModelClipAndStep() throws IOException {
        Path data = Files.createDirectory(folder.resolve("data"));
        TestVideos.write(data.resolve("moving.mkv"), 96, 64, 60, 10);
        TestVideos.write(data.resolve("short.mkv"), 96, 64, 20, 10);
        Files.writeString(data.resolve("notes.txt"), "no video");
        var evaluate = done("evaluate", "./data", "--json", "./scores.json", "--plots", "./plots", "--every", "9");
        assertThat(evaluate.output())
                .anyMatch(line -> line.matches("model +step 1 +step 5 +step 10 +step 20 +step 32 .*"))
                .anyMatch(line -> line.matches("persistence( +\\+0\\.000){8}  moving\\.mkv"))
                .anyMatch(line -> line.startsWith("flow-lstm"));
        assertThat(evaluate.errors())
                .anyMatch(line -> line.contains("short.mkv has 20 frames, fewer than the 10 + 32"))
                .anyMatch(line -> line.contains("notes.txt"))
                .hasSize(2);
        JsonNode models = new ObjectMapper()
                .readTree(folder.resolve("scores.json").toFile())
                .get("models");
        for (String model : List.of("persistence", "flow-fade", "linear", "mean", "optical-flow", "flow-lstm")) {
            JsonNode clip = models.at("/" + model + "/clips/moving.mkv");
            assertThat(clip.get("mse")).as(model).hasSize(32);
            assertThat(clip.get("psnr")).hasSize(32);
            assertThat(clip.get("ssim")).hasSize(32);
        }
        assertThat(folder.resolve("plots/strip-moving.mkv.png")).isNotEmptyFile();
    }

    @Test
    void evaluate_fromTheTopic_seesWhatTheLiveModelSaw() throws IOException {
        Path clip = TestVideos.write(folder.resolve("yard.mkv"), 64, 64, 60, 10);
        done(words("run ./yard.mkv --pace max --policy all --model persistence --preview none" + TOPIC));
        assertThat(clip).exists();
        done(words("evaluate --from-topic ./yard.mkv --model persistence --json ./scores.json" + TOPIC));
        JsonNode clips = new ObjectMapper()
                .readTree(folder.resolve("scores.json").toFile())
                .at("/models/flow-fade/clips");
        assertThat(clips.get("yard"))
                .as("the topic holds what the file gives, to the bit")
                .isEqualTo(clips.get("yard.mkv"));
        expect(
                2,
                "has no frame from 2100-01-01T00:00:00Z to now",
                "--from-topic",
                "--data-dir",
                folder.resolve("kept").toString(),
                "--kafka-port",
                "0",
                "--since",
                "2100-01-01T00:00:00Z");
        expect(2, "'yesterday' is no time", "--from-topic", "--since", "yesterday");
        expect(2, "add --from-topic", "yard.mkv", "--until", "2100-01-01T00:00:00Z");
    }

    @Test
    void evaluate_wrongInput_isOneLine() {
        expect(2, "no data: give DATA");
        expect(2, "data 'nowhere' is not there", "nowhere");
        TestVideos.write(folder.resolve("short.mkv"), 64, 64, 5, 10);
        expect(2, "no clip could be evaluated", "short.mkv", "--model", "persistence");
        expect(2, "horizon of 33 frames is out of range: use 1 to 32", "short.mkv", "--horizon", "33");
        expect(1, "model 'nobody' is unknown", "short.mkv", "--model", "nobody");
    }

    private static String[] words(String line) {
        return line.split(" ");
    }

    private Invocation done(String... arguments) {
        var call = Invocation.in(folder, arguments);
        assertThat(call.exitCode()).as(call::toString).isZero();
        return call;
    }

    private void expect(int code, String words, String... arguments) {
        var line = new ArrayList<>(List.of("evaluate"));
        for (String argument : arguments) {
            line.add(argument.endsWith(".mkv") ? folder.resolve(argument).toString() : argument);
        }
        var evaluate = Invocation.of(line.toArray(String[]::new));
        assertThat(evaluate.exitCode()).as(evaluate::toString).isEqualTo(code);
        assertThat(evaluate.errors())
                .as(evaluate::toString)
                .last()
                .asString()
                .startsWith("framecast: ")
                .contains(words);
        assertThat(evaluate.errors()).noneMatch(error -> error.startsWith("\tat "));
    }
}
