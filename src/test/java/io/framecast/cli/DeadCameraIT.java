package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Seven cameras that work, and an eighth that takes connections and never says a word. */
@Tag("faults")
class DeadCameraIT {
    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final int HEALTHY = 7;
    private static final int SECONDS = 20;

    @TempDir
    Path folder;

    @Test
    void camera_deadFromTheStart_costsTheOthersNothing() throws Exception {
        long alone = p95("alone", "");
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            long beside = p95("beside", " dead=rtsp://127.0.0.1:" + silent.getLocalPort() + "/live");
            System.out.println("p95 of seven cameras: " + alone + " ms alone, " + beside + " ms beside a dead one");
            assertThat(beside).isLessThan(2 * alone + 100);
        }
    }

    /** The highest p95 of a healthy camera; each must have been read and forecast all the time. */
    private long p95(String name, String more) throws Exception {
        var arguments = new StringBuilder("run");
        for (int camera = 0; camera < HEALTHY; camera++) {
            arguments.append(" c").append(camera).append("=test:shapes");
        }
        arguments
                .append(more)
                .append(" --model persistence --preview none --kafka-port 0 --duration " + SECONDS + "s")
                .append(" --data-dir " + name + " --summary " + name + ".json");
        try (var process = FramecastProcess.start(folder, arguments.toString().split(" "))) {
            assertThat(process.exitCode(DEADLINE)).as(process::toString).isZero();
            List<String> told = process.output().stream()
                    .filter(line -> line.contains(" dead "))
                    .toList();
            assertThat(told).as("a line a change of state").hasSize(more.isEmpty() ? 0 : 3);
        }
        long worst = 0;
        for (JsonNode camera : new ObjectMapper()
                .readTree(folder.resolve(name + ".json").toFile())
                .get("cameras")) {
            if (!camera.get("id").asText().equals("dead")) {
                assertThat(camera.get("framesPublished").asInt())
                        .as(camera::toString)
                        .isGreaterThan(SECONDS * 8);
                assertThat(camera.get("forecasts").asInt()).as(camera::toString).isGreaterThan(SECONDS);
                worst = Math.max(worst, camera.get("latencyMs").get("p95").asLong());
            }
        }
        return worst;
    }
}
