package io.framecast.topic.broker;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server$;
import kafka.server.SharedServer;
import kafka.server.StandardFaultHandlerFactory;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.loader.LoaderManifest;
import org.apache.kafka.image.publisher.MetadataPublisher;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.ServerSocketFactory;
import org.apache.kafka.server.controller.ControllerRegistrationManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker that was killed, as its directory remembers it: alive, and the leader of everything. Its successor would
 * believe that, end the transactions that were being committed, and lose their markers a moment later, when the
 * controller finds that the old broker is gone and nobody leads: Kafka 4.4 takes a partition without a leader for a
 * deleted one ({@code KRaftMetadataCache.getPartitionLeaderEndpoint} is empty for both). The offsets of such a
 * transaction stay unsettled and its records unread forever. So the controller finds it first, alone.
 */
final class KilledIncarnation {
    private static final Logger log = LoggerFactory.getLogger(KilledIncarnation.class);
    private static final long PATIENCE_SECONDS = 60;

    private static final long PAUSE_MILLIS = 10;

    /** Kafka's own mark of a shutdown in order. */
    private static final String CLEAN = ".kafka_cleanshutdown";

    private KilledIncarnation() {}

    /**
     * Fences the last broker of a directory, unless it was shut down in order; returns when that is written.
     *
     * @param config of the broker that is to start, with one node that is its own controller
     */
    static void fence(Map<String, String> config) {
        if (!Files.exists(Path.of(config.get("log.dirs"), CLEAN))) {
            var controller = new KafkaConfig(controllerOnly(config), false);
            try {
                awaitFenced(controller);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException e) {
                log.warn("the broker that was killed is not known to be fenced", e);
            }
        }
    }

    private static Map<String, String> controllerOnly(Map<String, String> config) {
        var alone = new HashMap<>(config);
        alone.put("process.roles", "controller");
        alone.computeIfPresent("listeners", (key, all) -> all.replaceFirst(".*(?=CONTROLLER:)", ""));
        alone.remove("advertised.listeners");
        alone.remove("authorizer.class.name");
        // Nothing that this controller knows is alive.
        alone.put("broker.session.timeout.ms", "100");
        alone.put("broker.heartbeat.interval.ms", "50");
        return alone;
    }

    private static void awaitFenced(KafkaConfig config)
            throws ExecutionException, InterruptedException, TimeoutException {
        var directories = KafkaRaftServer.initializeLogDirs(config, log, "");
        String cluster = directories._1().clusterId().orElseThrow();
        var shared = new SharedServer(
                config,
                directories._1(),
                Time.SYSTEM,
                Server$.MODULE$.initializeMetrics(config, Time.SYSTEM, cluster),
                CompletableFuture.completedFuture(
                        QuorumConfig.parseVoterConnections(config.quorumConfig().voters())),
                QuorumConfig.parseBootstrapServers(config.quorumConfig().bootstrapServers()),
                new StandardFaultHandlerFactory(),
                ServerSocketFactory.INSTANCE);
        var controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), directories._2());
        try {
            controller.startup();
            var fenced = new Fenced(config.nodeId());
            shared.loader().installPublishers(List.of(fenced)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            fenced.done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            awaitAnswered(controller.registrationManager());
        } finally {
            controller.shutdown();
        }
    }

    /** A request of its own that were under way when it ends would be an error on the console. */
    private static void awaitAnswered(ControllerRegistrationManager registration)
            throws ExecutionException, InterruptedException, TimeoutException {
        long begun = System.nanoTime();
        while (!isAnswered(registration)) {
            if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
                throw new TimeoutException("the controller is not registered");
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private static boolean isAnswered(ControllerRegistrationManager registration)
            throws ExecutionException, InterruptedException, TimeoutException {
        var answered = new CompletableFuture<Boolean>();
        registration
                .eventQueue()
                .append(() -> answered.complete(registration.registeredInLog() && !registration.pendingRpc()));
        return answered.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Done once no broker of the node counts as alive. */
    private record Fenced(int node, CompletableFuture<Void> done) implements MetadataPublisher {
        Fenced(int node) {
            this(node, new CompletableFuture<>());
        }

        @Override
        public String name() {
            return "Fenced";
        }

        @Override
        public void onMetadataUpdate(MetadataDelta delta, MetadataImage image, LoaderManifest manifest) {
            var broker = image.cluster().broker(node);
            if (broker == null || broker.fenced()) {
                done.complete(null);
            }
        }

        @Override
        public void close() {
            // It holds nothing.
        }
    }
}
