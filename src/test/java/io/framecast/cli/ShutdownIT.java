package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import io.framecast.source.ffmpeg.TestVideos;
import io.framecast.topic.proto.Forecast;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM while there is more to do than can be done. */
@Tag("faults")
class ShutdownIT {
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    @Test
    void terminate_underLoad_endsWithinTenSecondsAndLeavesTheRestToTheNext() throws Exception {
        TestVideos.write(folder.resolve("clip.mkv"), 64, 64, 3000, 30);
        List<String> arguments =
                List.of(("run clip.mkv test:shapes test:street --fps 30 --pace max --policy all --every 1"
                                + " --data-dir data --kafka-port 0 --port 0 --summary summary.json --model "
                                + ModelsOption.DEFAULT)
                        .split(" "));
        var ready = new CopyOnWriteArrayList<Integer>();
        try (var process = FramecastProcess.start(folder, arguments.toArray(String[]::new))) {
            String page = process.line("preview +(http://\\S+)", DEADLINE).group(1);
            process.line("forecast .*", DEADLINE);
            assertThat(RunIT.status(page + "health/ready")).isEqualTo(200);
            var watching = CompletableFuture.runAsync(() -> {
                while (process.isAlive()) {
                    ready.add(RunIT.status(page + "health/ready"));
                }
            });
            long asked = System.nanoTime();
            process.terminate();
            int code = process.exitCode(Duration.ofSeconds(30));
            Duration took = Duration.ofNanos(System.nanoTime() - asked);
            watching.join();
            System.out.println("SIGTERM under load: ended after " + took.toMillis() + " ms, ready said "
                    + List.copyOf(new LinkedHashSet<>(ready)));
            assertThat(code).as(process::toString).isZero();
            assertThat(took).isLessThan(Duration.ofSeconds(10));
            assertThat(process.errors()).isEmpty();
        }
        assertThat(ready).as("not ready while it ends").contains(503).doesNotContain(500);
        long forecast = 0;
        for (JsonNode camera : new ObjectMapper()
                .readTree(folder.resolve("summary.json").toFile())
                .get("cameras")) {
            forecast += camera.get("forecasts").asLong();
        }
        List<String> ids = ids();
        assertThat(ids).doesNotHaveDuplicates().hasSize((int) forecast);
        theNextGoesOn(ids.size());
    }

    /** What was left is forecast by the next predictor, from where the first stopped. */
    private void theNextGoesOn(int before) throws InvalidProtocolBufferException {
        try (var process = FramecastProcess.start(
                folder,
                ("predict --policy all --every 1 --data-dir data --kafka-port 0 --model " + ModelsOption.DEFAULT)
                        .split(" "))) {
            process.line("forecast .*", DEADLINE);
            await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
            process.terminate();
            assertThat(process.exitCode(Duration.ofSeconds(30)))
                    .as(process::toString)
                    .isZero();
        }
        assertThat(ids()).doesNotHaveDuplicates().hasSizeGreaterThan(before);
    }

    private List<String> ids() throws InvalidProtocolBufferException {
        var ids = new ArrayList<String>();
        for (var record : TopicRecords.in(folder.resolve("data"), "framecast.forecasts.v1")) {
            ids.add(Forecast.parseFrom(record.value()).getId());
        }
        return ids;
    }
}
