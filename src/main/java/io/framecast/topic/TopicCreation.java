package io.framecast.topic;

import io.framecast.topic.TopicAdmin.Created;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * Creates topics as they are defined, but without the settings that a cluster does not know or that its policy forbids.
 */
final class TopicCreation {
    private static final CreateTopicsOptions DRY_RUN = new CreateTopicsOptions().validateOnly(true);

    private final KafkaConnection connection;
    private final Admin admin;
    private final Optional<Short> replication;
    private final List<String> created = new ArrayList<>();

    /** Each setting that was left out, with the cluster's reason and the topics. */
    private final Map<String, Refusal> leftOut = new TreeMap<>();

    private record Refusal(String reason, List<String> topics) {}

    TopicCreation(KafkaConnection connection, Admin admin, Optional<Short> replication) {
        this.connection = connection;
        this.admin = admin;
        this.replication = replication;
    }

    /** What has been created, and what of its settings was left out. */
    Created created() {
        return new Created(
                List.copyOf(created),
                leftOut.entrySet().stream()
                        .map(entry -> "topic setting '" + entry.getKey() + "' is left out of "
                                + String.join(", ", entry.getValue().topics()) + ": "
                                + entry.getValue().reason())
                        .toList());
    }

    /**
     * Creates a topic, unless somebody else has done so meanwhile.
     *
     * @throws BrokerException if the cluster refuses it whatever its settings are
     */
    void create(TopicDefinition definition) {
        String name = definition.topic(connection.prefix());
        var settings = new TreeMap<>(definition.config());
        while (true) {
            try {
                AdminAnswer.of(
                        admin.createTopics(List.of(topic(definition, settings))).all());
                created.add(name);
                return;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof TopicExistsException) {
                    return;
                }
                String setting = refused(definition, settings, e)
                        .orElseThrow(() -> AdminAnswer.refused(connection, "cannot create topic " + name, e));
                settings.remove(setting);
                String reason = AdminAnswer.reason(e);
                leftOut.computeIfAbsent(setting, key -> new Refusal(reason, new ArrayList<>()))
                        .topics()
                        .add(name);
            }
        }
    }

    private NewTopic topic(TopicDefinition definition, Map<String, String> settings) {
        return new NewTopic(definition.topic(connection.prefix()), Optional.of(definition.partitions()), replication)
                .configs(settings);
    }

    /** The setting that a cluster does not take: the one that it names, else one without which it takes the topic. */
    private Optional<String> refused(TopicDefinition definition, Map<String, String> settings, ExecutionException e) {
        Throwable cause = e.getCause();
        if (!(cause instanceof InvalidConfigurationException
                || cause instanceof PolicyViolationException
                || cause instanceof InvalidRequestException)) {
            return Optional.empty();
        }
        String said = String.valueOf(cause.getMessage());
        List<String> named = settings.keySet().stream().filter(said::contains).toList();
        return firstTakenWithout(named, definition, settings)
                .or(() -> firstTakenWithout(List.copyOf(settings.keySet()), definition, settings))
                .or(() -> named.stream().findFirst()); // one of several that are not taken
    }

    private Optional<String> firstTakenWithout(
            List<String> candidates, TopicDefinition definition, Map<String, String> settings) {
        return candidates.stream()
                .filter(setting -> isTakenWithout(definition, settings, setting))
                .findFirst();
    }

    private boolean isTakenWithout(TopicDefinition definition, Map<String, String> settings, String setting) {
        var others = new TreeMap<>(settings);
        others.remove(setting);
        try {
            AdminAnswer.of(admin.createTopics(List.of(topic(definition, others)), DRY_RUN)
                    .all());
            return true;
        } catch (ExecutionException refused) {
            return false;
        }
    }
}
