package io.framecast.node;

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
 * @param duration after how long it ends as if its sources had
 */
public record NodeConfig(
        BrokerConfig broker,
        Optional<CaptureConfig> capture,
        Optional<PredictConfig> predict,
        boolean score,
        Optional<PreviewConfig> preview,
        Optional<Duration> duration) {}
