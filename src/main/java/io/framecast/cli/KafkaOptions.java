package io.framecast.cli;

import io.framecast.node.BrokerConfig;
import io.framecast.topic.ClientProperties;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.broker.EmbeddedBroker;
import io.framecast.train.NearestName;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which Kafka. */
final class KafkaOptions {
    private static final int LAST_PORT = 65_535;
    private static final String PLAINTEXT = "PLAINTEXT";

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT[,...]|embedded",
            defaultValue = "embedded",
            description = "The Kafka to use, as HOST:PORT. embedded starts a broker in this process; commands other"
                    + " than run use the one of a framecast that runs with the same --data-dir."
                    + " Default: ${DEFAULT-VALUE}")
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
            description = "Set a property of Kafka's clients. Those that exactly-once delivery depends on are"
                    + " refused. May be repeated; in a --config file, write a map.")
    Map<String, String> properties = new HashMap<>();

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description = "A file with properties of Kafka's clients, such as those for TLS and SASL.")
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
            description = "Folder for Kafka's log, clips and frames of a training. Default: ${DEFAULT-VALUE}")
    Path dataDirectory = Path.of(".framecast");

    /** Where this process keeps what it must find again. */
    Path dataDirectory() {
        return dataDirectory.toAbsolutePath();
    }

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
        boolean isEmbedded = kafka.equals("embedded");
        if (!isEmbedded) {
            KafkaConnection.checkBootstrap(kafka);
        }
        if (port < 0 || port > LAST_PORT) {
            throw new IllegalArgumentException("port " + port + " is out of range: use --kafka-port 1 to " + LAST_PORT
                    + ", or 0 for any free one");
        }
        return new BrokerConfig(
                isEmbedded ? Optional.empty() : Optional.of(kafka),
                port,
                prefix,
                properties(isEmbedded),
                Optional.ofNullable(replication),
                dataDirectory.toAbsolutePath(),
                attach);
    }

    /** The client properties of file and command line, which wins; each is known, or warned about. */
    private Map<String, String> properties(boolean isEmbedded) {
        var merged = new HashMap<>(propertyFile == null ? Map.of() : KafkaConnection.readProperties(propertyFile));
        merged.putAll(properties);
        String bootstrap = merged.remove("bootstrap.servers");
        if (bootstrap != null && !bootstrap.equals(kafka)) {
            throw new IllegalArgumentException("Kafka property 'bootstrap.servers' is '" + bootstrap
                    + "', but --kafka is '" + kafka + "': give the address with --kafka only");
        }
        ClientProperties.check(merged);
        String protocol = merged.getOrDefault("security.protocol", PLAINTEXT);
        if (isEmbedded && !protocol.equals(PLAINTEXT)) {
            throw new IllegalArgumentException("Kafka property 'security.protocol' is '" + protocol
                    + "', but an embedded broker speaks PLAINTEXT only: leave it out, or name a cluster with --kafka");
        }
        ClientProperties.unknown(merged).forEach(name -> Console.warn(warning(name)));
        return merged;
    }

    /** What to say of a property that no client knows, with the name that was perhaps meant. */
    static String warning(String unknown) {
        // Whole names are compared: the last part is often a unit.
        Set<String> names = ClientProperties.names().stream()
                .map(name -> name.replace('.', '_'))
                .collect(Collectors.toSet());
        String nearest = NearestName.of(unknown.replace('.', '_'), names)
                .map(name -> "; did you mean '" + name.replace('_', '.') + "'?")
                .orElse("; it has no effect, unless a plugin of yours reads it");
        return "Kafka property '" + unknown + "' is unknown to Kafka's clients" + nearest;
    }
}
