package io.framecast.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every command understands. */
final class SharedOptions {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "YAML in which every option can stand, as in `fps: 5`. The environment (FRAMECAST_FPS) goes"
                    + " before the file, the command line before both.")
    @Nullable
    Path config;

    @Option(
            names = {"-v", "--verbose"},
            fallbackValue = "true",
            description = "Say more: stack traces, and what is going on.")
    boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;
}
