package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The command line as a person runs it: a process of its own, of which only exit code and output are seen. */
public final class FramecastProcess implements AutoCloseable {
    private static final Duration KILL = Duration.ofSeconds(10);

    private final Process process;
    private final List<String> arguments;
    private final Path output;
    private final Path errors;

    private FramecastProcess(Process process, List<String> arguments, Path output, Path errors) {
        this.process = process;
        this.arguments = arguments;
        this.output = output;
        this.errors = errors;
    }

    /**
     * Starts it.
     *
     * @param folder where its output is kept, and what it writes by relative paths
     */
    public static FramecastProcess start(Path folder, String... arguments) {
        return start(folder, Map.of(), arguments);
    }

    /** Starts it with environment variables. */
    public static FramecastProcess start(Path folder, Map<String, String> environment, String... arguments) {
        var command = new ArrayList<String>();
        if (System.getProperty("os.name").equals("Linux")) {
            // A build in the background ignores SIGINT, and would hand that down.
            command.addAll(List.of("env", "--default-signal=INT"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of("src", "main", "jvm", "options").toAbsolutePath(),
                "-XX:TieredStopAtLevel=1",
                "-Dframecast.home=" + Path.of("").toAbsolutePath(),
                "-cp",
                classPath(),
                "io.framecast.cli.Main"));
        command.addAll(List.of(arguments));
        return start(folder, environment, command, arguments);
    }

    /** Starts the launcher at the root, which takes the program that the build has packaged. */
    public static FramecastProcess launch(Path folder, Map<String, String> environment, String... arguments) {
        var command =
                new ArrayList<>(List.of(Path.of("framecast").toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        return start(folder, environment, command, arguments);
    }

    private static FramecastProcess start(
            Path folder, Map<String, String> environment, List<String> command, String... arguments) {
        try {
            Path output = Files.createTempFile(folder, "framecast-", ".out");
            Path errors = Files.createTempFile(folder, "framecast-", ".err");
            var builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile());
            builder.environment().keySet().removeIf(FramecastProcess::changesOutput);
            builder.environment().putAll(environment);
            return new FramecastProcess(builder.start(), List.of(arguments), output, errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean changesOutput(String variable) {
        return variable.startsWith("FRAMECAST_")
                || variable.startsWith("TORCH_")
                || variable.startsWith("PYTORCH_")
                || variable.equals("JAVA_TOOL_OPTIONS")
                || variable.equals("JDK_JAVA_OPTIONS");
    }

    /** What the tests run with, but for the tests. */
    private static String classPath() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(all.split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Waits until it has ended by itself. */
    public int exitCode(Duration longest) {
        try {
            assertThat(process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS))
                    .as(() -> this + " has ended after " + longest)
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return process.exitValue();
    }

    /** Waits for a line of its output that matches wholly. */
    public Matcher line(String regex, Duration longest) {
        var pattern = Pattern.compile(regex);
        await().atMost(longest).until(() -> found(pattern).isPresent() || !process.isAlive());
        return found(pattern).orElseThrow(() -> new AssertionError(this + " ended without saying " + regex));
    }

    private Optional<Matcher> found(Pattern pattern) {
        return output().stream().map(pattern::matcher).filter(Matcher::matches).findFirst();
    }

    /** Lines of standard output so far. */
    public List<String> output() {
        return lines(output);
    }

    /** Lines of standard error so far. */
    public List<String> errors() {
        return lines(errors);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it still runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** What Ctrl-C does. */
    public void interrupt() {
        signal("INT");
    }

    /** What a supervisor does. */
    public void terminate() {
        signal("TERM");
    }

    private void signal(String name) {
        try {
            int sent = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                    .start()
                    .waitFor();
            assertThat(sent).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "framecast " + String.join(" ", arguments) + "\n[output] " + String.join("\n", output()) + "\n[errors] "
                + String.join("\n", errors()) + "\n";
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            assertThat(process.waitFor(KILL.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
