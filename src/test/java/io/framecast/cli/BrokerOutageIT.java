package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.framecast.topic.proto.Forecast;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The broker is killed, stays away for half a minute, and comes back; the roles are processes of their own. */
@Tag("faults")
class BrokerOutageIT {
    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final Duration OUTAGE = Duration.ofSeconds(30);
    private static final int FPS = 10;

    @TempDir
    Path folder;

    @Test
    void broker_awayForHalfAMinute_losesWhatIsCountedAndNoMore() throws Exception {
        var broker = start("preview --data-dir broker --kafka-port 0 --port 0");
        String kafka =
                broker.line("kafka +(localhost:\\d+) \\(embedded\\)", DEADLINE).group(1);
        try (var capture = start(
                        "capture street=test:street --health --port 0 --summary capture.json --data-dir c --kafka "
                                + kafka);
                var predict = start("predict --model persistence --policy all --summary predict.json --data-dir p"
                        + " --kafka " + kafka);
                var preview = start("preview --port 0 --data-dir v --kafka " + kafka)) {
            String page = preview.line("preview +(http://\\S+)", DEADLINE).group(1);
            await().atMost(DEADLINE).until(() -> RunIT.status(page + "cameras/street/forecast.json") == 200);
            String health = capture.line("health +(http://\\S+)", DEADLINE).group(1) + "health/ready";
            assertThat(RunIT.status(health)).isEqualTo(200);
            long gone = System.nanoTime();
            broker.close();
            capture.line("kafka +has acknowledged nothing for \\d+ s: check the brokers", DEADLINE);
            assertThat(RunIT.status(health)).isEqualTo(503);
            await().pollDelay(OUTAGE).atMost(OUTAGE.plusSeconds(10)).until(() -> RunIT.status(page + "cameras") == 200);
            assertThat(capture.isAlive() && predict.isAlive() && preview.isAlive())
                    .as("all roles outlive it")
                    .isTrue();
            broker =
                    start("preview --data-dir broker --port 0 --kafka-port " + kafka.substring(kafka.indexOf(':') + 1));
            broker.line("kafka .*", DEADLINE);
            capture.line("kafka +takes records again", DEADLINE);
            Duration away = Duration.ofNanos(System.nanoTime() - gone);
            int before = TopicRecords.at(kafka, "framecast.forecasts.v1").size();
            await().atMost(DEADLINE)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() ->
                            TopicRecords.at(kafka, "framecast.forecasts.v1").size() > before + 10);
            await().atMost(DEADLINE).until(() -> RunIT.status(page + "cameras/street/live.png") == 200);
            assertThat(RunIT.status(health)).isEqualTo(200);
            endsInOrder(capture);
            endsInOrder(predict);
            audit(kafka, away);
        } finally {
            broker.close();
        }
    }

    private void audit(String kafka, Duration away) throws Exception {
        JsonNode camera = summary("capture.json");
        long sampled = camera.get("framesSampled").asLong();
        long published = camera.get("framesPublished").asLong();
        long dropped = camera.get("dropped").path("overflow").asLong()
                + camera.get("dropped").path("unpublished").asLong();
        var frames = TopicRecords.at(kafka, "framecast.frames.v1");
        System.out.println("after an outage of " + away.toSeconds() + " s: " + camera + ", " + frames.size()
                + " frames in the topic");
        assertThat(sampled).isEqualTo(published + dropped);
        assertThat(frames).hasSize((int) published);
        assertThat(dropped)
                .as("no more than was captured while it was away, and in a few seconds around")
                .isBetween(1L, (away.toSeconds() + 5) * FPS);
        var ids = new ArrayList<String>();
        for (var record : TopicRecords.at(kafka, "framecast.forecasts.v1")) {
            ids.add(Forecast.parseFrom(record.value()).getId());
        }
        assertThat(ids).doesNotHaveDuplicates();
        assertThat(new HashSet<>(ids))
                .hasSize((int) summary("predict.json").get("forecasts").asLong());
    }

    private JsonNode summary(String file) throws Exception {
        return new ObjectMapper()
                .readTree(folder.resolve(file).toFile())
                .get("cameras")
                .get(0);
    }

    private static void endsInOrder(FramecastProcess process) {
        process.interrupt();
        assertThat(process.exitCode(DEADLINE)).as(process::toString).isZero();
    }

    private FramecastProcess start(String arguments) {
        return FramecastProcess.start(folder, arguments.split(" "));
    }
}
