package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher among sources that nothing was built from yet, as after a clone. */
@Tag("system")
class LauncherIT {
    @TempDir
    static Path folder;

    /** A folder whose name a shell would take apart. */
    private static Path clone;

    /** What a process printed. */
    private record Ended(int exitCode, List<String> output, String errors) {}

    @BeforeAll
    static void copySources() throws Exception {
        clone = Files.createDirectory(folder.resolve("a clone"));
        Ended listed = run(Path.of(""), "git", "ls-files", "--cached", "--others", "--exclude-standard");
        assertThat(listed.exitCode()).as(listed.errors()).isZero();
        for (String name : listed.output()) {
            if (Files.exists(Path.of(name))) { // not one that was deleted, but is tracked still
                Path copy = clone.resolve(name);
                Files.createDirectories(copy.getParent());
                Files.copy(Path.of(name), copy, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static Ended run(Path directory, String... command) throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        Path errors = folder.resolve("errors.txt");
        var builder = new ProcessBuilder(command)
                .directory(directory.toAbsolutePath().toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("FRAMECAST_") || name.startsWith("MAVEN_"));
        Process process = builder.start();
        assertThat(process.waitFor(10, TimeUnit.MINUTES))
                .as(String.join(" ", command))
                .isTrue();
        return new Ended(
                process.exitValue(),
                Files.readAllLines(output, StandardCharsets.UTF_8),
                Files.readString(errors, StandardCharsets.UTF_8));
    }

    private static Ended launch(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(clone.resolve("framecast").toString()));
        command.addAll(List.of(arguments));
        return run(folder, command.toArray(String[]::new));
    }

    @Test
    void launcher_buildsOnFirstUse_andNotAgain() throws Exception {
        Ended first = launch("models", "list");
        assertThat(first.errors()).contains("framecast: building");
        assertThat(first.exitCode()).as(first.errors()).isZero();
        assertThat(first.output()).anyMatch(line -> line.startsWith(ModelsOption.DEFAULT + " (default)"));
        assertThat(clone.resolve("target/framecast.jsa"))
                .as("classes for a fast start")
                .isNotEmptyFile();

        Ended second = launch("models", "list");
        assertThat(second.errors()).doesNotContain("building");
        assertThat(second.output()).isEqualTo(first.output());
    }
}
