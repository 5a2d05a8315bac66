package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.framecast.source.RtspServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wrong: one line that names the value and the way out, exit 1 or 2, nothing left running. */
class WrongInputIT {
    private static final Duration DEADLINE = Duration.ofSeconds(90);
    private static final String USER_INFO = "user:p@ss:w/ord";
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    @TempDir
    Path folder;

    /**
     * A command line that is wrong in itself.
     *
     * @param arguments what is typed, separated by blanks
     * @param words what the line must say: the value, and the way out
     */
    private record Typed(String arguments, List<String> words) {
        static Typed of(String arguments, String... words) {
            return new Typed(arguments, List.of(words));
        }

        @Override
        public String toString() {
            return arguments;
        }
    }

    static Stream<Typed> wrongUsages() {
        return Stream.of(
                Typed.of("", "command is missing", "--help"),
                Typed.of("nosuch", "'nosuch'", "--help"),
                Typed.of("rtsp://" + USER_INFO + "@127.0.0.1/x", "rtsp://***@127.0.0.1/x", "--help"),
                Typed.of("predict rtsp://" + USER_INFO + "@127.0.0.1/x", "rtsp://***@127.0.0.1/x", "--help"),
                Typed.of("run ftp://" + USER_INFO + "@127.0.0.1/x", "ftp://***@127.0.0.1/x", "use rtsp://"),
                Typed.of("run --nosuch", "'--nosuch'", "run --help"),
                Typed.of("run front.door=test:street", "'front.door'", "A-Z a-z 0-9"),
                Typed.of("run =test:street", "''", "A-Z a-z 0-9"),
                Typed.of("run a=test:street a=test:still", "'a'", "use each id once"),
                Typed.of("run test:nosuch", "'test:nosuch'", "test:street, test:shapes"),
                Typed.of("capture a=test:nosuch", "'test:nosuch'", "test:street, test:shapes"),
                Typed.of("run --policy newest", "'--policy'", "newest", "latest", "all"),
                Typed.of("run --pace fast", "'--pace'", "fast", "realtime", "max"),
                Typed.of("run --duration 5", "'--duration'", "'5'", "30s"),
                Typed.of("run --max-delay soon", "'--max-delay'", "'soon'", "20ms"),
                Typed.of("run --every 0", "every 0", "1 to 100000"),
                Typed.of("run --every often", "'--every'", "'often'"),
                Typed.of("run --max-batch 0", "max-batch 0", "1 to 1024"),
                Typed.of("run --fps 0", "fps 0"),
                Typed.of("run --device gpu", "'gpu'", "auto, cpu, cuda"),
                Typed.of("train nosuch --name a --out b --device gpu", "'gpu'", "auto, cpu, cuda"),
                Typed.of("train nosuch --name a --out b --one-camera door-[", "'door-['", "door-*"),
                Typed.of("run --port 70000", "port 70000", "--port"),
                Typed.of("run --kafka-port 70000", "port 70000", "--kafka-port"),
                Typed.of("run --host 0.0.0.0", "host 0.0.0.0", "--token"),
                Typed.of("run --kafka here", "'here'", "HOST:PORT"),
                Typed.of("run --kafka-property nothing", "--kafka-property", "KEY=VALUE", "nothing"),
                Typed.of("run --topic-prefix a/b", "'a/b'", "A-Z a-z 0-9"),
                Typed.of("run --config nosuch.yaml", "'nosuch.yaml'", "--config"),
                Typed.of("tail nosuch", "'nosuch'", "use frames, forecasts"),
                Typed.of("topics mend", "mend", "create", "check", "describe"));
    }

