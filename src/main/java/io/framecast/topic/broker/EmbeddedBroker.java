package io.framecast.topic.broker;

import io.framecast.topic.BrokerException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.internals.Exit;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Kafka broker and controller in this process, on loopback, its log under the data directory. One process at a
 * time may have a data directory: a lock on it is taken first, because Kafka itself would let two corrupt it.
 */
public final class EmbeddedBroker implements AutoCloseable {
    /** The port where Kafka's clients look by habit. */
    public static final int USUAL_PORT = 9092;

    private static final Logger log = LoggerFactory.getLogger(EmbeddedBroker.class);
    private static final Duration SHUTDOWN = Duration.ofSeconds(15);
    private static final String NODE = "1";

    /** What Kafka writes into each folder that it formats. */
    private static final String PROPERTIES = "meta.properties";

    private static final String METADATA_LOG = "__cluster_metadata-0";

    private final FileChannel lockFile;
    private final Path directory;
    private final KafkaRaftServer server;
    private final String bootstrap;
    private final CompletableFuture<Void> failed;

    private EmbeddedBroker(
            FileChannel lockFile,
            Path directory,
            KafkaRaftServer server,
            String bootstrap,
            CompletableFuture<Void> failed) {
        this.lockFile = lockFile;
        this.directory = directory;
        this.server = server;
        this.bootstrap = bootstrap;
        this.failed = failed;
    }

    /**
     * Starts a broker and returns when it accepts clients, after about 4 seconds.
     *
     * @param directory where its log lives; made if missing
     * @param port where it listens; 0 for any free one
     * @throws BrokerException if another process has the directory, the port is taken, or the directory is unusable
     */
    public static EmbeddedBroker start(Path directory, int port) {
        FileChannel lockFile = lock(directory);
        try {
            Files.deleteIfExists(directory.resolve("address")); // of one that was killed
            int listening = port == 0 ? freePort() : port;
            var config = config(directory, listening, freePortBeside(listening));
            var failed = new CompletableFuture<Void>();
            preventExit(directory, failed);
            if (!format(directory, config)) {
                KilledIncarnation.fence(config);
            }
            var server = new KafkaRaftServer(new KafkaConfig(config, false), Time.SYSTEM);
            server.startup();
            String bootstrap = "localhost:" + listening;
            Files.writeString(directory.resolve("address"), bootstrap);
            return new EmbeddedBroker(lockFile, directory, server, bootstrap, failed);
        } catch (BrokerException e) {
            release(lockFile);
            throw e;
        } catch (Exception e) { // Kafka declares Exception
            release(lockFile);
            throw new BrokerException(
                    BrokerException.Reason.STORAGE,
                    "the embedded broker cannot start in '" + directory + "': " + e.getMessage()
                            + "; choose another --data-dir, or remove that one to start afresh",
                    e);
        }
    }

    /** The address of the broker that another process runs in this directory, if one does. */
    public static Optional<String> running(Path directory) {
        Path addressFile = directory.resolve("address");
        try {
            if (!Files.exists(addressFile)) {
                return Optional.empty();
            }
            release(lock(directory));
            return Optional.empty();
        } catch (BrokerException e) {
            try {
                return Optional.of(Files.readString(addressFile).strip());
            } catch (IOException unreadable) {
                return Optional.empty();
            }
        }
    }

    /** Where clients attach: {@code localhost:PORT}. */
    public String bootstrap() {
        return bootstrap;
    }

    /** Fails with a {@link BrokerException} when the broker has failed for good; never completes otherwise. */
    public CompletableFuture<Void> failed() {
        return failed.copy();
    }

    /** Why it takes no records just now, and what to do, in a sentence; empty while it does. */
    public Optional<String> shortOfSpace() {
        return SpaceGuard.shortage(directory)
                .map(left -> "takes no records while its disk has less than " + (SpaceGuard.RESERVE >> 20)
                        + " MiB left (" + (left >> 20) + " MiB in '" + directory + "'): free some space");
    }

    private static FileChannel lock(Path directory) {
        FileChannel channel = null;
        try {
            Files.createDirectories(directory);
            channel = FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            log.debug("locked by this process", e);
        } catch (IOException e) {
            throw new BrokerException(
                    BrokerException.Reason.STORAGE,
                    "data directory '" + directory + "' cannot be written; choose another --data-dir",
                    e);
        }
        release(channel);
        throw new BrokerException(
                BrokerException.Reason.LOCKED,
                "data directory '" + directory + "' is used by another run; stop it, choose another --data-dir,"
                        + " or attach to its broker with --kafka "
                        + address(directory).orElse("HOST:PORT"),
                null);
    }

