package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** How much memory Java may take is said in one file, which everything that starts Framecast reads. */
class JavaOptionsTest {
    private static final Path OPTIONS = Path.of("src", "main", "jvm", "options");

    @Test
    void heap_isHalfOfTheMachinesMemory() throws IOException {
        assertThat(maxHeap("@" + OPTIONS)).isCloseTo(physical() / 2, within(physical() / 50));
    }

    @Test
    void heap_ofTheUser_goesBeforeIt() throws IOException {
        assertThat(maxHeap("@" + OPTIONS, "-Xmx300m")).isEqualTo(300L << 20);
    }

    @Test
    void launcher_readsThatFile_andSaysNothingElseOfTheHeap_andTheImageHasTheLauncher() throws IOException {
        assertThat(Files.readString(Path.of("framecast")))
                .contains("options=$home/src/main/jvm/options", "options=$home/jvm/options", "\"@$options\"")
                .doesNotContain("-Xm", "HeapSize");
        assertThat(Files.readString(Path.of("docker", "Dockerfile")))
                .contains("ENTRYPOINT [\"/framecast/framecast\"]")
                .doesNotContain("-Xm", "HeapSize", "java @");
    }

    @Test
    void children_getTheMemoryOptionsOfTheirParent_andNoOthers() {
        assertThat(Children.memory(List.of(
                        "-XX:+UseSerialGC",
                        "-XX:MaxRAMPercentage=50",
                        "-XX:MaxHeapFreeRatio=50",
                        "-Xmx4g",
                        "-Xshare:auto",
                        "-XX:StartFlightRecording=filename=run.jfr")))
                .containsExactly("-XX:+UseSerialGC", "-XX:MaxRAMPercentage=50", "-XX:MaxHeapFreeRatio=50", "-Xmx4g");
    }

    private static long physical() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
    }

    private static long maxHeap(String... options) throws IOException {
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(options));
        command.addAll(List.of("-XX:+PrintFlagsFinal", "-version"));
        Process java = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String flags = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher found = Pattern.compile(" MaxHeapSize += (\\d+)").matcher(flags);
        assertThat(found.find()).as(flags).isTrue();
        return Long.parseLong(found.group(1));
    }
}