    @ParameterizedTest
    @MethodSource("wrongUsages")
    void commandLine_wrong_saysSoInOneLine(Typed typed) {
        refused(USAGE, typed.words(), typed.arguments().isEmpty() ? List.of() : words(typed.arguments()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fps: [", "fps: 5\nfps: 6", "- fps", "fps 5"})
    void config_malformed_isNamed(String yaml) throws IOException {
        Files.writeString(folder.resolve("broken.yaml"), yaml);
        refused(USAGE, List.of("'broken.yaml'", "write lines such as 'fps: 5'"), words("run --config broken.yaml"));
    }

    @Test
    void config_unknownKey_isNamed() throws IOException {
        Files.writeString(folder.resolve("typo.yaml"), "fps: 5\nevrey: 3\n");
        refused(USAGE, List.of("'typo.yaml'", "'evrey'", "every"), words("run --config typo.yaml"));
    }

    @Test
    void config_wrongValue_isNamed() throws IOException {
        Files.writeString(folder.resolve("wrong.yaml"), "fps: fast\n");
        refused(USAGE, List.of("'--fps'", "'fast'"), words("run --config wrong.yaml"));
    }

    /** A source that cannot be read. */
    private record Unreadable(String source, List<String> words) {
        static Unreadable of(String source, String... words) {
            return new Unreadable(source, List.of(words));
        }

        @Override
        public String toString() {
            return source;
        }
    }

    static Stream<Unreadable> unreadable() {
        int port = RtspServer.freePort();
        return Stream.of(
                Unreadable.of("nosuch.mp4", "nosuch.mp4", "check the path"),
                Unreadable.of("notes.txt", "notes.txt", "not a video", "ffprobe"),
                Unreadable.of("empty.mp4", "empty.mp4", "not a video", "ffprobe"),
                Unreadable.of("/dev/video99", "/dev/video99", "plug the camera in"),
                Unreadable.of(
                        "rtsp://" + USER_INFO + "@127.0.0.1:" + port + "/live",
                        "rtsp://***@127.0.0.1:" + port + "/live",
                        "refused the connection",
                        "check host and port"),
                Unreadable.of(
                        "http://" + USER_INFO + "@127.0.0.1:" + port + "/live",
                        "http://***@127.0.0.1:" + port + "/live",
                        "check host and port"),
                Unreadable.of(
                        "rtsp://" + USER_INFO + "@nosuch.invalid/live",
                        "rtsp://***@nosuch.invalid/live",
                        "check its name"));
    }

    @ParameterizedTest
    @MethodSource("unreadable")
    void source_unreadable_saysWhy(Unreadable source) throws IOException {
        Files.writeString(folder.resolve("notes.txt"), "These are notes and no video.\n".repeat(100));
        Files.createFile(folder.resolve("empty.mp4"));
        refused(FAILED, source.words(), run(source.source(), "--model", "persistence", "--preview", "none"));
    }

    @Test
    void sources_allUnreadable_areNamedOneALine() {
        List<String> arguments = run("a.mp4", "test=b.mp4", "--model", "persistence", "--preview", "none");
        try (var process = FramecastProcess.start(folder, arguments.toArray(String[]::new))) {
            assertThat(process.exitCode(DEADLINE)).as(process::toString).isEqualTo(FAILED);
            assertThat(process.errors())
                    .containsExactly(
                            "framecast: source a.mp4 does not exist: check the path",
                            "framecast: source b.mp4 does not exist: check the path");
        }
    }

    @Test
    @Tag("system")
    void source_wrongPassword_saysSo() {
        try (var server = RtspServer.start("--user", "admin", "--password", "p@ss:w/ord")) {
            refused(
                    FAILED,
                    List.of("rtsp://***@127.0.0.1", "refused user or password", "USER:PASSWORD@HOST"),
                    run(server.url("admin:p@ss:w/rong"), "--model", "persistence", "--preview", "none"));
        }
    }

    @Test
    void model_unknown_namesThoseThereAre() {
        refused(FAILED, List.of("'nosuch'", ModelsOption.DEFAULT), run("test:still", "--model", "nosuch"));
    }

    @ParameterizedTest
    @EnumSource
    void weights_damaged_areRefused(DamagedModel.Weights damage) throws IOException {
        Path model = damage.in(folder.resolve("damaged"));
        refused(
                FAILED,
                List.of(model.resolve("weights.npz").toString(), "damaged", "restore or retrain"),
                run("test:still", "--preview", "none", "--model", model.toString()));
    }

    @ParameterizedTest
    @EnumSource
    void description_damaged_isRefused(DamagedModel.Description damage) throws IOException {
        Path model = damage.in(folder.resolve("damaged"));
        refused(
                FAILED,
                List.of("damaged", "/damaged/model.yaml", damage.word()),
                run("test:still", "--preview", "none", "--model", model.toString()));
    }

    @Test
    void httpPort_inUse_saysSo() throws IOException {
        try (var taken = listening()) {
            refused(
                    FAILED,
                    List.of("127.0.0.1:" + taken.getLocalPort(), "Address already in use", "--port"),
                    words("run test:still --model persistence --data-dir data --kafka-port 0 --port "
                            + taken.getLocalPort()));
        }
    }

    @Test
    void kafkaPort_inUse_saysSo() throws IOException {
        try (var taken = listening()) {
            refused(
                    FAILED,
                    List.of("port " + taken.getLocalPort(), "in use", "--kafka-port", "--kafka localhost"),
                    words("run test:still --model persistence --data-dir data --preview none --kafka-port "
                            + taken.getLocalPort()));
        }
    }

    private static ServerSocket listening() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @Test
    void dataDirectory_usedByAnotherRun_saysSo() {
        List<String> run = run("test:still", "--model", "persistence", "--preview", "none");
        try (var first = FramecastProcess.start(folder, run.toArray(String[]::new))) {
            String address = first.line("kafka +(localhost:\\d+) \\(embedded\\)", DEADLINE)
                    .group(1);
            refused(FAILED, List.of("/data", "used by another run", "--data-dir", "--kafka " + address), run);
        }
    }

    @Test
    void dataDirectory_aFile_saysSo() throws IOException {
        Files.writeString(folder.resolve("data"), "not a folder");
        refused(
                FAILED,
                List.of("/data", "cannot be written", "--data-dir"),
                run("test:still", "--model", "persistence", "--preview", "none"));
    }

    @Test
    void kafka_unreachable_saysSo() {
        refused(
                FAILED,
                List.of("localhost:1", "check --kafka"),
                words("predict --model persistence --kafka localhost:1"));
    }

    @Test
    void kafkaConfig_missing_saysSo() {
        refused(
                FAILED,
                List.of("'nosuch.properties'", "--kafka-config"),
                words("predict --kafka-config nosuch.properties"));
    }

    @Test
    void summary_unwritable_saysSo() {
        refused(
                FAILED,
                List.of("nowhere/summary.json", "--summary"),
                run(
                        "test:still",
                        "--model",
                        "persistence",
                        "--preview",
                        "none",
                        "--duration",
                        "1s",
                        "--summary",
                        "nowhere/summary.json"));
    }

    private static List<String> words(String line) {
        return List.of(line.split(" "));
    }

    private static List<String> run(String... arguments) {
        var all = new ArrayList<>(List.of("run", "--data-dir", "data", "--kafka-port", "0", "--port", "0"));
        all.addAll(List.of(arguments));
        return all;
    }

    private void refused(int code, List<String> words, List<String> arguments) {
        try (var process = FramecastProcess.start(folder, Map.of(), arguments.toArray(String[]::new))) {
            int exit = process.exitCode(DEADLINE);
            assertThat(process.errors())
                    .as(process::toString)
                    .singleElement()
                    .satisfies(
                            line -> assertThat(line).startsWith("framecast: ").contains(words));
            assertThat(exit).as(process::toString).isEqualTo(code);
            assertThat(process.toString().lines().skip(1))
                    .noneMatch(line -> line.contains("\tat ") || line.contains("ss:w") || line.contains("w/ord"));
        }
    }
}
