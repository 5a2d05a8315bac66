package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.framecast.frame.CameraId;
import io.framecast.node.CaptureConfig;
import io.framecast.node.NodeConfig;
import io.framecast.source.Fit;
import io.framecast.source.SourceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefaultsTest {
    @TempDir
    Path folder;

    private NodeConfig run(Map<String, String> environment, String yaml, String... arguments) throws IOException {
        Path file = Files.writeString(folder.resolve("framecast.yaml"), yaml);
        String[] all = Stream.concat(Stream.of("run", "--config", file.toString()), Stream.of(arguments))
                .toArray(String[]::new);
        return Parsed.run(environment, all);
    }

    private static double fps(NodeConfig config) {
        return config.capture().orElseThrow().reading().fps();
    }

    private static boolean loop(NodeConfig config) {
        return config.capture().orElseThrow().reading().loop();
    }

    @Test
    void option_inNothing_hasItsDefault() throws IOException {
        assertThat(fps(run(Map.of(), ""))).isEqualTo(10);
    }

    @Test
    void option_inFile_isTaken() throws IOException {
        assertThat(fps(run(Map.of(), "fps: 5"))).isEqualTo(5);
    }

    @Test
    void option_inEnvironmentAndFile_isTheEnvironments() throws IOException {
        assertThat(fps(run(Map.of("FRAMECAST_FPS", "6"), "fps: 5"))).isEqualTo(6);
    }

    @Test
    void option_everywhere_isTheCommandLines() throws IOException {
        assertThat(fps(run(Map.of("FRAMECAST_FPS", "6"), "fps: 5", "--fps", "7")))
                .isEqualTo(7);
    }

    @Test
    void flag_inFile_canBeSaidAgainAndUnsaid() throws IOException {
        assertThat(loop(run(Map.of(), "loop: true"))).isTrue();
        assertThat(loop(run(Map.of(), "loop: true", "--loop"))).isTrue();
        assertThat(loop(run(Map.of(), "loop: true", "--no-loop"))).isFalse();
        assertThat(loop(run(Map.of("FRAMECAST_LOOP", "false"), "loop: true"))).isFalse();
        assertThat(loop(run(Map.of(), "loop: false", "--loop"))).isTrue();
        assertThat(loop(run(Map.of(), "", "--loop"))).isTrue();
    }

    @Test
    void optionWithDashes_inEnvironment_hasUnderscores() throws IOException {
        assertThat(run(Map.of("FRAMECAST_KAFKA_PORT", "1234"), "").broker().port())
                .isEqualTo(1234);
    }

    @Test
    void kafkaProperties_inFileAsMap_areAllTaken() throws IOException {
        String yaml = "kafka-property:\n  sasl.jaas.config: 'a=\"b,c\";'\n  security.protocol: SASL_SSL\n";
        assertThat(run(Map.of(), yaml, "--kafka", "secure:9093").broker().properties())
                .isEqualTo(Map.of("sasl.jaas.config", "a=\"b,c\";", "security.protocol", "SASL_SSL"));
    }

    @Test
    void cameras_inFile_haveTheirOwnSettings_andTheOthersTheUsual() throws IOException {
        String yaml = "fps: 8\ncamera:\n  attic:\n    read-timeout: 90s\n    fps: 2\n  yard:\n    fit: crop\n";
        CaptureConfig capture =
                run(Map.of(), yaml, "attic=0", "yard=1", "door=2").capture().orElseThrow();
        SourceConfig usual = SourceConfig.builder().fps(8).pictures(true).build();
        assertThat(capture.reading()).isEqualTo(usual);
        assertThat(capture.own())
                .isEqualTo(Map.of(
                        new CameraId("attic"),
                        usual.toBuilder()
                                .fps(2)
                                .readTimeout(Duration.ofSeconds(90))
                                .build(),
                        new CameraId("yard"),
                        usual.toBuilder().fit(Fit.CROP).build()));
    }

    @Test
    void kafkaProperties_onTheCommandLine_mayHoldCommas() throws IOException {
        assertThat(run(Map.of(), "", "--kafka-property", "a=b,c", "--kafka-property", "d=e")
                        .broker()
                        .properties())
                .isEqualTo(Map.of("a", "b,c", "d", "e"));
    }

    @Test
    void configInEnvironment_isRead() throws IOException {
        Path file = Files.writeString(folder.resolve("other.yaml"), "fps: 4");
        assertThat(fps(Parsed.run(Map.of("FRAMECAST_CONFIG", file.toString()), "run")))
                .isEqualTo(4);
    }

    @Test
    void optionOfAnotherCommand_inFile_isLeftToIt() throws IOException {
        assertThat(fps(run(Map.of(), "limit: 3\nfps: 5"))).isEqualTo(5);
    }

    @Test
    void unknownKeys_inFile_areNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(Map.of(), "fps: 5\nevrey: 3\nwhirligig: 1"))
                .withMessageContaining("'evrey' (did you mean 'every'?), 'whirligig';");
    }

    @Test
    void valueOfSeveralLines_isRefused_withoutBeingShown() {
        String yaml = "kafka-property:\n  ssl.keystore.key: |\n    -----BEGIN-----\n    hush\n    -----END-----\n";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(Map.of(), yaml))
                .withMessageContaining("'ssl.keystore.key'")
                .withMessageContaining("--kafka-config")
                .withMessageNotContaining("hush");
    }

    @Test
    void variableOfSeveralLines_thatAreNoEntries_isRefused_withoutBeingShown() {
        String several = "ssl.keystore.key=-----BEGIN-----\nhush\n";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(Map.of("FRAMECAST_KAFKA_PROPERTY", several), ""))
                .withMessageContaining("FRAMECAST_KAFKA_PROPERTY")
                .withMessageNotContaining("hush");
    }

    @Test
    void emptyVariable_isNotSet() throws IOException {
        assertThat(fps(run(Map.of("FRAMECAST_FPS", ""), "fps: 5"))).isEqualTo(5);
    }

    @Test
    void configInConfig_isUnknown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(Map.of(), "config: other.yaml"))
                .withMessageContaining("'config'");
    }

    @Test
    void sameKeyTwice_inFile_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(Map.of(), "fps: 5\nfps: 6"))
                .withMessageContaining("Duplicate");
    }
}
