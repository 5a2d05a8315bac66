package io.framecast.node;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Which Kafka a node works on.
 *
 * @param bootstrap HOST:PORT[,HOST:PORT...], or empty for the embedded broker
 * @param port where an embedded broker listens
 * @param prefix what the topics' names begin with
 * @param properties further client properties
 * @param replication replicas of new topics, or empty for the cluster's default
 * @param dataDirectory where an embedded broker keeps its log, and workers their slots
 * @param attach whether to use the embedded broker of another process in that directory, if there is one
 */
public record BrokerConfig(
        Optional<String> bootstrap,
        int port,
        String prefix,
        Map<String, String> properties,
        Optional<Short> replication,
        Path dataDirectory,
        boolean attach) {
    /** Copies the properties. */
    public BrokerConfig {
        properties = Map.copyOf(properties);
    }
}
