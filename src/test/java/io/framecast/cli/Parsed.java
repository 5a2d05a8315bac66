package io.framecast.cli;

import io.framecast.node.NodeConfig;
import java.util.Map;
import picocli.CommandLine;

/** Command lines as the commands understand them, without running anything. */
final class Parsed {
    private Parsed() {}

    /** The command that the arguments name, its options set. */
    static <T> T command(Class<T> type, Map<String, String> environment, String... arguments) {
        CommandLine line = Main.commandLine(arguments, environment);
        return type.cast(line.parseArgs(arguments).subcommand().commandSpec().userObject());
    }

    /** What {@code run} would run. */
    static NodeConfig run(Map<String, String> environment, String... arguments) {
        return command(RunCommand.class, environment, arguments).config();
    }
}
