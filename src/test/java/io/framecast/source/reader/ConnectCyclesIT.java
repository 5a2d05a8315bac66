package io.framecast.source.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.framecast.source.RtspServer;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A camera connected and left a thousand times: what the process holds does not grow. */
@Tag("faults")
class ConnectCyclesIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final int WARM_UP = 200;
    private static final int CYCLES = 1000;

    /**
     * After so many garbage is collected: left to itself it would spread over more of the heap, and look like a leak.
     */
    private static final int COLLECTED = 100;

    @Test
    void camera_connectedAThousandTimes_leavesMemoryFlat() throws IOException {
        assumeThat(STATUS)
                .as("resident memory is told by Linux only, so this did not run")
                .exists();
        try (var server = RtspServer.start("--gop", "5")) {
            cycle(server, WARM_UP);
            long before = residentKilobytes();
            long began = System.nanoTime();
            long after = before;
            for (int done = 0; done < CYCLES; done += COLLECTED) {
                cycle(server, COLLECTED);
                after = residentKilobytes();
            }
            System.out.println(CYCLES + " connect/close cycles in " + (System.nanoTime() - began) / 1_000_000_000
                    + " s: resident " + before / 1024 + " MiB before, " + after / 1024 + " MiB after");
            assertThat(after).isLessThan(before + before / 20);
        }
    }

    private static void cycle(RtspServer server, int times) {
        for (int cycle = 0; cycle < times; cycle++) {
            var source = FrameSources.open(SourceSpec.parse("cam=" + server.url()), SourceConfig.defaults());
            assertThat(source.frames().blockFirst(SOON))
                    .as("frame of cycle %s", cycle)
                    .isNotNull();
        }
    }

    private static long residentKilobytes() throws IOException {
        System.gc(); // what is garbage does not count
        return Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
