package io.framecast.topic;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Tells predictors which model to run, and says which groups of predictors there are. */
public final class ModelUses {
    private static final int SECONDS = 15;
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConnection connection;

    /** Works on one cluster. */
    public ModelUses(KafkaConnection connection) {
        this.connection = connection;
    }

    /**
     * Writes what a group is to run from now on, and waits until all replicas have it.
     *
     * @param group the consumer group of the predictors
     * @param model what they can find a model by: a name, a folder, or a baseline
     * @return what was written
     * @throws BrokerException if the topic is missing, this user may not write it, or the cluster does not answer
     */
    public ModelUse choose(String group, String model) {
        var now = Instant.now();
        String by =
                System.getProperty("user.name") + "@" + CaptureProcess.here(now).host();
        var use = new ModelUse(group, model, now, by);
        publish(use);
        return use;
    }

    private void publish(ModelUse use) {
        TopicAccess.require(connection, List.of(new TopicRight(TopicKind.MODELS, TopicRight.Operation.WRITE)));
        var record = new ProducerRecord<>(
                connection.topic(TopicKind.MODELS),
                null,
                use.since().toEpochMilli(),
                use.group(),
                ModelUseCodec.encode(use),
                RecordHeaders.of("ModelUse"));
        try (var producer = new KafkaProducer<>(
                connection.with(Map.of(
                        ProducerConfig.ACKS_CONFIG, "all",
                        ProducerConfig.MAX_BLOCK_MS_CONFIG, "10000",
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000",
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "10000")),
                new StringSerializer(),
                new ByteArraySerializer())) {
            var unused = producer.send(record).get(SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            throw unwritten(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unwritten(e);
        }
    }

    private BrokerException unwritten(Throwable cause) {
        return new BrokerException(
                BrokerException.Reason.UNREACHABLE,
                "cannot write to " + connection.topic(TopicKind.MODELS) + " on " + connection + ": "
                        + cause.getMessage() + "; no predictor has been told, so try again",
                cause);
    }

    /**
     * What each group was told to run last.
     *
     * @throws BrokerException if the topic is missing, or this user may not read it
     */
    public Map<String, ModelUse> newest() {
        var newest = new HashMap<String, ModelUse>();
        read(use -> newest.put(use.group(), use));
        return newest;
    }

    /**
     * What one group was told to run, newest first, as far as the topic still has it.
     *
     * @throws BrokerException if the topic is missing, or this user may not read it
     */
    public List<ModelUse> of(String group) {
        var told = new ArrayDeque<ModelUse>();
        read(use -> {
            if (use.group().equals(group)) {
                told.addFirst(use);
            }
        });
        return List.copyOf(told);
    }

    private void read(Consumer<ModelUse> reader) {
        try (var consumer = new AssignedConsumer(connection, Map.of())) {
            List<TopicPartition> partitions = consumer.partitions(connection.topic(TopicKind.MODELS));
            consumer.kafka().assign(partitions);
            consumer.kafka().seekToBeginning(partitions);
            var ends = new HashMap<>(consumer.kafka().endOffsets(partitions));
            while (!ends.isEmpty()) {
                consumer.poll(POLL, ends, record -> decoded(record.value()).ifPresent(reader));
            }
        } catch (TopicAuthorizationException e) {
            throw TopicAccess.denied(connection, Set.of("READ on " + connection.topic(TopicKind.MODELS)));
        } catch (KafkaException e) {
            throw new BrokerException(
                    BrokerException.Reason.UNREACHABLE,
                    "cannot read " + connection.topic(TopicKind.MODELS) + " on " + connection + ": " + e.getMessage()
                            + "; try again",
                    e);
        }
    }

    private static Optional<ModelUse> decoded(byte[] value) {
        try {
            return Optional.of(ModelUseCodec.decode(value));
        } catch (MalformedRecordException e) {
            return Optional.empty();
        }
    }

    /**
     * The consumer groups whose names begin so, and how many members each has, as far as this user may see them.
     *
     * @throws BrokerException if the cluster refuses
     */
    public Map<String, Integer> groups(String beginning) {
        try (Admin admin = connection.admin()) {
            Collection<String> named = new ArrayList<>();
            AdminAnswer.of(admin.listGroups(ListGroupsOptions.forConsumerGroups())
                            .all())
                    .forEach(group -> named.add(group.groupId()));
            named.removeIf(group -> !group.startsWith(beginning));
            var members = new HashMap<String, Integer>();
            for (String group : named) {
                int count = Objects.requireNonNull(AdminAnswer.of(admin.describeConsumerGroups(List.of(group))
                                        .all())
                                .get(group))
                        .members()
                        .size();
                members.put(group, count);
            }
            return members;
        } catch (ExecutionException e) {
            throw AdminAnswer.refused(connection, "cannot list consumer groups", e);
        }
    }
}
