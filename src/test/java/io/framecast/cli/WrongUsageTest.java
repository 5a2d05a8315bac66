package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Command lines that are wrong in themselves: one line that names the value and the way out, before anything starts.
 */
class WrongUsageTest {
    private static final String USER_INFO = "user:p@ss:w/ord";

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
                Typed.of("run ftp://" + USER_INFO + "@127.0.0.1/x", "ftp://***@127.0.0.1/x", "use rtsp, "),
                Typed.of("run cam=-", "'-'", "standard input", "udp://"),
                Typed.of("run --open-timeout 0s", "open timeout", "more than zero"),
                Typed.of("run --read-timeout soon", "'--read-timeout'", "'soon'", "30s"),
                Typed.of("run a=test:street --camera b.fps=5", "'b'", "no camera of this run", "there are a"),
                Typed.of("run a=test:street --camera a.speed=5", "camera a: 'speed'", "fit, fps, model, open-timeout"),
                Typed.of("run a=test:street --camera a.read-timeout=5", "read-timeout '5'", "60s"),
                Typed.of("run a=test:street --camera a.fps=0", "fps '0'", "above 0, up to 240"),
                Typed.of("run a=test:street --camera a.model=../x", "model '../x'", "'framecast models'"),
                Typed.of("capture a=test:street --camera a.rtsp-transport=tls", "'tls'", "auto, tcp or udp"),
                Typed.of("run a=test:street --camera a=5s", "'a=5s'", "door.read-timeout=60s"),
                Typed.of("run --public-url cams.example", "'cams.example'", "--public-url https://"),
                Typed.of("preview --public-url https://" + USER_INFO + "@cams.example/", "a password", "--public-url"),
                Typed.of("run --allow-framing home.example", "'home.example'", "--allow-framing https://"),
                Typed.of("run --clips -1", "clips is -1", "--clips a number from 1 to 10000, or 0"),
                Typed.of("preview --clips 10001", "clips is 10001", "or 0 to keep none"),
                Typed.of("run --alert-url ftp://" + USER_INFO + "@127.0.0.1/x", "--alert-url https://"),
                Typed.of("run --alert-url http://home_assistant:8123/x", "host name", "--alert-url"),
                Typed.of("run --alert-url https://h.example/x --alert-secret=", "empty", "--alert-secret"),
                Typed.of("preview --alert-secret hush", "--alert-secret", "give --alert-url"),
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
                Typed.of("run --precision half", "'half'", "auto or float32 or bfloat16"),
                Typed.of("train nosuch --name a --out b --one-camera door-[", "'door-['", "door-*"),
                Typed.of("run --port 70000", "port 70000", "--port"),
                Typed.of("run --kafka-port 70000", "port 70000", "--kafka-port"),
                Typed.of("run --host 0.0.0.0", "host 0.0.0.0", "--token"),
                Typed.of("run --kafka here", "'here'", "HOST:PORT"),
                Typed.of("tail --kafka one:1,[::1]", "'[::1]'", "HOST:PORT", "brackets"),
                Typed.of("topics --kafka one:99999", "'one:99999'", "1 to 65535"),
                Typed.of("run --kafka-property isolation.level=read_uncommitted", "'isolation.level'", "leave it out"),
                Typed.of("predict --kafka-property group.id=mine", "'group.id'", "use --group"),
                Typed.of("capture 0 --kafka-property acks=1", "'acks'", "every replica"),
                Typed.of("run --kafka-property linger.ms=soon", "linger.ms", "soon", "--kafka-property"),
                Typed.of("run --kafka-property bootstrap.servers=b:1", "'bootstrap.servers'", "with --kafka only"),
                Typed.of("run --kafka-property security.protocol=SSL", "'security.protocol'", "PLAINTEXT", "--kafka"),
                Typed.of("topics acls", "embedded broker", "--kafka HOST:PORT"),
                Typed.of("topics acls --kafka b:1 --principal framecast", "'framecast'", "User:NAME"),
                Typed.of("run --kafka-property nothing", "--kafka-property", "KEY=VALUE", "nothing"),
                Typed.of("run --topic-prefix a/b", "'a/b'", "A-Z a-z 0-9"),
                Typed.of("run --config nosuch.yaml", "'nosuch.yaml'", "--config"),
                Typed.of("tail nosuch", "'nosuch'", "use frames, pictures, forecasts"),
                Typed.of("topics mend", "mend", "create", "check", "describe"));
    }

    @ParameterizedTest
    @MethodSource("wrongUsages")
    void commandLine_wrong_saysSoInOneLine(Typed typed) {
        var call = Invocation.of(
                typed.arguments().isEmpty() ? new String[0] : typed.arguments().split(" ", -1));
        assertThat(call.errors())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith("framecast: ")
                        .contains(typed.words())
                        .doesNotContain("ss:w")
                        .doesNotContain("w/ord"));
        assertThat(call.exitCode()).isEqualTo(ExitCodes.USAGE);
    }
}
