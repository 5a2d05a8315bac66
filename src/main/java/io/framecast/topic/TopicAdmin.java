package io.framecast.topic;

import io.framecast.frame.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates the topics of the definitions, and tells how those that are there differ. */
public final class TopicAdmin {
    private static final int ANSWER_SECONDS = 30;
    private static final Duration VISIBLE = Duration.ofSeconds(10);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

    private final Ticker ticker = Ticker.system();
    private final KafkaConnection connection;

    /** Works on one cluster. */
    public TopicAdmin(KafkaConnection connection) {
        this.connection = connection;
    }

    /**
     * A topic as it is.
     *
     * @param topic its full name
     * @param partitions how many, or 0 if it is missing
     * @param replication replicas of each partition
     * @param config the settings that its definition names
     */
    public record Found(String topic, int partitions, int replication, Map<String, String> config) {}

    /**
     * One way in which a topic is not as it should be.
     *
     * @param topic its full name
     * @param what what differs
     * @param expected by the definition
     * @param found on the cluster
     */
    public record Difference(String topic, String what, String expected, String found) {
        @Override
        public String toString() {
            return topic + ": " + what + " is " + found + ", its definition says " + expected;
        }
    }

    /**
     * Creates the topics that are missing; those that are there stay as they are.
     *
     * @param replication replicas of each partition, or empty for the cluster's default
     * @return the full names of those created
     * @throws BrokerException if the cluster refuses
     */
    public List<String> create(Optional<Short> replication) {
        var created = new ArrayList<String>();
        try (Admin admin = connection.admin()) {
            for (TopicDefinition definition : TopicDefinition.all()) {
                String name = definition.topic(connection.prefix());
                var topic = new NewTopic(name, Optional.of(definition.partitions()), replication);
                if (create(admin, topic.configs(definition.config()))) {
                    created.add(name);
                }
            }
            awaitVisible(admin);
        }
        return created;
    }

    /** A created topic is the controller's word; brokers learn of it a moment later. */
    private void awaitVisible(Admin admin) {
        long begun = ticker.nanos();
        while (TopicDefinition.all().stream()
                        .anyMatch(topic -> describe(admin, topic).partitions() == 0)
                && ticker.since(begun).compareTo(VISIBLE) < 0) {
            LockSupport.parkNanos(POLL_INTERVAL.toNanos());
        }
    }

    private boolean create(Admin admin, NewTopic topic) {
        try {
            answer(admin.createTopics(List.of(topic)).all());
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return false;
            }
            throw refused("cannot create topic " + topic.name(), e);
        }
    }

    /**
     * Lets a group that has never committed begin with the frames that come from now on, wherever its workers are by
     * then; one that has committed goes on from there.
     */
    public void beginHere(String group) {
        String frames = connection.topic(TopicKind.FRAMES);
        try (Admin admin = connection.admin()) {
            var committed = answer(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
            var unknown = new HashMap<TopicPartition, OffsetSpec>();
            var topic = Objects.requireNonNull(
                    answer(admin.describeTopics(List.of(frames)).allTopicNames())
                            .get(frames));
            for (var partition : topic.partitions()) {
                var place = new TopicPartition(frames, partition.partition());
                if (committed.get(place) == null) {
                    unknown.put(place, OffsetSpec.latest());
                }
            }
            var here = new HashMap<TopicPartition, OffsetAndMetadata>();
            answer(admin.listOffsets(unknown).all())
                    .forEach((place, end) -> here.put(place, new OffsetAndMetadata(end.offset())));
            if (!here.isEmpty()) {
                answer(admin.alterConsumerGroupOffsets(group, here).all());
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownMemberIdException) {
                return; // it has workers already, and so a place
            }
            throw refused("cannot prepare the group " + group, e);
        }
    }

    /** Compares the topics with their definitions; empty when all is as it should be. */
    public List<Difference> check() {
        var differences = new ArrayList<Difference>();
        List<Found> found = describe();
        List<TopicDefinition> definitions = TopicDefinition.all();
        for (int i = 0; i < definitions.size(); i++) {
            compare(definitions.get(i), found.get(i), differences);
        }
        return differences;
    }

    private static void compare(TopicDefinition definition, Found found, Collection<Difference> differences) {
        if (found.partitions() == 0) {
            differences.add(new Difference(found.topic(), "the topic", "that it exists", "missing"));
            return;
        }
        if (found.partitions() != definition.partitions()) {
            differences.add(new Difference(
                    found.topic(),
                    "partitions",
                    String.valueOf(definition.partitions()),
                    String.valueOf(found.partitions())));
        }
        new TreeMap<>(definition.config()).forEach((key, expected) -> {
            String value = found.config().getOrDefault(key, "not set");
            if (!value.equals(expected)) {
                differences.add(new Difference(found.topic(), key, expected, value));
            }
        });
    }

    /** The topics as they are, in the order of their definitions. */
    public List<Found> describe() {
        try (Admin admin = connection.admin()) {
            return TopicDefinition.all().stream()
                    .map(definition -> describe(admin, definition))
                    .toList();
        }
    }

    private Found describe(Admin admin, TopicDefinition definition) {
        String name = definition.topic(connection.prefix());
        try {
            TopicDescription description = Objects.requireNonNull(
                    answer(admin.describeTopics(List.of(name)).allTopicNames()).get(name));
            var resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
            Config config = Objects.requireNonNull(
                    answer(admin.describeConfigs(List.of(resource)).all()).get(resource));
            var values = new TreeMap<String, String>();
            for (String key : definition.config().keySet()) {
                values.put(
                        key,
                        config.get(key) == null ? "not set" : config.get(key).value());
            }
            int replication = description.partitions().get(0).replicas().size();
            return new Found(name, description.partitions().size(), replication, values);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return new Found(name, 0, 0, Map.of());
            }
            throw refused("cannot describe topic " + name, e);
        }
    }

    private static <T> T answer(KafkaFuture<T> future) throws ExecutionException {
        try {
            return future.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new ExecutionException("no answer in " + ANSWER_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExecutionException("interrupted", e);
        }
    }

    private BrokerException refused(String what, ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return new BrokerException(
                BrokerException.Reason.REFUSED,
                what + " on " + connection + ": " + cause.getMessage()
                        + "; check the cluster's rights and --replication",
                e);
    }
}
