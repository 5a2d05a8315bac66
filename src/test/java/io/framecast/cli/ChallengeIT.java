package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.framecast.source.ffmpeg.TestVideos;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.ModelUses;
import io.framecast.topic.TopicAdmin;
import io.framecast.topic.broker.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train --challenge} on what a capture left in the topic of a real broker. */
@Tag("system")
class ChallengeIT {
    private static final String GROUP = "framecast.predict.deconv-lstm";

    @TempDir
    static Path folder;

    private static EmbeddedBroker broker;

    @BeforeAll
    static void capture() throws IOException {
        broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
        var kafka = new KafkaConnection(broker.bootstrap(), "framecast", Map.of());
        new TopicAdmin(kafka).create(Optional.empty());
        new TopicAdmin(kafka).beginHere(GROUP); // as if predictors of that model had been there
        TestVideos.write(folder.resolve("clip.mkv"), 64, 64, 1700, 4);
        done("capture door=./clip.mkv --pace max --fps 4 --kafka " + broker.bootstrap());
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static Invocation call(String line) {
        return Invocation.in(folder, line.split(" "));
    }

    private static Invocation done(String line) {
        Invocation call = call(line);
        assertThat(call.exitCode()).as(call::toString).isZero();
        return call;
    }

    private static String train(String out, String... more) {
        return Stream.concat(
                        Stream.of(
                                "train --from-topic --from flow-lstm --name mine --steps 2 --batch 2 --evaluate-every 2"
                                        + " --out ./" + out + " --data-dir ./data --kafka " + broker.bootstrap()),
                        Stream.of(more))
                .reduce((one, other) -> one + " " + other)
                .orElseThrow();
    }

    @Test
    void challenger_thatIsBetter_isPromoted_andPredictorsAreTold() throws IOException {
        Invocation call = done(train("mine", "--challenge deconv-lstm --judged-share 0.8"));

        assertThat(call.output())
                .anyMatch(line -> line.matches("the topic has frames from .*; those from .* on are judged"))
                .anyMatch(line -> line.matches("door +\\d+ .*"))
                .contains("mine: it is better by more than chance")
                .anyMatch(line -> line.startsWith("promoted: it is in "))
                .anyMatch(line -> line.contains("framecast models use deconv-lstm --of deconv-lstm"));
        Path model = folder.resolve("mine");
        assertThat(model.resolve("model.yaml")).content().contains("name: \"mine\"");
        assertThat(model.resolve("challenge.txt")).content().contains("door");
        JsonNode report =
                new ObjectMapper().readTree(model.resolve("challenge.json").toFile());
        assertThat(report.get("verdict").asText()).isEqualTo("BETTER");
        assertThat(report.get("low").asDouble()).isPositive();
        assertThat(report.get("cameras").get(0).get("windows").asLong()).isGreaterThan(100);
        assertThat(new ModelUses(new KafkaConnection(broker.bootstrap(), "framecast", Map.of())).newest())
                .hasEntrySatisfying(GROUP, use -> assertThat(use.model()).isEqualTo(model.toString()));
        done("models show " + model);
    }

    @Test
    void challenger_judgedOnTooLittle_isNotPromoted_andSaysSoBefore() {
        Invocation call = done(train("short", "--challenge flow-mixture --judged-share 0.02"));

        assertThat(call.errors()).anyMatch(line -> line.contains("too few for a challenger to win"));
        assertThat(call.output())
                .anyMatch(line -> line.startsWith("mine: there are too few windows to tell"))
                .anyMatch(line -> line.startsWith("not promoted; it is in "));
        assertThat(folder.resolve("short/model.yaml")).doesNotExist();
        assertThat(folder.resolve("short/challenger/model.yaml")).exists();
        assertThat(folder.resolve("short/challenge.json")).exists();
    }

    @Test
    void challenge_ofWhatCannotBeCompared_isRefusedBeforeTraining() {
        refused("model 'nobody' is unknown", train("none", "--challenge nobody"));
        refused(
                "judged share 1.0 is out of range: use more than 0 and less than 1",
                train("none", "--challenge flow-lstm --judged-share 1"));
        refused(
                "--challenge flow-lstm judges on what the cameras saw: give --from-topic",
                train("none", "--challenge flow-lstm").replace("--from-topic", "./clip.mkv"));
        assertThat(folder.resolve("none")).doesNotExist();
    }

    private static void refused(String words, String line) {
        Invocation call = call(line);
        assertThat(call.exitCode()).as(call::toString).isNotZero();
        assertThat(call.errors()).singleElement().asString().contains(words);
    }
}