    private static Optional<String> address(Path directory) {
        try {
            return Optional.of(Files.readString(directory.resolve("address")).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static void release(@Nullable FileChannel lockFile) {
        try {
            if (lockFile != null) {
                lockFile.close();
            }
        } catch (IOException e) {
            log.debug("lock not released", e);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** A port for the controller. The broker's is held meanwhile, so that it is free and not given away twice. */
    private static int freePortBeside(int port) {
        try (var held = new ServerSocket()) {
            held.setReuseAddress(true);
            held.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return freePort();
        } catch (IOException e) {
            throw new BrokerException(
                    BrokerException.Reason.PORT_IN_USE,
                    "port " + port + " for the embedded broker is in use; choose another with --kafka-port (0 for any),"
                            + " or attach to the Kafka that listens there with --kafka localhost:" + port,
                    e);
        }
    }

    private static Map<String, String> config(Path directory, int port, int controllerPort) {
        var config = new HashMap<String, String>();
        config.put("process.roles", "broker,controller");
        config.put("node.id", NODE);
        config.put("listeners", "PLAINTEXT://localhost:" + port + ",CONTROLLER://localhost:" + controllerPort);
        config.put("advertised.listeners", "PLAINTEXT://localhost:" + port);
        config.put("controller.listener.names", "CONTROLLER");
        config.put("controller.quorum.voters", NODE + "@localhost:" + controllerPort);
        config.put("log.dirs", directory.resolve("log").toString());
        config.put("metadata.log.dir", directory.resolve("metadata").toString());
        config.put("authorizer.class.name", SpaceGuard.class.getName());
        config.put("auto.create.topics.enable", "false");
        config.put("offsets.topic.replication.factor", "1");
        config.put("offsets.topic.num.partitions", "4");
        config.put("transaction.state.log.replication.factor", "1");
        config.put("transaction.state.log.min.isr", "1");
        config.put("transaction.state.log.num.partitions", "4");
        config.put("share.coordinator.state.topic.replication.factor", "1");
        config.put("share.coordinator.state.topic.min.isr", "1");
        config.put("group.initial.rebalance.delay.ms", "0");
        // Its own controller must never take it for dead: a pause, of a machine that sleeps or swaps, is not a death.
        config.put("broker.session.timeout.ms", "60000");
        // The second half of what makes a transaction take 3 ms and not 30.
        config.put("add.partitions.to.txn.retry.backoff.ms", "1");
        // 128 MiB by default, held forever; the compacted topic here has one record a camera.
        config.put("log.cleaner.dedupe.buffer.size", String.valueOf(4 << 20));
        config.put("log.retention.check.interval.ms", "30000");
        config.put("num.network.threads", "2");
        config.put("num.io.threads", "4");
        config.put("background.threads", "2");
        return config;
    }

    /** Makes a directory ready for its first broker; false if it has had one. */
    private static boolean format(Path directory, Map<String, String> config) throws Exception {
        Path metadata = Path.of(config.get("metadata.log.dir"));
        Path records = Path.of(config.get("log.dirs"));
        if (isFormatted(metadata) && isFormatted(records)) {
            return false;
        }
        if (!Files.exists(
                metadata.resolve(METADATA_LOG))) { // nothing has run there: at most, formatting was broken off
            Files.deleteIfExists(metadata.resolve(PROPERTIES));
            Files.deleteIfExists(records.resolve(PROPERTIES));
        }
        log.debug("formatting {}", directory);
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(Integer.parseInt(NODE))
                .setControllerListenerName("CONTROLLER")
                .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                .setMetadataLogDirectory(config.get("metadata.log.dir"))
                .addDirectory(config.get("log.dirs"))
                .addDirectory(config.get("metadata.log.dir"))
                .setIgnoreFormatted(true)
                .run();
        return true;
    }

    private static boolean isFormatted(Path folder) throws IOException {
        Path properties = folder.resolve(PROPERTIES);
        return Files.exists(properties) && Files.size(properties) > 0;
    }

    /** Kafka ends the process when its log fails; here the process is told, and ends in order. */
    private static void preventExit(Path directory, CompletableFuture<Void> failed) {
        Exit.Procedure refuse = (status, message) -> {
            var failure = new BrokerException(
                    BrokerException.Reason.STORAGE,
                    "the embedded broker in '" + directory + "' failed"
                            + (message == null ? "" : " (" + message + ")")
                            + "; check that disk, then start again",
                    null);
            failed.completeExceptionally(failure);
            throw failure;
        };
        Exit.setExitProcedure(refuse);
        Exit.setHaltProcedure(refuse);
    }

    /** Stops the broker; after 15 seconds it is left to the end of the process. */
    @Override
    public void close() {
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(
                () -> {
                    server.shutdown();
                    server.awaitShutdown();
                },
                task -> {
                    var thread = new Thread(task, "broker-shutdown");
                    thread.setDaemon(true);
                    thread.start();
                });
        try {
            stopped.get(SHUTDOWN.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            log.warn("the embedded broker did not stop in order: {}", String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            Files.deleteIfExists(directory.resolve("address"));
        } catch (IOException e) {
            log.debug("address not removed", e);
        }
        release(lockFile);
    }
}
