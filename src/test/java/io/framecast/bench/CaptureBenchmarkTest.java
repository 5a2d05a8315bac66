package io.framecast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureBenchmarkTest {
    @Test
    void run_twoSizes_givesARateForEachAndLeavesNothing(@TempDir Path folder) throws IOException {
        var rows = new CaptureBenchmark().run(folder, 20);

        assertThat(rows).hasSize(4).extracting(CaptureBenchmark.Row::reader).contains("framecast", "ffmpeg");
        assertThat(rows)
                .filteredOn(row -> row.reader().equals("framecast"))
                .allSatisfy(row -> assertThat(row.framesPerSecond())
                        .get()
                        .satisfies(rate -> assertThat(rate).isGreaterThan(30)));
        assertThat(folder).isEmptyDirectory();
    }
}
