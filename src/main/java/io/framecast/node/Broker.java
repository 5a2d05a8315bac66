package io.framecast.node;

import io.framecast.topic.KafkaConnection;
import io.framecast.topic.TopicAccess;
import io.framecast.topic.TopicAdmin;
import io.framecast.topic.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import reactor.core.publisher.Mono;

/** The Kafka a node works on: one that is there, or one started here and stopped with it. */
public final class Broker implements AutoCloseable {
    private final KafkaConnection connection;
    private final Optional<EmbeddedBroker> embedded;
    private final boolean isOurs;

    private Broker(KafkaConnection connection, Optional<EmbeddedBroker> embedded, boolean isOurs) {
        this.connection = connection;
        this.embedded = embedded;
        this.isOurs = isOurs;
    }

    /**
     * Reaches or starts it.
     *
     * @throws io.framecast.topic.BrokerException if it cannot be reached or started
     */
    public static Broker open(BrokerConfig config) {
        Path directory = config.dataDirectory().resolve("kafka");
        Optional<String> running = config.attach() ? EmbeddedBroker.running(directory) : Optional.empty();
        Optional<String> bootstrap = config.bootstrap().or(() -> running);
        if (bootstrap.isPresent()) {
            var connection = new KafkaConnection(bootstrap.get(), config.prefix(), config.properties());
            connection.require();
            return new Broker(connection, Optional.empty(), config.bootstrap().isEmpty());
        }
        EmbeddedBroker broker = EmbeddedBroker.start(directory, config.port());
        return new Broker(
                new KafkaConnection(broker.bootstrap(), config.prefix(), config.properties()),
                Optional.of(broker),
                true);
    }

    /** How to reach it. */
    public KafkaConnection connection() {
        return connection;
    }

    /** Whether it runs in this process. */
    public boolean isEmbedded() {
        return embedded.isPresent();
    }

    /**
     * Makes sure that topics are there and may be used. They are created on a broker that framecast itself started,
     * here or in another process; on any other cluster, {@code topics create} does that.
     *
     * @throws io.framecast.topic.BrokerException naming what is missing
     */
    void prepare(Collection<RoleRights> roles, Optional<Short> replication) {
        if (isOurs) {
            new TopicAdmin(connection).create(replication);
            return;
        }
        TopicAccess.require(
                connection,
                roles.stream().flatMap(role -> role.required().stream()).toList());
    }

    /** Makes sure that a group does not wait for workers that died with the last broker of this directory. */
    void forgetTheDead(String group) {
        if (embedded.isPresent()) {
            new TopicAdmin(connection).dismissMembers(group);
        }
    }

    /** Fails when an embedded broker has failed for good. */
    Mono<Void> failed() {
        return Mono.fromFuture(() -> embedded.map(EmbeddedBroker::failed).orElseGet(CompletableFuture::new), true);
    }

    /** Why an embedded broker takes no records just now; empty while it does. */
    Optional<String> shortOfSpace() {
        return embedded.flatMap(EmbeddedBroker::shortOfSpace);
    }

    @Override
    public void close() {
        embedded.ifPresent(EmbeddedBroker::close);
    }
}
