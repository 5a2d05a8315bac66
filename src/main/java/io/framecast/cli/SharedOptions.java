package io.framecast.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every command understands. */
final class SharedOptions {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "A YAML file with options, as in `fps: 5`. The environment (FRAMECAST_FPS) overrides the"
                    + " file, and the command line overrides both.")
    @Nullable
    Path config;

    @Option(
            names = {"-v", "--verbose"},
            fallbackValue = "true",
            description = "Log more, and add stack traces to failures.")
    boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;
}
