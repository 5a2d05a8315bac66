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
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the topics of the definitions, and tells how those that are there differ. */
public final class TopicAdmin {
    private static final Logger log = LoggerFactory.getLogger(TopicAdmin.class);
    private static final Duration VISIBLE = Duration.ofSeconds(10);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

    /** Sessions may end while their members are dismissed, and then it is asked again. */
    private static final int DISMISSALS = 3;

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
     * @param config the settings that its definition names, but for those that this Kafka does not know
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
     * What was created.
     *
     * @param topics the full names of the topics that were missing
     * @param leftOut a line for each setting that this cluster does not take, and that topics were created without
     */
    public record Created(List<String> topics, List<String> leftOut) {}

    /**
     * Creates the topics that are missing; those that are there stay as they are. A user who may not create topics can
     * call it if none is missing.
     *
     * @param replication replicas of each partition, or empty for the cluster's default
     * @throws BrokerException if the cluster refuses
     */
    public Created create(Optional<Short> replication) {
        try (Admin admin = connection.admin()) {
            var creation = new TopicCreation(connection, admin, replication);
            TopicDefinition.all().stream()
                    .filter(definition -> !exists(admin, definition))
                    .forEach(creation::create);
            awaitVisible(admin);
            return creation.created();
        }
    }

    /** A created topic is the controller's word; brokers learn of it a moment later. */
    private void awaitVisible(Admin admin) {
        long begun = ticker.nanos();
        while (!TopicDefinition.all().stream().allMatch(topic -> exists(admin, topic))
                && ticker.since(begun).compareTo(VISIBLE) < 0) {
            LockSupport.parkNanos(POLL_INTERVAL.toNanos());
        }
    }

    private boolean exists(Admin admin, TopicDefinition definition) {
        String name = definition.topic(connection.prefix());
        try {
            AdminAnswer.of(admin.describeTopics(List.of(name)).allTopicNames());
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw AdminAnswer.refused(connection, "cannot look for topic " + name, e);
        }
    }

    /**
     * Lets a group that has never committed begin with the frames that come from now on, wherever its workers are by
     * then; one that has committed goes on from there.
     */
    public void beginHere(String group) {
        String frames = connection.topic(TopicKind.FRAMES);
        try (Admin admin = connection.admin()) {
            var committed = AdminAnswer.of(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
            var unknown = new HashMap<TopicPartition, OffsetSpec>();
            var topic = Objects.requireNonNull(
                    AdminAnswer.of(admin.describeTopics(List.of(frames)).allTopicNames())
                            .get(frames));
            for (var partition : topic.partitions()) {
                var place = new TopicPartition(frames, partition.partition());
                if (committed.get(place) == null) {
                    unknown.put(place, OffsetSpec.latest());
                }
            }
            var here = new HashMap<TopicPartition, OffsetAndMetadata>();
            AdminAnswer.of(admin.listOffsets(unknown).all())
                    .forEach((place, end) -> here.put(place, new OffsetAndMetadata(end.offset())));
            if (!here.isEmpty()) {
                AdminAnswer.of(admin.alterConsumerGroupOffsets(group, here).all());
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownMemberIdException) {
                return; // it has workers already, and so a place
            }
            throw AdminAnswer.refused(connection, "cannot prepare the group " + group, e);
        }
    }

    /**
     * Ends the memberships of all workers of a group, for a broker that has just been started: those of workers that
     * died with the last one would hold their partitions until their sessions end, and those that live join again.
     */
    public void dismissMembers(String group) {
        try (Admin admin = connection.admin()) {
            for (int i = 0; i < DISMISSALS && hasMembers(admin, group); i++) {
                dismiss(admin, group);
            }
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof GroupIdNotFoundException)) {
                log.debug("the group {} waits for its members of the last run: {}", group, AdminAnswer.reason(e));
            }
        }
    }

    private static boolean hasMembers(Admin admin, String group) throws ExecutionException {
        return !Objects.requireNonNull(AdminAnswer.of(
                                admin.describeConsumerGroups(List.of(group)).all())
                        .get(group))
                .members()
                .isEmpty();
    }

    private static void dismiss(Admin admin, String group) throws ExecutionException {
        try {
            AdminAnswer.of(admin.removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions())
                    .all());
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof KafkaException partly)
                    || !(partly.getCause() instanceof UnknownMemberIdException)) {
                throw e;
            }
            log.debug("a session of the group {} ended meanwhile", group);
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
            String value = found.config().get(key);
            if (value != null && !value.equals(expected)) {
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
                    AdminAnswer.of(admin.describeTopics(List.of(name)).allTopicNames())
                            .get(name));
            var resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
            Config config = Objects.requireNonNull(
                    AdminAnswer.of(admin.describeConfigs(List.of(resource)).all())
                            .get(resource));
            var values = new TreeMap<String, String>();
            for (String key : definition.config().keySet()) {
                if (config.get(key) != null) {
                    values.put(key, config.get(key).value());
                }
            }
            int replication = description.partitions().get(0).replicas().size();
            return new Found(name, description.partitions().size(), replication, values);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return new Found(name, 0, 0, Map.of());
            }
            throw AdminAnswer.refused(connection, "cannot describe topic " + name, e);
        }
    }
}
