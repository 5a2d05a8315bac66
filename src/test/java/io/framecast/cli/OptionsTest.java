package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.framecast.alert.WebhookConfig;
import io.framecast.camera.CamerasFile;
import io.framecast.frame.CameraId;
import io.framecast.model.engine.EngineConfig;
import io.framecast.model.engine.Precision;
import io.framecast.node.BrokerConfig;
import io.framecast.node.CaptureConfig;
import io.framecast.node.NodeConfig;
import io.framecast.node.PredictConfig;
import io.framecast.node.PreviewConfig;
import io.framecast.predict.BatchConfig;
import io.framecast.predict.Policy;
import io.framecast.preview.http.Framing;
import io.framecast.preview.http.HttpConfig;
import io.framecast.preview.http.PublicAddress;
import io.framecast.source.Fit;
import io.framecast.source.Pace;
import io.framecast.source.RtspTransport;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceSpec;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Every option's default, and where every option goes. */
class OptionsTest {
    private static final Path HERE = Path.of("").toAbsolutePath();

    /** Every option of {@code run}, to something that is not its default. */
    private static Map<String, String> everyOption() {
        var options = new LinkedHashMap<String, String>();
        options.put("--fps", "12.5");
        options.put("--fit", "crop");
        options.put("--pace", "max");
        options.put("--loop", "");
        options.put("--rtsp-transport", "udp");
        options.put("--open-timeout", "7s");
        options.put("--read-timeout", "2m");
        options.put("--wait-for-cameras", "");
        options.put("--model", "/models/mine");
        options.put("--device", "cuda:1");
        options.put("--libtorch", "/torch");
        options.put("--precision", "bfloat16");
        options.put("--every", "7");
        options.put("--policy", "all");
        options.put("--max-batch", "3");
        options.put("--max-delay", "40ms");
        options.put("--group", "night-shift");
        options.put("--shadow", "flow-fade");
        options.put("--preview", "window");
        options.put("--host", "localhost");
        options.put("--port", "1234");
        options.put("--token", "sesame");
        options.put("--public-url", "https://cams.example/door");
        options.put("--clips", "7");
        options.put("--allow-framing", "https://home.example:8123,https://b.example");
        options.put("--models-dir", "/models");
        options.put("--kafka", "one:1,two:2");
        options.put("--kafka-port", "2345");
        options.put("--camera", "yard.open-timeout=40s");
        options.put("--cameras-file", "/lists/cameras.yaml");
        options.put("--change-cameras", "true");
        options.put("--allow-local-cameras", "true");
        options.put("--kafka-property", "security.protocol=SSL");
        options.put("--topic-prefix", "tests");
        options.put("--replication", "3");
        options.put("--data-dir", "/data");
        options.put("--duration", "90s");
        options.put("--summary", "summary.json");
        options.put("--no-score", "");
        options.put("--pictures", "false");
        options.put("--alert-url", "https://hooks.example/a");
        options.put("--alert-secret", "hush");
        options.put("--alert-every", "2m");
        return options;
    }

