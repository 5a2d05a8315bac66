package io.framecast.cli;

import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code framecast config}: what options there are, and what they are set to. */
@Command(
        name = "config",
        footer = "Example: framecast config show run",
        sortOptions = false,
        subcommands = {ConfigShow.class, ConfigTemplate.class},
        synopsisSubcommandLabel = "show|template",
        description = "Show what options are set to and by what, or print a file of all of them.")
final class ConfigCommand implements Runnable {
    @Spec
    CommandSpec spec = CommandSpec.create();

    @Mixin
    SharedOptions shared = new SharedOptions();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "what to do is missing: use show or template");
    }

    /** Options after a command's name in {@code config show run --fps 5} are those of that command. */
    static void leaveOptionsToCommands(CommandLine root) {
        CommandLine config = Objects.requireNonNull(root.getSubcommands().get("config"));
        Objects.requireNonNull(config.getSubcommands().get("show")).setStopAtPositional(true);
    }
}
