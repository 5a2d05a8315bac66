package io.framecast.cli;

import io.framecast.node.NodeConfig;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code framecast preview}: the topics as a web page or a window. */
@Command(
        name = "preview",
        footer = "Example: framecast preview --kafka kafka:9092 --port 8081",
        sortOptions = false,
        description = "Show frames and forecasts on a web page or in a window.")
final class PreviewCommand implements Callable<Integer> {
    @Option(
            names = "--window",
            negatable = true,
            fallbackValue = "true",
            description = "Open a desktop window instead of serving the page.")
    boolean window;

    @Mixin
    PreviewOptions preview = new PreviewOptions();

    @Mixin
    AlertOptions alerts = new AlertOptions();

    @Mixin
    RoleOptions role = new RoleOptions();

    @Override
    public Integer call() {
        return role.running.run(config());
    }

    /** What the options say. */
    NodeConfig config() {
        var kind = window ? PreviewOptions.Kind.WINDOW : PreviewOptions.Kind.WEB;
        return role.config(
                true, Optional.empty(), Optional.empty(), false, Optional.of(preview.config(kind)), alerts.config());
    }
}