    @Test
    void run_withoutOptions_hasTheDefaults() {
        assertThat(Parsed.run(Map.of(), "run"))
                .isEqualTo(new NodeConfig(
                        new BrokerConfig(
                                Optional.empty(),
                                9092,
                                "framecast",
                                Map.of(),
                                Optional.empty(),
                                HERE.resolve(".framecast"),
                                false),
                        Optional.of(CaptureConfig.of(
                                SourceSpec.parseAll(List.of("test:street")),
                                SourceConfig.builder().pictures(true).build())),
                        Optional.of(new PredictConfig(
                                Path.of(System.getProperty("framecast.home", "."), "models"),
                                ModelsOption.DEFAULT,
                                EngineConfig.defaults(),
                                Precision.AUTO,
                                5,
                                new BatchConfig(Policy.LATEST, 16, Duration.ofMillis(20)),
                                "")),
                        true,
                        Optional.of(new PreviewConfig(
                                new HttpConfig("127.0.0.1", 8080, Optional.empty()), true, false, 100)),
                        Optional.empty()));
        SourceConfig reading = SourceConfig.defaults();
        assertThat(reading.fps()).isEqualTo(10);
        assertThat(reading.fit()).isEqualTo(Fit.STRETCH);
        assertThat(reading.pace()).isEqualTo(Pace.REALTIME);
        assertThat(reading.loop()).isFalse();
        assertThat(reading.transport()).isEqualTo(RtspTransport.AUTO);
        assertThat(reading.openTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(reading.readTimeout()).isEmpty();
        assertThat(Parsed.command(RunCommand.class, Map.of(), "run").role.running.summary)
                .isNull();
    }

    @Test
    void run_withEveryOption_passesEachOn() {
        var arguments = new ArrayList<>(List.of("run", "yard=clip.mp4"));
        everyOption().forEach((name, value) -> {
            arguments.add(value.isEmpty() ? name : name + "=" + value);
        });
        String[] line = arguments.toArray(String[]::new);
        SourceConfig reading = SourceConfig.builder()
                .fps(12.5)
                .fit(Fit.CROP)
                .pace(Pace.MAX)
                .loop(true)
                .transport(RtspTransport.UDP)
                .openTimeout(Duration.ofSeconds(7))
                .readTimeout(Duration.ofMinutes(2))
                .build();
        assertThat(Parsed.run(Map.of(), line))
                .isEqualTo(new NodeConfig(
                        new BrokerConfig(
                                Optional.of("one:1,two:2"),
                                2345,
                                "tests",
                                Map.of("security.protocol", "SSL"),
                                Optional.of((short) 3),
                                Path.of("/data"),
                                false),
                        Optional.of(new CaptureConfig(
                                SourceSpec.parseAll(List.of("yard=clip.mp4")),
                                reading,
                                Map.of(
                                        new CameraId("yard"),
                                        reading.toBuilder()
                                                .openTimeout(Duration.ofSeconds(40))
                                                .build()),
                                true,
                                Optional.of(new CaptureConfig.Changes(
                                        new CamerasFile(Path.of("/lists/cameras.yaml")), true, true)))),
                        Optional.of(new PredictConfig(
                                Path.of("/models"),
                                "/models/mine",
                                new EngineConfig("cuda:1", Optional.of(Path.of("/torch"))),
                                Precision.BFLOAT16,
                                7,
                                new BatchConfig(Policy.ALL, 3, Duration.ofMillis(40)),
                                "night-shift",
                                "flow-fade")),
                        false,
                        Optional.of(new PreviewConfig(
                                new HttpConfig(
                                        "localhost",
                                        1234,
                                        Optional.of("sesame"),
                                        Optional.of(PublicAddress.parse("https://cams.example/door/")),
                                        new Framing(List.of("https://home.example:8123", "https://b.example"))),
                                false,
                                true,
                                7)),
                        Optional.of(new WebhookConfig(
                                URI.create("https://hooks.example/a"), Optional.of("hush"), Duration.ofMinutes(2))),
                        Optional.of(Duration.ofSeconds(90))));
        assertThat(Parsed.command(RunCommand.class, Map.of(), line).role.running.summary)
                .isEqualTo(Path.of("summary.json"));
    }

    @Test
    void run_hasNoOptionThatIsNotTested() {
        var tested = new TreeSet<>(everyOption().keySet());
        tested.addAll(List.of("--kafka-config", "--config", "--verbose", "--help")); // files, and what changes no role
        assertThat(names("run")).isEqualTo(tested);
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "capture", "predict", "preview", "tail", "topics", "doctor"})
    void command_onKafka_hasTheSharedOptions(String command) {
        assertThat(names(command))
                .contains(
                        "--kafka",
                        "--kafka-property",
                        "--kafka-config",
                        "--topic-prefix",
                        "--data-dir",
                        "--config",
                        "--help");
    }

    @Test
    void roles_withoutOptions_haveOneRoleEach() {
        NodeConfig capture =
                Parsed.command(CaptureCommand.class, Map.of(), "capture", "0").config();
        assertThat(capture.capture()).isPresent();
        assertThat(capture.capture().orElseThrow().reading().pictures()).isFalse();
        assertThat(capture.predict()).isEmpty();
        assertThat(capture.preview()).isEmpty();
        assertThat(capture.broker().attach()).isTrue();
        NodeConfig predict =
                Parsed.command(PredictCommand.class, Map.of(), "predict").config();
        assertThat(predict.capture()).isEmpty();
        assertThat(predict.predict()).isPresent();
        assertThat(predict.preview()).isEmpty();
        NodeConfig preview =
                Parsed.command(PreviewCommand.class, Map.of(), "preview").config();
        assertThat(preview.capture()).isEmpty();
        assertThat(preview.predict()).isEmpty();
        assertThat(preview.preview()).isPresent();
    }

    private static Set<String> names(String command) {
        CommandLine line = Objects.requireNonNull(
                Main.commandLine(new String[0], Map.of()).getSubcommands().get(command));
        var names = new TreeSet<String>();
        for (OptionSpec option : line.getCommandSpec().options()) {
            names.add(option.longestName());
        }
        return names;
    }

    @Test
    void camera_withAModelOfItsOwn_isReadAsTheOthers() {
        CaptureConfig capture = Parsed.run(
                        Map.of(),
                        "run",
                        "a=test:street",
                        "b=test:still",
                        "--camera",
                        "a.model=night",
                        "--camera",
                        "b.model=day.v2",
                        "--camera",
                        "b.fps=5")
                .capture()
                .orElseThrow();
        assertThat(capture.models())
                .containsOnly(Map.entry(new CameraId("a"), "night"), Map.entry(new CameraId("b"), "day.v2"));
        assertThat(capture.own()).containsOnlyKeys(new CameraId("b"));
    }
}
