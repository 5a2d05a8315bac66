package io.framecast.node;

import io.framecast.model.engine.EngineConfig;
import io.framecast.model.engine.Precision;
import io.framecast.predict.BatchConfig;
import io.framecast.predict.Policy;
import io.framecast.preview.http.HttpConfig;
import io.framecast.source.Pace;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Nodes of one role each, on a cluster that is there. */
record NodeConfigs(BrokerConfig broker) {
    NodeConfig capture(String... sources) {
        return new NodeConfig(
                broker,
                Optional.of(CaptureConfig.of(
                        SourceSpec.parseAll(List.of(sources)),
                        SourceConfig.builder().pace(Pace.MAX).build())),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty());
    }

    NodeConfig predict(Duration duration) {
        var batching = new BatchConfig(Policy.ALL, 16, Duration.ofMillis(20));
        var predict = new PredictConfig(
                Path.of("models"), "persistence", EngineConfig.cpu(), Precision.AUTO, 5, batching, "");
        return new NodeConfig(
                broker, Optional.empty(), Optional.of(predict), false, Optional.empty(), Optional.of(duration));
    }

    NodeConfig score(Duration duration) {
        return new NodeConfig(
                broker, Optional.empty(), Optional.empty(), true, Optional.empty(), Optional.of(duration));
    }

    NodeConfig preview() {
        var preview = new PreviewConfig(new HttpConfig("127.0.0.1", 0, Optional.empty()), true, false);
        return new NodeConfig(
                broker, Optional.empty(), Optional.empty(), false, Optional.of(preview), Optional.empty());
    }
}
