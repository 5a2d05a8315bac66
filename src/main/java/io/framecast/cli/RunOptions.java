package io.framecast.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.framecast.node.Node;
import io.framecast.node.NodeConfig;
import io.framecast.node.PreviewConfig;
import io.framecast.node.RunSummary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How long a role runs, and what it leaves behind. */
final class RunOptions {
    @Option(
            names = "--duration",
            paramLabel = "TIME",
            description = "End after this time as if the sources had ended: 30s, 5m, 2h.")
    @Nullable
    Duration duration;

    @Option(names = "--summary", paramLabel = "FILE", description = "Write the table at the end as JSON, too.")
    @Nullable
    Path summary;

    Optional<Duration> duration() {
        return Optional.ofNullable(duration);
    }

    /** Runs a node to its end; Ctrl-C or SIGTERM ends it in order. */
    int run(NodeConfig config) {
        // Scenes and overlays are drawn without a display; only a window needs one.
        boolean window = config.preview().filter(PreviewConfig::window).isPresent();
        System.setProperty("java.awt.headless", String.valueOf(!window));
        var node = new Node(config, Console::say);
        try (var signals = StopSignals.to(node::stop)) {
            try {
                report(node);
                signals.exitCode(ExitCodes.DONE);
                return ExitCodes.DONE;
            } catch (RuntimeException | LinkageError e) {
                if (!signals.given()) {
                    throw e;
                }
                return stopped(signals, e);
            }
        }
    }

    private void report(Node node) {
        RunSummary result = run(node);
        Console.say("");
        Console.say(result.table());
        write(result);
        node.failure().ifPresent(failure -> {
            throw failure;
        });
    }

    /** What went wrong after Ctrl-C is told here, because the process ends before anyone else could. */
    private static int stopped(StopSignals signals, Throwable failure) {
        if (StopSignals.causes(failure)) {
            signals.exitCode(ExitCodes.DONE);
            return ExitCodes.DONE;
        }
        OneLine.all(failure).forEach(Console::warn);
        return ExitCodes.FAILED;
    }

    /** What was typed has been checked before: what is wrong from here on is no wrong usage. */
    private static RunSummary run(Node node) {
        try {
            return node.run();
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private void write(RunSummary result) {
        if (summary == null) {
            return;
        }
        try {
            new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(summary.toFile(), result);
        } catch (IOException e) {
            throw new UncheckedIOException("summary '" + summary + "' cannot be written; check --summary", e);
        }
    }
}
