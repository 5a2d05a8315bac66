package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** An embedded broker on a small disk that fills up, and has space again later. */
@Tag("faults")
class DiskFullIT {
    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final int DISK_MEGABYTES = 300;

    @TempDir
    Path folder;

    private Path disk;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(folder.resolve("disk"));
        int mounted = command("mount", "-t", "tmpfs", "-o", "size=" + DISK_MEGABYTES + "m", "tmpfs", disk.toString());
        assumeThat(mounted)
                .as("a small disk was not mounted, which takes root, so this did not run")
                .isZero();
    }

    @AfterEach
    void unmount() throws Exception {
        command("umount", disk.toString());
    }

    @Test
    void disk_full_isToldAndOutlived() throws Exception {
        try (var process = run()) {
            String page = process.line("preview +(http://\\S+)", DEADLINE).group(1);
            process.line("forecast .*", DEADLINE);
            await().atMost(DEADLINE).until(() -> ready(page).contains("\"ready\""));
            fill(70L << 20);
            await().atMost(DEADLINE).until(() -> ready(page).contains("takes no records while its disk"));
            process.line(
                    "kafka +takes no records while its disk has less than 64 MiB left .*: free some space", DEADLINE);
            await().pollDelay(Duration.ofSeconds(15)).atMost(DEADLINE).until(() -> RunIT.status(page) == 200);
            assertThat(process.isAlive()).as(process::toString).isTrue();
            long before = forecasts(page);

            Files.delete(disk.resolve("ballast"));
            process.line("kafka +takes records again", DEADLINE);
            await().atMost(DEADLINE).until(() -> ready(page).contains("\"ready\""));
            await().atMost(DEADLINE).until(() -> forecasts(page) > before + 20);
            process.interrupt();
            assertThat(process.exitCode(DEADLINE)).as(process::toString).isZero();
            assertThat(process.errors()).as("one line a while, no flood").hasSizeLessThan(10);
        }
        long published = 0;
        for (JsonNode camera : new ObjectMapper()
                .readTree(folder.resolve("summary.json").toFile())
                .get("cameras")) {
            long refused = camera.get("dropped").path("unpublished").asLong();
            assertThat(refused).as(camera::toString).isPositive();
            assertThat(camera.get("framesSampled").asLong())
                    .isEqualTo(camera.get("framesPublished").asLong()
                            + refused
                            + camera.get("dropped").path("overflow").asLong());
            published += camera.get("framesPublished").asLong();
        }
        assertThat(TopicRecords.in(disk.resolve("data"), "framecast.frames.v1")).hasSize((int) published);
    }

    /** Another program fills the disk to the last byte, which no broker survives; with space, a run goes on there. */
    @Test
    void disk_filledByOthersToTheLastByte_endsTheRunWithALine_andTheNextGoesOn() throws Exception {
        try (var process = run()) {
            process.line("forecast .*", DEADLINE);
            var filling = Flux.interval(Duration.ofMillis(20), Schedulers.newSingle("filling", true))
                    .onBackpressureDrop()
                    .subscribe(tick -> fill(0));
            assertThat(process.exitCode(DEADLINE)).as(process::toString).isEqualTo(ExitCodes.FAILED);
            filling.dispose();
            assertThat(process.errors()).as(process::toString).last().asString().startsWith("framecast: ");
        }
        Files.delete(disk.resolve("ballast"));
        try (var process = run()) {
            process.line("forecast .*", DEADLINE);
            process.interrupt();
            assertThat(process.exitCode(DEADLINE)).as(process::toString).isZero();
        }
    }

    private FramecastProcess run() {
        String arguments = "run a=test:street b=test:shapes --fps 30 --every 2 --model persistence --data-dir disk/data"
                + " --kafka-port 0 --port 0 --summary summary.json";
        return FramecastProcess.start(folder, arguments.split(" "));
    }

    /** Leaves so many bytes: less than the broker wants, or none. */
    private void fill(long left) {
        try (var ballast = new RandomAccessFile(disk.resolve("ballast").toFile(), "rw")) {
            ballast.seek(ballast.length());
            while (Files.getFileStore(disk).getUsableSpace() > left) {
                ballast.write(new byte[1 << 12]);
            }
        } catch (IOException full) {
            assertThat(left).as("nothing is left").isZero();
        }
    }

    private static String ready(String page) throws IOException, InterruptedException {
        return text(page + "health/ready");
    }

    private static long forecasts(String page) throws IOException, InterruptedException {
        return text(page + "metrics")
                .lines()
                .filter(line -> line.startsWith("framecast_forecasts_total"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private static String text(String url) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(10))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }

    private static int command(String... words) throws IOException, InterruptedException {
        return new ProcessBuilder(words).inheritIO().start().waitFor();
    }
}
