package io.framecast.cli;

import io.framecast.alert.WebhookConfig;
import io.framecast.node.CaptureConfig;
import io.framecast.node.NodeConfig;
import io.framecast.node.PredictConfig;
import io.framecast.node.PreviewConfig;
import java.util.Optional;
import picocli.CommandLine.Mixin;

/** What every command that plays roles understands: which Kafka, and how long. */
final class RoleOptions {
    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    @Mixin
    RunOptions running = new RunOptions();

    @Mixin
    SharedOptions shared = new SharedOptions();

    /** What a process does that alerts nobody. */
    NodeConfig config(
            boolean attach,
            Optional<CaptureConfig> capture,
            Optional<PredictConfig> predict,
            boolean score,
            Optional<PreviewConfig> preview) {
        return config(attach, capture, predict, score, preview, Optional.empty());
    }

    /**
     * What one process does with these options.
     *
     * @param attach whether the broker of another process in the data directory will do
     * @param score whether forecasts are scored here
     */
    NodeConfig config(
            boolean attach,
            Optional<CaptureConfig> capture,
            Optional<PredictConfig> predict,
            boolean score,
            Optional<PreviewConfig> preview,
            Optional<WebhookConfig> alerts) {
        return new NodeConfig(kafka.config(attach), capture, predict, score, preview, alerts, running.duration());
    }
}
