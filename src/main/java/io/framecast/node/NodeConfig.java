package io.framecast.node;

import io.framecast.alert.WebhookConfig;
import java.time.Duration;
import java.util.Optional;

/**
 * What one process does: any of the roles, on one Kafka.
 *
 * @param broker which Kafka
 * @param capture the capture role, if it is played here
 * @param predict the predict role, if it is played here
 * @param score whether the score role is played here
 * @param preview health, metrics, and the preview role, if it is played here
 * @param alerts who is told of surprising stretches, if somebody is
 * @param duration after how long it ends as if its sources had
 */
public record NodeConfig(
        BrokerConfig broker,
        Optional<CaptureConfig> capture,
        Optional<PredictConfig> predict,
        boolean score,
        Optional<PreviewConfig> preview,
        Optional<WebhookConfig> alerts,
        Optional<Duration> duration) {
    /** One that alerts nobody. */
    public NodeConfig(
            BrokerConfig broker,
            Optional<CaptureConfig> capture,
            Optional<PredictConfig> predict,
            boolean score,
            Optional<PreviewConfig> preview,
            Optional<Duration> duration) {
        this(broker, capture, predict, score, preview, Optional.empty(), duration);
    }
}
