package io.framecast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileTest {
    @TempDir
    Path folder;

    private double sum;

    /** A method that takes all of the time, and calls none. */
    private void busy() {
        long end = System.nanoTime() + 1_000_000_000L;
        while (System.nanoTime() < end) {
            for (int i = 1; i < 100_000; i++) {
                sum += 1.0 / i / (sum + i);
            }
        }
    }

    @Test
    void of_busyMethod_namesItFirst() {
        List<Profile.Row> rows = Profile.of(this::busy, folder, 3);

        assertThat(sum).isPositive();
        assertThat(rows).isNotEmpty().hasSizeLessThanOrEqualTo(3);
        assertThat(rows.get(0).method()).isEqualTo("io.framecast.bench.ProfileTest.busy");
        assertThat(rows.get(0).share()).isBetween(0.5, 1.0);
        assertThat(folder).isEmptyDirectory();
    }
}
