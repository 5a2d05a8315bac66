package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** {@code config show} and {@code config template}, and the file that is shipped. */
class ConfigCommandTest {
    private static final Path SHIPPED = Path.of("src", "main", "dist", "framecast.yaml");
    private static final Pattern SETTING = Pattern.compile("(?m)^#([a-z-]+: .*)$");

    @TempDir
    Path folder;

    private static CommandLine commands() {
        return Main.commandLine(new String[0], Map.of());
    }

    private static Set<String> options(CommandSpec command) {
        var names = command.options().stream()
                .filter(Defaults::isSettable)
                .map(Defaults::name)
                .collect(Collectors.toCollection(TreeSet::new));
        command.subcommands().values().forEach(sub -> names.addAll(options(sub.getCommandSpec())));
        return names;
    }

    @Test
    void shippedFile_isTheTemplate() throws IOException {
        assertThat(Files.readString(SHIPPED))
                .as("renew it: ./framecast config template > " + SHIPPED)
                .isEqualTo(ConfigTemplate.text(commands().getCommandSpec()));
    }

    @Test
    void shippedFile_namesEveryOptionOnce() throws IOException {
        List<String> named = SETTING.matcher(Files.readString(SHIPPED))
                .results()
                .map(found -> found.group(1).replaceFirst(":.*", ""))
                .toList();
        assertThat(named)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(options(commands().getCommandSpec()));
    }

    @Test
    void shippedFile_withItsDefaultsSet_changesNothing() throws IOException {
        String set = SETTING.matcher(Files.readString(SHIPPED))
                .results()
                .map(found -> found.group(1))
                .filter(line -> !line.matches("[a-z-]+: [A-Z].*"))
                .collect(Collectors.joining("\n"));
        Path file = Files.writeString(folder.resolve("framecast.yaml"), set);
        assertThat(Parsed.run(Map.of(), "run", "--config", file.toString())).isEqualTo(Parsed.run(Map.of(), "run"));
        assertThat(set.lines())
                .contains("fps: 10", "max-delay: 20ms", "policy: latest")
                .hasSizeGreaterThan(40);
    }

    @Test
    void show_tellsEachValue_andWhereItComesFrom() throws IOException {
        Path file = Files.writeString(folder.resolve("my.yaml"), "fps: 5\nevery: 3\nport: 9000\n");
        var shown = Invocation.of(
                Map.of("FRAMECAST_EVERY", "4", "FRAMECAST_FIT", "crop"),
                "config",
                "show",
                "--config",
                file.toString(),
                "run",
                "yard=clip.mp4",
                "--fit",
                "letterbox",
                "--loop");
        assertThat(shown.errors()).isEmpty();
        assertThat(shown.output())
                .contains(
                        "fps: 5  # " + file,
                        "every: 4  # FRAMECAST_EVERY",
                        "fit: letterbox  # command line",
                        "loop: true  # command line",
                        "policy: latest  # default",
                        "open-timeout: 10s  # default",
                        "read-timeout: # default")
                .doesNotHaveDuplicates();
        assertThat(shown.exitCode()).isZero();
    }

    @Test
    void show_ofACommandThatIsNotComplete_showsItsOptions() {
        assertThat(Invocation.of("config", "show", "train", "--batch", "8").output())
                .contains("batch: 8  # command line", "name: # default");
        assertThat(Invocation.of("config", "show", "topics", "acls").output())
                .contains("principal: User:framecast  # default");
    }

    @Test
    void show_masksSecrets_whereverTheyComeFrom() throws IOException {
        Path file = Files.writeString(
                folder.resolve("my.yaml"),
                "kafka-property:\n  sasl.jaas.config: hush1\n  linger.ms: 7\n  my.plugin.secret: hush2\n");
        var shown =
                Invocation.of(Map.of("FRAMECAST_TOKEN", "hush3"), "config", "show", "--config", file.toString(), "run");
        assertThat(String.join("\n", shown.output()))
                .doesNotContain("hush")
                .contains(
                        "token: ***  # FRAMECAST_TOKEN", "sasl.jaas.config=***", "linger.ms=7", "my.plugin.secret=***");
        assertThat(Invocation.of("config", "show", "run", "--kafka-property", "ssl.key.password=hush")
                        .output())
                .contains("kafka-property: ssl.key.password=***  # command line");
    }

    @Test
    void show_masksWhereAlertsGo() {
        assertThat(Invocation.of(
                                "config",
                                "show",
                                "run",
                                "--alert-url",
                                "https://h.example/hush",
                                "--alert-secret",
                                "hush")
                        .output())
                .contains("alert-url: https://h.example/***  # command line", "alert-secret: ***  # command line");
        for (String address : List.of("https://h.example?token=hush", "https://user:hush@h.example", "hush")) {
            assertThat(String.join(
                            "\n",
                            Invocation.of("config", "show", "run", "--alert-url", address)
                                    .output()))
                    .contains("alert-url: ")
                    .doesNotContain("hush");
        }
    }

    @Test
    void show_ofAnUnknownOptionOrCommand_saysSo() {
        assertThat(Invocation.of("config", "show", "run", "--fsp", "5").errors())
                .singleElement()
                .asString()
                .contains("'--fsp'");
        assertThat(Invocation.of("config", "show", "runn").errors())
                .singleElement()
                .asString()
                .contains("'runn'");
        assertThat(Invocation.of("config", "show", "run", "--fps", "many").errors())
                .singleElement()
                .asString()
                .contains("'many'");
    }

    @Test
    void config_withoutAnAction_saysWhatThereIs() {
        var call = Invocation.of("config");
        assertThat(call.errors()).singleElement().asString().contains("show or template");
        assertThat(call.exitCode()).isEqualTo(ExitCodes.USAGE);
    }

    @Test
    void variable_misspelt_isTold_andOthersAreLeftAlone() {
        var call = Invocation.of(
                Map.of(
                        "FRAMECAST_EVREY",
                        "4",
                        "FRAMECAST_FRONT_DOOR_PASSWORD",
                        "x",
                        "FRAMECAST_JAVA_OPTIONS",
                        "-Xmx1g"),
                "config",
                "show");
        assertThat(call.errors())
                .singleElement()
                .asString()
                .contains("FRAMECAST_EVREY", "FRAMECAST_EVERY")
                .doesNotContain("'x'");
        assertThat(call.exitCode()).isZero();
    }
}
