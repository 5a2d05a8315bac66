package io.framecast.cli;

import io.framecast.topic.ClientProperties;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code framecast config show}: what the options of a command are set to, and by what. */
@Command(
        name = "show",
        footer = "Example: framecast config show run --fps 5",
        sortOptions = false,
        description =
                "Print what each option of a command is, and where that comes from: the command line, the environment, a"
                        + " file, or its default. Secrets are masked.")
final class ConfigShow implements Callable<Integer> {
    private static final String MASK = "***";

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Parameters(
            paramLabel = "COMMAND",
            arity = "0..*",
            description = "A command, with whatever would be typed after it. Default: run")
    List<String> command = List.of();

    @Mixin
    SharedOptions shared = new SharedOptions();

    @Override
    public Integer call() {
        var defaults = (Defaults) spec.root().defaultValueProvider();
        ParseResult parsed = parse(Main.commandLine(defaults), command.isEmpty() ? List.of("run") : command);
        parsed.commandSpec().options().stream()
                .filter(Defaults::isSettable)
                .map(option -> line(option, parsed, defaults))
                .forEach(Console::say);
        return ExitCodes.DONE;
    }

    /** Parses a command line of which nothing need be complete. */
    private static ParseResult parse(CommandLine line, List<String> arguments) {
        line.getCommandSpec().parser().collectErrors(true);
        line.getSubcommands()
                .values()
                .forEach(sub -> sub.getCommandSpec().parser().collectErrors(true));
        ParseResult parsed = line.parseArgs(arguments.toArray(String[]::new));
        while (parsed.hasSubcommand()) {
            parsed = parsed.subcommand();
        }
        parsed.errors().stream()
                .filter(error -> !(error instanceof MissingParameterException))
                .findFirst()
                .ifPresent(ConfigShow::refuse);
        return parsed;
    }

    private static void refuse(Exception error) {
        throw error instanceof ParameterException wrong ? wrong : new IllegalStateException(error);
    }

    private static String line(OptionSpec option, ParseResult parsed, Defaults defaults) {
        if (parsed.hasMatchedOption(option)) {
            List<String> typed = parsed.matchedOption(option.longestName()).originalStringValues();
            return line(option, typed, "command line");
        }
        return defaults.value(option)
                .map(value -> line(option, value.text().lines().toList(), value.origin()))
                .orElseGet(() -> line(option, List.of(OptionText.usual(option)), "default"));
    }

    private static String line(OptionSpec option, List<String> values, String origin) {
        String shown = values.stream().map(value -> masked(option, value)).collect(Collectors.joining(", "));
        return Defaults.name(option) + ": " + shown + (shown.isEmpty() ? "# " : "  # ") + origin;
    }

    private static String masked(OptionSpec option, String value) {
        int separator = value.indexOf('=');
        return switch (Defaults.name(option)) {
            case "token", "alert-secret" -> value.isEmpty() ? "" : MASK;
            case "kafka-property" ->
                separator > 0 && ClientProperties.isSecret(value.substring(0, separator))
                        ? value.substring(0, separator + 1) + MASK
                        : value;
            case "alert-url" ->
                value.matches("\\w+://.*")
                        ? value.replaceFirst("^(\\w+://)(?:[^/?#@]*@)?([^/?#]*).*$", "$1$2/" + MASK)
                        : MASK;
            default -> OneLine.masked(value);
        };
    }
}
