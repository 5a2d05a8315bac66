package io.framecast.topic.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/** A real broker that lets in only who knows its certificate, and a password by SASL PLAIN or SCRAM. */
public final class SecureBroker implements AutoCloseable {
    private static final String KEY_PASSWORD = "keystore-secret";

    private final KafkaRaftServer server;
    private final Path directory;
    private final int port;

    private SecureBroker(KafkaRaftServer server, Path directory, int port) {
        this.server = server;
        this.directory = directory;
        this.port = port;
    }

    /** Starts one that knows a user. */
    public static SecureBroker start(Path directory, String user, String password) throws Exception {
        Files.createDirectories(directory);
        makeCertificate(directory);
        int port = freePort();
        var config = config(directory, port, freePort(), user, password);
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(1)
                .setControllerListenerName("CONTROLLER")
                .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                .setScramArguments(List.of("SCRAM-SHA-256=[name=" + user + ",password=\"" + password + "\"]"))
                .setMetadataLogDirectory(config.get("metadata.log.dir"))
                .addDirectory(config.get("log.dirs"))
                .addDirectory(config.get("metadata.log.dir"))
                .run();
        var server = new KafkaRaftServer(new KafkaConfig(config, false), Time.SYSTEM);
        server.startup();
        return new SecureBroker(server, directory, port);
    }

    private static void makeCertificate(Path directory) throws IOException, InterruptedException {
        keytool(
                directory,
                "-genkeypair",
                "-alias",
                "broker",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost",
                "-validity",
                "2",
                "-keystore",
                "broker.p12");
        keytool(directory, "-exportcert", "-alias", "broker", "-file", "broker.cer", "-keystore", "broker.p12");
        keytool(
                directory,
                "-importcert",
                "-noprompt",
                "-alias",
                "broker",
                "-file",
                "broker.cer",
                "-keystore",
                "trusted.p12");
    }

    private static void keytool(Path directory, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", KEY_PASSWORD));
        var process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("keytool.log").toFile())
                .start();
        assertThat(process.waitFor())
                .as("keytool, see its log in %s", directory)
                .isZero();
    }

    private static Map<String, String> config(
            Path directory, int port, int controllerPort, String user, String password) {
        var config = new HashMap<String, String>();
        config.put("process.roles", "broker,controller");
        config.put("node.id", "1");
        config.put(
                "listeners",
                "CLIENTS://localhost:" + port + ",INTERNAL://localhost:0,CONTROLLER://localhost:" + controllerPort);
        config.put("advertised.listeners", "CLIENTS://localhost:" + port + ",INTERNAL://localhost:0");
        config.put("listener.security.protocol.map", "CLIENTS:SASL_SSL,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT");
        config.put("inter.broker.listener.name", "INTERNAL");
        config.put("controller.listener.names", "CONTROLLER");
        config.put("controller.quorum.voters", "1@localhost:" + controllerPort);
        config.put("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256");
        config.put(
                "listener.name.clients.plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required user_" + user + "=\"" + password
                        + "\";");
        config.put(
                "listener.name.clients.scram-sha-256.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        config.put("ssl.keystore.location", directory.resolve("broker.p12").toString());
        config.put("ssl.keystore.password", KEY_PASSWORD);
        config.put("ssl.keystore.type", "PKCS12");
        config.put("authorizer.class.name", StandardAuthorizer.class.getName());
        config.put("allow.everyone.if.no.acl.found", "true");
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

    /** Denies a user to read in a group. */
    public void denyGroup(Path clientConfig, String user, String group) throws Exception {
        var properties = new Properties();
        try (var reader = Files.newBufferedReader(clientConfig)) {
            properties.load(reader);
        }
        properties.put("bootstrap.servers", bootstrap());
        try (Admin admin = Admin.create(properties)) {
            admin.createAcls(List.of(new AclBinding(
                            new ResourcePattern(ResourceType.GROUP, group, PatternType.LITERAL),
                            new AccessControlEntry("User:" + user, "*", AclOperation.READ, AclPermissionType.DENY))))
                    .all()
                    .get();
        }
    }

    /** Where clients attach: {@code localhost:PORT}. */
    public String bootstrap() {
        return "localhost:" + port;
    }

    /** What a client's configuration file says. */
    public String clientConfig(String mechanism, String user, String password) {
        String module = mechanism.equals("PLAIN") ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
        return String.join(
                "\n",
                "security.protocol=SASL_SSL",
                "sasl.mechanism=" + mechanism,
                "sasl.jaas.config=org.apache.kafka.common.security." + module + " required username=\"" + user
                        + "\" password=\"" + password + "\";",
                "ssl.truststore.location=" + directory.resolve("trusted.p12"),
                "ssl.truststore.password=" + KEY_PASSWORD,
                "");
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
