package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.framecast.source.ffmpeg.TestVideos;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that are not ASCII are read in any locale, and where Java is started without one, only those cannot be. */
class LocaleIT {
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final List<String> RUN = List.of(
            "run", "good.mkv", "--pace", "max", "--policy", "all", "--model", "persistence", "--preview", "none");

    @TempDir
    Path folder;

    @BeforeEach
    void writeData() throws IOException {
        TestVideos.write(folder.resolve("good.mkv"), 64, 64, 60, 10);
        Path data = Files.createDirectory(folder.resolve("données"));
        for (String name : List.of("vidéo.mkv", "日本.mkv", "12:30:45.mkv")) {
            Files.copy(folder.resolve("good.mkv"), data.resolve(name));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "xx_XX.UTF-8", "C.UTF-8"})
    void launcher_inAnyLocale_readsNamesThatAreNotAscii(String locale) {
        try (var evaluate = FramecastProcess.launch(
                folder, Map.of("LC_ALL", locale), "evaluate", "données", "--model", "persistence", "--every", "20")) {
            assertThat(evaluate.exitCode(LONGEST)).as(evaluate::toString).isZero();
            assertThat(evaluate.errors()).isEmpty();
            assertThat(evaluate.output()).anyMatch(line -> line.startsWith("vidéo.mkv "));
        }
    }

    @Test
    void launcher_withoutALocale_attachesFilesWhoseNamesAreNotAscii() {
        try (var run = FramecastProcess.launch(
                folder,
                Map.of("LC_ALL", "C"),
                arguments("données/vidéo.mkv", "données/12:30:45.mkv", "--kafka-port", "0"))) {
            assertThat(run.exitCode(LONGEST)).as(run::toString).isZero();
            assertThat(run.errors()).noneMatch(line -> line.startsWith("framecast: "));
            assertThat(run.output())
                    .filteredOn(line -> line.matches("(good|vid-o|12-30-45) +60 .*"))
                    .as(run::toString)
                    .hasSize(3);
        }
    }

    private static String[] arguments(String... more) {
        return Stream.concat(RUN.stream(), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void java_withoutALocale_losesOnlyTheNamesItCannotExpress() {
        var environment = Map.of("LC_ALL", "C");
        try (var run =
                FramecastProcess.start(folder, environment, arguments("bad=données/vidéo.mkv", "--kafka-port", "0"))) {
            assertThat(run.exitCode(LONGEST)).as(run::toString).isEqualTo(1);
            assertThat(run.output()).anyMatch(line -> line.matches("good +60 .*"));
            assertThat(run.output())
                    .filteredOn(line -> line.contains("start Framecast with LC_ALL=C.UTF-8"))
                    .as(run::toString)
                    .hasSize(1);
        }
        try (var evaluate = FramecastProcess.start(
                folder, environment, "evaluate", "données", ".", "--model", "persistence", "--every", "20")) {
            assertThat(evaluate.exitCode(LONGEST)).as(evaluate::toString).isZero();
            assertThat(evaluate.errors())
                    .anyMatch(line -> line.contains("start Framecast with LC_ALL=C.UTF-8 (left out)"));
            assertThat(evaluate.output())
                    .as("a folder hands on names as they are on disk")
                    .anyMatch(line -> line.startsWith("persistence") && line.contains("12:30:45.mkv"));
        }
    }
}
