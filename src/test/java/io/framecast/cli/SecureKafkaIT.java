package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.framecast.source.ffmpeg.TestVideos;
import io.framecast.topic.broker.SecureBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A broker behind TLS and SASL, reached by {@code --kafka-config}. */
class SecureKafkaIT {
    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final String USER = "framecast";
    private static final String PASSWORD = "p@ss:w/ord";

    @TempDir
    static Path folder;

    private static SecureBroker broker;

    @BeforeAll
    static void start() throws Exception {
        broker = SecureBroker.start(folder.resolve("broker"), USER, PASSWORD);
        TestVideos.write(folder.resolve("clip.mkv"), 64, 64, 20, 10);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-256"})
    void roles_withCertificateAndPassword_workAsEver(String mechanism) throws Exception {
        Files.writeString(folder.resolve("client.properties"), broker.clientConfig(mechanism, USER, PASSWORD));
        String prefix = " --topic-prefix " + mechanism.toLowerCase(Locale.ROOT);
        done("topics create" + prefix);
        List<String> table = done("run ./clip.mkv --pace max --policy all --model persistence --preview none" + prefix);
        assertThat(table).anyMatch(line -> line.startsWith("clip ") && line.contains(" 20 "));
        assertThat(done("tail forecasts --from-beginning --limit 4" + prefix)).hasSize(4);
        assertThat(done("topics check" + prefix)).containsExactly("all topics are as defined");
    }

    @Test
    void password_wrong_isOneLineWithoutIt() throws Exception {
        Files.writeString(folder.resolve("client.properties"), broker.clientConfig("PLAIN", USER, "wr0ng@ss"));
        refused("Authentication failed", "--kafka-config");
    }

    @Test
    void configuration_malformed_isOneLineWithoutThePassword() throws Exception {
        String sound = broker.clientConfig("PLAIN", USER, PASSWORD);
        Files.writeString(folder.resolve("client.properties"), sound.replace("password=\"", "password=\"\" "));
        refused("--kafka-config");
    }

    @Test
    void certificate_unknown_isOneLine() throws Exception {
        String sound = broker.clientConfig("PLAIN", USER, PASSWORD);
        Files.writeString(folder.resolve("client.properties"), sound.replaceAll("ssl.truststore.*", ""));
        refused("--kafka-config");
    }

    @Test
    void rights_missing_endTheRoleWithASentence() throws Exception {
        Path config = folder.resolve("client.properties");
        Files.writeString(config, broker.clientConfig("PLAIN", USER, PASSWORD));
        done("topics create");
        done("topics create --topic-prefix denied");
        for (String role :
                List.of("predict --model persistence --no-score --group denied", "score --topic-prefix denied")) {
            String group = role.startsWith("score") ? "denied.score" : "denied";
            broker.denyGroup(config, USER, group);
            var call = call(role);
            assertThat(call.exitCode()).as(call::toString).isEqualTo(1);
            assertThat(call.errors())
                    .as(call::toString)
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .startsWith("framecast: Kafka denies group " + group)
                            .contains("grant READ"));
        }
    }

    /** One line; with {@code -v}, which needs a process's own log, more, but no secret either. */
    private static void refused(String... words) {
        var call = call("predict --model persistence");
        assertThat(call.exitCode()).as(call::toString).isEqualTo(1);
        assertThat(call.errors())
                .as(call::toString)
                .singleElement()
                .satisfies(line ->
                        assertThat(line).startsWith("framecast: Kafka at").contains(words));
        try (var process = FramecastProcess.start(folder, words("predict --model persistence -v"))) {
            assertThat(process.exitCode(DEADLINE)).as(process::toString).isEqualTo(1);
            assertThat(process.toString())
                    .contains("framecast: Kafka at")
                    .doesNotContain("wr0ng")
                    .doesNotContain("ss:w")
                    .doesNotContain("keystore-secret");
        }
    }

    private static String[] words(String arguments) {
        return (arguments + " --data-dir ./data --kafka-config ./client.properties --kafka " + broker.bootstrap())
                .split(" ");
    }

    private static Invocation call(String arguments) {
        return Invocation.in(folder, words(arguments));
    }

    private static List<String> done(String arguments) {
        var call = call(arguments);
        assertThat(call.exitCode()).as(call::toString).isZero();
        assertThat(call.errors()).as(call::toString).isEmpty();
        return call.output();
    }
}
