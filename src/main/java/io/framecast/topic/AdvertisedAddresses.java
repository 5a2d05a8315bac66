package io.framecast.topic;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.ApiVersions;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.DefaultHostResolver;
import org.apache.kafka.clients.ManualMetadataUpdater;
import org.apache.kafka.clients.NetworkClient;
import org.apache.kafka.clients.NetworkClientUtils;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.MetadataResponse;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.internals.LogContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the brokers at the bootstrap addresses which addresses they advertise, for the case that those cannot be
 * reached. Kafka's public clients don't tell, so this uses the parts that they are made of.
 */
final class AdvertisedAddresses {
    private static final Logger log = LoggerFactory.getLogger(AdvertisedAddresses.class);
    private static final int MILLIS = 3000;

    private AdvertisedAddresses() {}

    /** Says that a broker answered and which of the addresses it advertises cannot be reached; empty if none did. */
    static Optional<String> unreachable(KafkaConnection connection) {
        int number = -1;
        for (BootstrapAddress address : BootstrapAddress.parseAll(connection.bootstrap())) {
            try {
                Collection<Node> advertised = ask(connection, new Node(number--, address.host(), address.port()));
                List<String> unreachable = advertised.stream()
                        .filter(node -> !connects(node))
                        .map(node -> node.host() + ":" + node.port())
                        .toList();
                if (!unreachable.isEmpty()) {
                    return Optional.of(String.join(", ", unreachable));
                }
            } catch (IOException | KafkaException e) {
                log.debug("{}:{} does not tell what it advertises", address.host(), address.port(), e);
            }
        }
        return Optional.empty();
    }

    private static Collection<Node> ask(KafkaConnection connection, Node node) throws IOException {
        var config = new AdminClientConfig(
                connection.with(Map.of(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, String.valueOf(MILLIS))));
        try (var metrics = new Metrics();
                NetworkClient client = client(config, metrics)) {
            if (!NetworkClientUtils.awaitReady(client, node, Time.SYSTEM, MILLIS)) {
                return List.of();
            }
            var request = client.newClientRequest(
                    node.idString(),
                    new MetadataRequest.Builder(List.of(), false),
                    Time.SYSTEM.milliseconds(),
                    true,
                    MILLIS,
                    null);
            var answer = NetworkClientUtils.sendAndReceive(client, request, Time.SYSTEM);
            return ((MetadataResponse) answer.responseBody()).brokers();
        }
    }

    private static NetworkClient client(AdminClientConfig config, Metrics metrics) {
        return ClientUtils.createNetworkClient(
                config,
                config.getList(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG),
                "framecast-probe",
                metrics,
                "probe",
                new LogContext(),
                new ApiVersions(),
                Time.SYSTEM,
                1,
                MILLIS,
                null,
                new ManualMetadataUpdater(),
                new DefaultHostResolver(),
                null,
                null);
    }

    private static boolean connects(Node node) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(node.host(), node.port()), MILLIS);
            return true;
        } catch (IOException e) { // also an unknown host
            return false;
        }
    }
}
