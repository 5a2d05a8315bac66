package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What {@code --help} says: a screen, with an example that works. */
class HelpTest {
    private static final int SCREEN = 45;
    private static final String EXAMPLE = "Example: framecast ";

    private static CommandLine root(String... arguments) {
        return Main.commandLine(arguments, Map.of());
    }

    static Stream<CommandLine> commands() {
        var all = new ArrayList<CommandLine>();
        collect(root(), all);
        return all.stream();
    }

    private static void collect(CommandLine command, List<CommandLine> all) {
        if (!command.getCommandSpec().usageMessage().hidden()) {
            all.add(command);
            command.getSubcommands().values().forEach(sub -> collect(sub, all));
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void help_fitsAScreen_andHasAnExampleThatIsTaken(CommandLine command) {
        List<String> lines = command.getUsageMessage().lines().toList();
        assertThat(lines).hasSizeLessThanOrEqualTo(SCREEN);
        List<String> examples =
                lines.stream().filter(line -> line.startsWith(EXAMPLE)).toList();
        assertThat(examples).hasSize(1);
        String[] arguments = examples.get(0).substring(EXAMPLE.length()).split(" ");
        assertThat(root(arguments).parseArgs(arguments).errors()).isEmpty();
    }

    @Test
    void help_withV_listsEveryOption() {
        var shown = Invocation.of("run", "--help", "-v");
        assertThat(String.join("\n", shown.output())).contains("--kafka-property", "--max-delay", "--alert-every");
        assertThat(String.join("\n", Invocation.of("run", "--help").output()))
                .doesNotContain("--max-delay")
                .contains("-v with --help lists");
    }
}
