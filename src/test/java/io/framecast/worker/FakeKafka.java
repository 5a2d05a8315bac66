package io.framecast.worker;

import io.framecast.topic.KafkaConnection;
import io.framecast.topic.TopicKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A cluster with one group, on Kafka's own mock clients and in virtual time: a poll lets its time-out pass at once.
 * What is to happen to the worker is scheduled, a step for each poll.
 */
final class FakeKafka implements WorkerClients {
    static final KafkaConnection CONNECTION = new KafkaConnection("nowhere:1", "test", Map.of());

    private final Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> log = new HashMap<>();
    private final Set<TopicPartition> endingInAMarker = ConcurrentHashMap.newKeySet();
    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    private final List<String> published = new CopyOnWriteArrayList<>();
    private final List<String> ids = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedDeque<Runnable> steps = new ConcurrentLinkedDeque<>();
    private final ConcurrentLinkedDeque<RuntimeException> commitFailures = new ConcurrentLinkedDeque<>();
    private final ConcurrentLinkedDeque<RuntimeException> lookupFailures = new ConcurrentLinkedDeque<>();
    private volatile Optional<RuntimeException> lookupFailure = Optional.empty();
    private volatile Optional<RuntimeException> introductionFailure = Optional.empty();
    private final AtomicLong nanos = new AtomicLong();
    private volatile boolean clockStopped;
    private final AtomicInteger waitingCommits = new AtomicInteger();
    private volatile CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);
    private final AtomicInteger waitingCloses = new AtomicInteger();
    private volatile CompletableFuture<Void> closeGate = CompletableFuture.completedFuture(null);
    private volatile GroupConsumer consumer = new GroupConsumer();

    /** One topic partition's name in the fake. */
    static TopicPartition partition(TopicKind kind, int number) {
        return new TopicPartition(CONNECTION.topic(kind), number);
    }

    /** What happens at the next poll that nothing else is scheduled for, before it returns. */
    void atNextPoll(Runnable step) {
        steps.add(step);
    }

    /** The next commit fails. */
    void failNextCommit(RuntimeException failure) {
        commitFailures.add(failure);
    }

    /** The next question for committed offsets fails. */
    void failNextLookup(RuntimeException failure) {
        lookupFailures.add(failure);
    }

    /** No question for committed offsets is answered any more. */
    void failLookups(RuntimeException failure) {
        lookupFailure = Optional.of(failure);
    }

    /** No producer can introduce itself any more. */
    void failIntroductions(RuntimeException failure) {
        introductionFailure = Optional.of(failure);
    }

    /** No commit ends until {@link #releaseCommits}. */
    void holdCommits() {
        gate = new CompletableFuture<>();
    }

    void releaseCommits() {
        gate.complete(null);
    }

    /** Whether a commit waits to be released. */
    boolean holdsACommit() {
        return waitingCommits.get() > 0;
    }

    /** No consumer leaves its group until {@link #releaseCloses}. */
    void holdCloses() {
        closeGate = new CompletableFuture<>();
    }

    void releaseCloses() {
        closeGate.complete(null);
    }

    /** Whether a consumer waits to leave its group. */
    boolean holdsAClose() {
        return waitingCloses.get() > 0;
    }

    long nanos() {
        return nanos.get();
    }

    void pass(Duration time) {
        if (!clockStopped) {
            nanos.addAndGet(time.toNanos());
        }
    }

    /** From now on no time passes, however often is polled while another thread is slow. */
    void stopClock() {
        clockStopped = true;
    }

    /** Appends a record to an input. */
    synchronized void append(TopicKind kind, int partition, String value) {
        var records = log.computeIfAbsent(partition(kind, partition), key -> new ArrayList<>());
        records.add(new ConsumerRecord<>(
                CONNECTION.topic(kind),
                partition,
                records.size(),
                new byte[0],
                value.getBytes(StandardCharsets.UTF_8)));
    }

    /** Appends a record with a time of its own and a trace without a value, as anybody may write it. */
    synchronized void append(TopicKind kind, int partition, String value, long timestamp) {
        var records = log.computeIfAbsent(partition(kind, partition), key -> new ArrayList<>());
        var bytes = value.getBytes(StandardCharsets.UTF_8);
        records.add(new ConsumerRecord<>(
                CONNECTION.topic(kind),
                partition,
                records.size(),
                timestamp,
                TimestampType.CREATE_TIME,
                0,
                bytes.length,
                new byte[0],
                bytes,
                new RecordHeaders().add(io.framecast.topic.RecordHeaders.TRACE, null),
                Optional.empty()));
    }

    /** What was appended to an input was a transaction: after its last record lies the mark of its end. */
    void endTransaction(TopicKind kind, int partition) {
        endingInAMarker.add(partition(kind, partition));
    }

    private long end(TopicPartition partition) {
        long records = from(partition, 0).size();
        return endingInAMarker.contains(partition) ? records + 1 : records;
    }

    /** The group gives this worker these partitions, and takes all others. */
    void assign(Set<TopicPartition> partitions) {
        consumer.rebalance(partitions);
    }

    List<String> published() {
        return published;
    }

    List<String> transactionalIds() {
        return ids;
    }

    synchronized Map<TopicPartition, OffsetAndMetadata> committed() {
        return Map.copyOf(committed);
    }

    boolean isClosed() {
        return consumer.closed();
    }

    @Override
    public Consumer<byte[], byte[]> consumer() {
        consumer = new GroupConsumer();
        return consumer;
    }

    @Override
    public Producer<byte[], byte[]> producer(String transactionalId) {
        ids.add(transactionalId);
        return new Transactional();
    }

    private synchronized List<ConsumerRecord<byte[], byte[]>> from(TopicPartition partition, long offset) {
        var records = log.getOrDefault(partition, List.of());
        return List.copyOf(records.subList((int) Math.min(offset, records.size()), records.size()));
    }

    private synchronized void commit(List<String> values, Map<TopicPartition, OffsetAndMetadata> offsets) {
        published.addAll(values);
        committed.putAll(offsets);
    }

    /** Delivers what lies from each position on; a poll runs the next step, and lets time pass if it is empty. */
    private final class GroupConsumer extends MockConsumer<byte[], byte[]> {
        private final AtomicReference<@Nullable Thread> user = new AtomicReference<>();

        private GroupConsumer() {
            super("earliest");
        }

        private void know(TopicPartition partition) {
            updateBeginningOffsets(Map.of(partition, 0L));
            updateEndOffsets(Map.of(partition, end(partition)));
        }

        @Override
        public synchronized void rebalance(Collection<TopicPartition> partitions) {
            partitions.forEach(this::know);
            super.rebalance(partitions);
        }

        @Override
        public synchronized Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
            RuntimeException failure = lookupFailure.orElseGet(lookupFailures::poll);
            if (failure != null) {
                throw failure;
            }
            var found = new HashMap<TopicPartition, OffsetAndMetadata>();
            var all = FakeKafka.this.committed();
            partitions.stream().filter(all::containsKey).forEach(place -> found.put(place, all.get(place)));
            return found;
        }

        @Override
        @SuppressWarnings("UnsynchronizedOverridesSynchronized") // a second thread is refused, not kept waiting
        public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            acquire();
            try {
                return deliver(timeout);
            } finally {
                user.set(null);
            }
        }

        @Override
        public void close(CloseOptions options) {
            acquire();
            try {
                waitingCloses.incrementAndGet();
                closeGate.join();
                super.close(options);
            } finally {
                user.set(null);
            }
        }

        /** Refuses a second thread, as Kafka's consumer does. */
        private void acquire() {
            if (!user.compareAndSet(null, Thread.currentThread())) {
                throw new ConcurrentModificationException("not safe for multi-threaded access");
            }
        }

        private synchronized ConsumerRecords<byte[], byte[]> deliver(Duration timeout) {
            Runnable step = steps.poll();
            if (step != null) {
                step.run();
            }
            for (TopicPartition partition : assignment()) {
                know(partition);
                if (!paused().contains(partition)) {
                    from(partition, position(partition)).forEach(this::addRecord);
                }
            }
            ConsumerRecords<byte[], byte[]> records = super.poll(Duration.ZERO);
            assignment().stream()
                    .filter(endingInAMarker::contains)
                    .filter(partition -> position(partition) == end(partition) - 1)
                    .forEach(partition -> seek(partition, end(partition)));
            if (records.isEmpty()) {
                pass(timeout.isZero() ? Duration.ofMillis(1) : timeout);
            }
            return records;
        }
    }

    /** Fails when told to; what it commits is published. */
    private final class Transactional extends MockProducer<byte[], byte[]> {
        private final List<String> sent = new ArrayList<>();
        private Map<TopicPartition, OffsetAndMetadata> offsets = Map.of();

        private Transactional() {
            super(true, new RoundRobinPartitioner(), new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public void initTransactions() {
            introductionFailure.ifPresent(failure -> {
                throw failure;
            });
            super.initTransactions();
        }

        @Override
        public void beginTransaction() {
            sent.clear();
            super.beginTransaction();
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
            sent.add(record.topic() + ":" + new String(record.value(), StandardCharsets.UTF_8));
            return super.send(record);
        }

        @Override
        public void sendOffsetsToTransaction(
                Map<TopicPartition, OffsetAndMetadata> sentOffsets, ConsumerGroupMetadata group) {
            offsets = Map.copyOf(sentOffsets);
            super.sendOffsetsToTransaction(sentOffsets, group);
        }

        @Override
        public void commitTransaction() {
            waitingCommits.incrementAndGet();
            gate.join();
            waitingCommits.decrementAndGet();
            RuntimeException failure = commitFailures.poll();
            if (failure != null) {
                throw failure;
            }
            super.commitTransaction();
            commit(sent, offsets);
        }
    }
}
