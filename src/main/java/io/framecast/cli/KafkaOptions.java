package io.framecast.cli;

import io.framecast.node.BrokerConfig;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which Kafka. */
final class KafkaOptions {
    private static final int LAST_PORT = 65_535;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT[,...]|embedded",
            defaultValue = "embedded",
            description = "The Kafka to work on. embedded starts a broker in this process, or attaches to the one that"
                    + " another framecast runs in the same --data-dir. Default: ${DEFAULT-VALUE}")
    String kafka = "embedded";

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            description =
                    "Where an embedded broker listens, 0 for any free port. Default: " + EmbeddedBroker.USUAL_PORT)
    int port = EmbeddedBroker.USUAL_PORT;

    @Option(
            names = "--kafka-property",
            paramLabel = "KEY=VALUE",
            split = "\\R",
            splitSynopsisLabel = "",
            description = "Any Kafka client property; may stand again and again, in --config as a map.")
    Map<String, String> properties = new HashMap<>();

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description = "A file of Kafka client properties: TLS, SASL.")
    @Nullable
    Path propertyFile;

    @Option(
            names = "--topic-prefix",
            paramLabel = "NAME",
            defaultValue = "framecast",
            description = "What the topics' names begin with. Default: ${DEFAULT-VALUE}")
    String prefix = "framecast";

    @Option(
            names = "--replication",
            paramLabel = "N",
            description = "Replicas of new topics. Default: what the cluster does by default.")
    @Nullable
    Short replication;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            defaultValue = ".framecast",
            description = "Where the embedded broker keeps its log, and 'train' the frames it learns from until it"
                    + " ends. Default: ${DEFAULT-VALUE}")
    Path dataDirectory = Path.of(".framecast");

    /**
     * The configuration.
     *
     * @param attach whether a broker of another process in the data directory will do
     * @throws IllegalArgumentException if an option is malformed
     */
    BrokerConfig config(boolean attach) {
        if (!prefix.matches("[A-Za-z0-9._-]{1,100}")) {
            throw new IllegalArgumentException(
                    "topic prefix '" + prefix + "' is malformed: use 1 to 100 of A-Z a-z 0-9 . _ and -");
        }
        if (!kafka.equals("embedded") && !kafka.matches("[^:,\\s]+:\\d+(,[^:,\\s]+:\\d+)*")) {
            throw new IllegalArgumentException(
                    "Kafka address '" + kafka + "' is malformed: use embedded, or HOST:PORT[,HOST:PORT...]");
        }
        if (port < 0 || port > LAST_PORT) {
            throw new IllegalArgumentException("port " + port + " is out of range: use --kafka-port 1 to " + LAST_PORT
                    + ", or 0 for any free one");
        }
        var merged = new HashMap<>(propertyFile == null ? Map.of() : KafkaConnection.readProperties(propertyFile));
        merged.putAll(properties);
        return new BrokerConfig(
                kafka.equals("embedded") ? Optional.empty() : Optional.of(kafka),
                port,
                prefix,
                merged,
                Optional.ofNullable(replication),
                dataDirectory.toAbsolutePath(),
                attach);
    }
}
