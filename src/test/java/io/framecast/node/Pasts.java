package io.framecast.node;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** The past of a preview role in tests. */
final class Pasts {
    private Pasts() {}

    static PreviewPast withoutClips() {
        var broker = new BrokerConfig(
                Optional.empty(), 0, "framecast", Map.of(), Optional.empty(), Path.of("nowhere"), false);
        return PreviewPast.of(new NodeConfigs(broker).preview(), new SimpleMeterRegistry(), Instant.EPOCH);
    }
}
