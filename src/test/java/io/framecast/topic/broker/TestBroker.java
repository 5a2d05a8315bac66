package io.framecast.topic.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/** A real broker of somebody else: with policies, access rules or addresses that framecast does not choose. */
public final class TestBroker implements AutoCloseable {
    private final KafkaRaftServer server;
    private final int port;

    private TestBroker(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * Starts one.
     *
     * @param settings over the usual ones; its listener for clients is called CLIENTS
     */
    public static TestBroker start(Path directory, Map<String, String> settings) throws Exception {
        int port = freePort();
        var config = config(directory, port, freePort());
        config.putAll(settings);
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(1)
                .setControllerListenerName("CONTROLLER")
                .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                .setMetadataLogDirectory(config.get("metadata.log.dir"))
                .addDirectory(config.get("log.dirs"))
                .addDirectory(config.get("metadata.log.dir"))
                .run();
        var server = new KafkaRaftServer(new KafkaConfig(config, false), Time.SYSTEM);
        server.startup();
        return new TestBroker(server, port);
    }

    private static Map<String, String> config(Path directory, int port, int controllerPort) {
        var config = new HashMap<String, String>();
        config.put("process.roles", "broker,controller");
        config.put("node.id", "1");
        config.put(
                "listeners",
                "CLIENTS://localhost:" + port + ",INTERNAL://localhost:0,CONTROLLER://localhost:" + controllerPort);
        config.put("advertised.listeners", "CLIENTS://localhost:" + port + ",INTERNAL://localhost:0");
        config.put("listener.security.protocol.map", "CLIENTS:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT");
        config.put("inter.broker.listener.name", "INTERNAL");
        config.put("controller.listener.names", "CONTROLLER");
        config.put("controller.quorum.voters", "1@localhost:" + controllerPort);
        config.put("log.dirs", directory.resolve("log").toString());
        config.put("metadata.log.dir", directory.resolve("metadata").toString());
        config.put("offsets.topic.replication.factor", "1");
        config.put("offsets.topic.num.partitions", "1");
        config.put("transaction.state.log.replication.factor", "1");
        config.put("transaction.state.log.min.isr", "1");
        config.put("transaction.state.log.num.partitions", "1");
        config.put("group.initial.rebalance.delay.ms", "0");
        return config;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Where clients attach: {@code localhost:PORT}. */
    public String bootstrap() {
        return "localhost:" + port;
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
