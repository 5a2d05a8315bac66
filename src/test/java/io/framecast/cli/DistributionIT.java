package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The archives that {@code mvn package} makes, unpacked where there is no Maven. */
class DistributionIT {
    private static final Path TARGET = Path.of("target").toAbsolutePath();
    private static final Path JAVA_HOMES = Path.of("/usr/lib/jvm");

    @TempDir
    static Path folder;

    private static Path home;

    /** What a process printed. */
    private record Ended(int exitCode, List<String> output, List<String> errors) {}

    @BeforeAll
    static void unpack() throws Exception {
        Ended tar = run(List.of("tar", "xzf", archive(".tar.gz").toString()), System.getProperty("java.home"));
        assertThat(tar.exitCode()).isZero();
        try (Stream<Path> unpacked = Files.list(folder)) {
            home = unpacked.filter(Files::isDirectory).findFirst().orElseThrow();
        }
    }

    private static Path archive(String ending) throws IOException {
        try (Stream<Path> built = Files.list(TARGET)) {
            List<Path> archives = built.filter(
                            file -> file.getFileName().toString().matches("framecast-.*" + ending))
                    .toList();
            assertThat(archives).hasSize(1);
            return archives.get(0);
        }
    }

    /** This Java, and whichever others are installed. */
    static Stream<String> javaHomes() throws IOException {
        try (Stream<Path> installed = Files.isDirectory(JAVA_HOMES) ? Files.list(JAVA_HOMES) : Stream.empty()) {
            Set<String> others = installed
                    .filter(java -> Files.isExecutable(java.resolve("bin/javac")))
                    .map(DistributionIT::real)
                    .collect(Collectors.toSet());
            others.add(real(Path.of(System.getProperty("java.home"))));
            return others.stream().sorted();
        }
    }

    private static String real(Path file) {
        try {
            return file.toRealPath().toString();
        } catch (IOException e) {
            return file.toString();
        }
    }

    private static Ended run(List<String> command, String java) throws Exception {
        Path output = folder.resolve("output.txt");
        Path errors = folder.resolve("errors.txt");
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("FRAMECAST_"));
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().put("JAVA_HOME", java);
        Process process = builder.start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES))
                .as(String.join(" ", command))
                .isTrue();
        return new Ended(
                process.exitValue(),
                Files.readAllLines(output, StandardCharsets.UTF_8),
                Files.readAllLines(errors, StandardCharsets.UTF_8));
    }

    private static Ended framecast(String java, String arguments) throws Exception {
        var command = new ArrayList<>(List.of(home.resolve("framecast").toString()));
        command.addAll(List.of(arguments.split(" ")));
        return run(command, java);
    }

    @Test
    void archives_holdWhatIsNeeded_andTheSameOfIt() throws Exception {
        assertThat(List.of(
                        "README.md",
                        "CHANGELOG.md",
                        "LICENSE",
                        "NOTICE",
                        "framecast.yaml",
                        "framecast.service",
                        "docs/metrics.md",
                        "docker/compose.yaml",
                        "docker/alerts.yml",
                        "docker/grafana/dashboard.json",
                        "docker/kubernetes/framecast.yaml",
                        "models/flow-mixture/model.yaml",
                        "topics/framecast.proto",
                        "licenses/THIRD-PARTY.txt",
                        "licenses/NATIVE.md",
                        "licenses/LGPL-3.0.txt",
                        "licenses/bom.json",
                        "completion/framecast.bash"))
                .allSatisfy(name -> assertThat(home.resolve(name)).isNotEmptyFile());
        try (Stream<Path> files = Files.walk(home);
                var zip = new ZipFile(archive(".zip").toFile())) {
            Set<String> inZip = zip.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(entry -> entry.getName().replaceFirst("^[^/]*/", ""))
                    .collect(Collectors.toSet());
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> home.relativize(file).toString()))
                    .containsExactlyInAnyOrderElementsOf(inZip);
        }
    }

    @Test
    void links_ofEveryPage_leadSomewhere() throws Exception {
        try (Stream<Path> files = Files.walk(home)) {
            List<Path> pages =
                    files.filter(file -> file.toString().endsWith(".md")).toList();
            assertThat(pages).contains(home.resolve("README.md"), home.resolve("docs/operating.md"));
            assertThat(pages.stream().flatMap(page -> PageLinks.broken(page).stream()))
                    .isEmpty();
        }
    }

    @Test
    void everyJar_isNamedWithItsLicence() throws Exception {
        String licences = Files.readString(home.resolve("licenses").resolve("THIRD-PARTY.txt"));
        assertThat(licences).doesNotContain("Unknown license", "unknown license");
        try (Stream<Path> jars = Files.list(home.resolve("lib"))) {
            assertThat(jars.map(jar -> jar.getFileName().toString())
                            .filter(jar -> !jar.equals("framecast.jar"))
                            .map(jar -> jar.replaceFirst("-\\d.*", "")))
                    .allMatch(name -> licences.contains(":" + name + ":"));
        }
    }

    @ParameterizedTest
    @MethodSource("javaHomes")
    void framecast_runs_withoutAWarning(String java) throws Exception {
        Ended run = framecast(java, "run test:street --duration 4s --preview none --kafka-port 0 --data-dir data");
        assertThat(run.errors()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.output()).anyMatch(line -> line.startsWith("street "));
    }

    @Test
    void version_saysWhichCommit_whereThatIsKnown() throws Exception {
        Ended version = framecast(System.getProperty("java.home"), "--version");
        String commit = Files.exists(Path.of(".git")) ? " \\([0-9a-f]{7,}, \\d{4}-\\d{2}-\\d{2}\\)" : "";
        assertThat(version.output()).singleElement().asString().matches("framecast \\d+\\.\\d+\\.\\S+" + commit);
    }

    @Test
    void completion_knowsCommandsAndOptions() throws Exception {
        String script = "source " + home.resolve("completion").resolve("framecast.bash")
                + "; COMP_WORDS=(framecast capture --rtsp); COMP_CWORD=2; _complete_framecast; printf '%s\\n' \"${COMPREPLY[@]}\"";
        Ended completed = run(List.of("bash", "-c", script), System.getProperty("java.home"));
        assertThat(completed.output()).contains("--rtsp-transport");
    }

    @Test
    void example_compilesAndRuns_asAnOutsider() throws Exception {
        Ended example = run(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        home.resolve("lib") + "/*",
                        home.resolve("src/example/java/ForecastACamera.java").toString(),
                        "door=test:street",
                        home.resolve("models").toString()),
                System.getProperty("java.home"));
        assertThat(example.output())
                .as("%s", example.errors())
                .hasSize(3)
                .allMatch(line -> line.contains(": 32 frames of 64x64x3"));
        assertThat(example.exitCode()).isZero();
    }
}
