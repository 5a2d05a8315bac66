package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.framecast.source.RtspServer;
import io.framecast.topic.broker.EmbeddedBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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
    static Path brokerFolder;

    private static EmbeddedBroker broker;

    @TempDir
    Path folder;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(brokerFolder, 0);
        assertThat(Invocation.of("topics", "create", "--kafka", broker.bootstrap())
                        .exitCode())
                .isZero();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void process_givenWhatIsWrong_saysSoInOneLineAndEnds() {
        ended(USAGE, List.of("ftp://***@127.0.0.1/x", "use rtsp, "), words("run ftp://" + USER_INFO + "@127.0.0.1/x"));
        ended(FAILED, List.of("nosuch.mp4", "check the path"), embedded("nosuch.mp4", "--model", "persistence"));
    }

    private void ended(int code, List<String> words, List<String> arguments) {
        try (var process = FramecastProcess.start(folder, arguments.toArray(String[]::new))) {
            assertThat(process.exitCode(DEADLINE)).as(process::toString).isEqualTo(code);
            assertOneLine(process.toString(), process.errors(), words);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fps: [", "fps: 5\nfps: 6", "- fps", "fps 5"})
    void config_malformed_isNamed(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("broken.yaml"), yaml);
        refused(USAGE, List.of("'" + file + "'", "write lines such as 'fps: 5'"), words("run --config " + file));
    }

    @Test
    void config_unknownKey_isNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("typo.yaml"), "fps: 5\nevrey: 3\n");
        refused(USAGE, List.of("'" + file + "'", "'evrey'", "every"), words("run --config " + file));
    }

    @Test
    void config_wrongValue_isNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("wrong.yaml"), "fps: fast\n");
        refused(USAGE, List.of("'--fps'", "'fast'"), words("run --config " + file));
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
                Unreadable.of("notes.txt", "notes.txt", "not a video but text", "check the path"),
                Unreadable.of("empty.mp4", "empty.mp4", "is empty", "record it again"),
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
        String given = source.source().matches("\\w+\\.\\w+")
                ? folder.resolve(source.source()).toString()
                : source.source();
        refused(FAILED, source.words(), onSharedBroker(given, "--model", "persistence"));
    }

    @Test
    void sources_allUnreadable_areNamedOneALine() {
        Path a = folder.resolve("a.mp4");
        Path b = folder.resolve("b.mp4");
        var all = Invocation.of(onSharedBroker(a.toString(), "test=" + b, "--model", "persistence")
                .toArray(String[]::new));
        assertThat(all.exitCode()).as(all::toString).isEqualTo(FAILED);
        assertThat(all.errors())
                .containsExactly(
                        "framecast: source " + a + " does not exist: check the path",
                        "framecast: source " + b + " does not exist: check the path");
    }

    @Test
    @Tag("system")
    void source_wrongPassword_saysSo() {
        try (var server = RtspServer.start("--user", "admin", "--password", "p@ss:w/ord")) {
            refused(
                    FAILED,
                    List.of("rtsp://***@127.0.0.1", "refused user or password", "USER:PASSWORD@HOST"),
                    onSharedBroker(server.url("admin:p@ss:w/rong"), "--model", "persistence"));
        }
    }

    @Test
    void model_unknown_namesThoseThereAre() {
        refused(FAILED, List.of("'nosuch'", ModelsOption.DEFAULT), onSharedBroker("test:still", "--model", "nosuch"));
    }

    @ParameterizedTest
    @EnumSource
    void weights_damaged_areRefused(DamagedModel.Weights damage) throws IOException {
        Path model = damage.in(folder.resolve("damaged"));
        refused(
                FAILED,
                List.of(model.resolve("weights.npz").toString(), "damaged", "restore or retrain"),
                onSharedBroker("test:still", "--model", model.toString()));
    }

    @ParameterizedTest
    @EnumSource
    void description_damaged_isRefused(DamagedModel.Description damage) throws IOException {
        Path model = damage.in(folder.resolve("damaged"));
        refused(
                FAILED,
                List.of("damaged", "/damaged/model.yaml", damage.word()),
                onSharedBroker("test:still", "--model", model.toString()));
    }

    @Test
    void httpPort_inUse_saysSo() throws IOException {
        try (var taken = listening()) {
            refused(
                    FAILED,
                    List.of("127.0.0.1:" + taken.getLocalPort(), "Address already in use", "--port"),
                    words("run test:still --model persistence --kafka " + broker.bootstrap() + " --port "
                            + taken.getLocalPort()));
        }
    }

    @Test
    void kafkaPort_inUse_saysSo() throws IOException {
        try (var taken = listening()) {
            refused(
                    FAILED,
                    List.of("port " + taken.getLocalPort(), "in use", "--kafka-port", "--kafka localhost"),
                    words("run test:still --model persistence --preview none --data-dir " + folder.resolve("data")
                            + " --kafka-port " + taken.getLocalPort()));
        }
    }

    private static ServerSocket listening() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @Test
    void dataDirectory_usedByAnotherRun_saysSo() {
        List<String> run = embedded("test:still", "--model", "persistence");
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
                embedded("test:still", "--model", "persistence"));
    }

    @Test
    void kafka_unreachable_saysSo() {
        refused(
                FAILED,
                List.of("localhost:1", "check --kafka"),
                words("predict --model persistence --kafka localhost:1 --kafka-property request.timeout.ms=1000"
                        + " --kafka-property default.api.timeout.ms=2000"));
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
                onSharedBroker(
                        "test:still",
                        "--model",
                        "persistence",
                        "--duration",
                        "1s",
                        "--summary",
                        folder.resolve("nowhere/summary.json").toString()));
    }

    private static List<String> words(String line) {
        return List.of(line.split(" "));
    }

    private static List<String> onSharedBroker(String... arguments) {
        return Stream.concat(Stream.of("run", "--preview", "none", "--kafka", broker.bootstrap()), Stream.of(arguments))
                .toList();
    }

    private List<String> embedded(String... arguments) {
        String data = folder.resolve("data").toString();
        return Stream.concat(
                        Stream.of("run", "--preview", "none", "--kafka-port", "0", "--data-dir", data),
                        Stream.of(arguments))
                .toList();
    }

    private static void refused(int code, List<String> words, List<String> arguments) {
        var call = Invocation.of(arguments.toArray(String[]::new));
        assertOneLine(call.toString(), call.errors(), words);
        assertThat(call.exitCode()).as(call::toString).isEqualTo(code);
    }

    private static void assertOneLine(String all, List<String> errors, List<String> words) {
        assertThat(errors)
                .as(all)
                .singleElement()
                .satisfies(line -> assertThat(line).startsWith("framecast: ").contains(words));
        assertThat(all.lines().skip(1))
                .noneMatch(line -> line.contains("\tat ") || line.contains("ss:w") || line.contains("w/ord"));
    }
}
