package io.framecast.topic;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Looks whether the topics that a role uses exist, and whether this user may use them; creates nothing. */
public final class TopicAccess {
    private final KafkaConnection connection;
    private final Set<String> missing = new TreeSet<>();
    private final Set<String> denied = new TreeSet<>();

    private TopicAccess(KafkaConnection connection) {
        this.connection = connection;
    }

    /**
     * Makes sure that topics exist and that this user has some rights on them.
     *
     * @throws BrokerException naming all topics that are missing, or all rights
     */
    public static void require(KafkaConnection connection, Collection<TopicRight> rights) {
        var access = new TopicAccess(connection);
        access.look(rights);
        access.requireAll();
    }

    private void look(Collection<TopicRight> rights) {
        Map<String, Set<AclOperation>> wanted = new HashMap<>();
        rights.forEach(right -> wanted.computeIfAbsent(connection.topic(right.topic()), topic -> new TreeSet<>())
                .add(AclOperation.valueOf(right.operation().name())));
        try (Admin admin = connection.admin()) {
            admin.describeTopics(wanted.keySet(), new DescribeTopicsOptions().includeAuthorizedOperations(true))
                    .topicNameValues()
                    .forEach((topic, answer) -> {
                        Set<AclOperation> operations = wanted.getOrDefault(topic, Set.of());
                        try {
                            Set<AclOperation> allowed = AdminAnswer.of(answer).authorizedOperations();
                            operations.stream()
                                    .filter(operation -> allowed != null && !allowed.contains(operation))
                                    .forEach(operation -> denied.add(operation + " on " + topic));
                        } catch (ExecutionException e) {
                            fail(topic, operations, e);
                        }
                    });
        }
    }

    private void fail(String topic, Set<AclOperation> operations, ExecutionException e) {
        if (e.getCause() instanceof UnknownTopicOrPartitionException) {
            missing.add(topic);
        } else if (e.getCause() instanceof TopicAuthorizationException) {
            operations.forEach(operation -> denied.add(operation + " on " + topic));
        } else {
            throw AdminAnswer.refused(connection, "cannot look for topic " + topic, e);
        }
    }

    private void requireAll() {
        if (!denied.isEmpty()) {
            throw denied(connection, denied);
        }
        if (!missing.isEmpty()) {
            throw missing(connection, missing);
        }
    }

    /** Says which rights a user lacks, such as {@code READ on framecast.frames.v1}, and how to grant them. */
    static BrokerException denied(KafkaConnection connection, Set<String> rights) {
        return new BrokerException(
                BrokerException.Reason.REFUSED,
                connection + " denies this user " + String.join(", ", rights)
                        + "; 'framecast topics acls' prints the commands that grant it (an embedded broker denies WRITE"
                        + " while its disk is full)",
                null);
    }

    /** Says that topics are missing, and how to create them. */
    static BrokerException missing(KafkaConnection connection, Set<String> topics) {
        boolean isOne = topics.size() == 1;
        String prefix = connection.prefix().equals(KafkaConnection.USUAL_PREFIX)
                ? ""
                : " --topic-prefix " + connection.prefix();
        return new BrokerException(
                BrokerException.Reason.REFUSED,
                (isOne ? "topic " : "topics ") + String.join(", ", topics)
                        + (isOne ? " is missing on " : " are missing on ")
                        + connection + ": check --kafka, --data-dir and --topic-prefix, or run 'framecast topics create"
                        + " --kafka " + connection.bootstrap() + prefix + "'",
                null);
    }
}
