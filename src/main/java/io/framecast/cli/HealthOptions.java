package io.framecast.cli;

import io.framecast.node.PreviewConfig;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Health and metrics of a role that shows nothing. */
final class HealthOptions {
    @Option(
            names = "--health",
            negatable = true,
            fallbackValue = "true",
            description = "Serve health and metrics over HTTP.")
    boolean health;

    @Mixin
    PreviewOptions http = new PreviewOptions();

    /** The configuration, if health is to be served. */
    Optional<PreviewConfig> config() {
        return health ? Optional.of(http.config(PreviewOptions.Kind.NONE)) : Optional.empty();
    }
}
