package io.framecast.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code framecast}: the command line's root. */
@Command(
        name = "framecast",
        version = "framecast 0.1.0",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Attach a camera, read its next 32 frames.",
        subcommands = {TrainCommand.class})
public final class Main {
    private Main() {}

    /** Runs one command and exits with its code: 0 done, 1 failed, 2 wrong usage. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }
}
