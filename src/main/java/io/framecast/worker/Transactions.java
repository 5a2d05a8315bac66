package io.framecast.worker;

import io.framecast.frame.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits records together with the offsets they come from, one transaction at a time on a thread of its own: what a
 * killed worker had not committed it never did, and a worker that was thought dead cannot commit any more (KIP-447).
 * For one thread, but for {@link #abandon}.
 */
final class Transactions implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Transactions.class);
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final Duration SOON = Duration.ofMinutes(1);

    private final WorkerClients clients;
    private final String slot;
    private final ExecutorService committing;
    private final Retry retry;
    private final Ticker ticker;
    private final WorkerListener listener;
    private Optional<Long> fenced = Optional.empty();
    private volatile Producer<byte[], byte[]> producer;
    private String transactionalId;
    private Optional<CompletableFuture<Void>> underWay = Optional.empty();

    Transactions(WorkerClients clients, String transactionalId, Retry retry, Ticker ticker, WorkerListener listener) {
        this.clients = clients;
        this.slot = transactionalId;
        this.transactionalId = transactionalId;
        this.retry = retry;
        this.ticker = ticker;
        this.listener = listener;
        producer = open(transactionalId);
        committing = Executors.newSingleThreadExecutor(task -> {
            var thread = new Thread(task, "commit-" + transactionalId);
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Ends what a predecessor of the same transactional id left open; before the first commit.
     *
     * @throws KafkaException if Kafka did not answer until the worker was to stop
     */
    void initTransactions() {
        retry.untilDone(producer::initTransactions);
    }

    /**
     * Begins to commit; the one before must be settled.
     *
     * @param records encoded on the committing thread
     */
    void begin(
            Supplier<List<ProducerRecord<byte[], byte[]>>> records,
            Map<TopicPartition, OffsetAndMetadata> offsets,
            ConsumerGroupMetadata group) {
        Producer<byte[], byte[]> current = producer;
        underWay = Optional.of(CompletableFuture.runAsync(
                () -> {
                    long begun = ticker.nanos();
                    commit(current, records.get(), offsets, group);
                    listener.committed(ticker.since(begun));
                },
                committing));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a failed send fails the commit
    private static void commit(
            Producer<byte[], byte[]> producer,
            List<ProducerRecord<byte[], byte[]>> records,
            Map<TopicPartition, OffsetAndMetadata> offsets,
            ConsumerGroupMetadata group) {
        producer.beginTransaction();
        records.forEach(producer::send);
        // Flushing first keeps the offsets from racing the records to the coordinator: 3 ms instead of 30.
        producer.flush();
        producer.sendOffsetsToTransaction(offsets, group);
        producer.commitTransaction();
    }

    /** Whether a commit has begun that is not settled. */
    boolean isUnsettled() {
        return underWay.isPresent();
    }

    /** Whether a commit is under way that has not ended. */
    boolean isBusy() {
        return underWay.filter(commit -> !commit.isDone()).isPresent();
    }

    /**
     * Waits until the commit under way has ended.
     *
     * @return whether there was one
     * @throws KafkaException if nothing of it was committed; then {@link #recover}
     */
    boolean settle() {
        var commit = underWay;
        underWay = Optional.empty();
        try {
            commit.ifPresent(CompletableFuture::join);
            return commit.isPresent();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failure;
        }
    }

    /**
     * Takes a new producer after a failed transaction, once the one under way is settled: the cluster aborts what the
     * old producer had begun when the new one introduces itself. A transaction is fenced when another worker takes the
     * id, such as one on a copy of the data directory, and also when it timed out. So the id is tried once more; a
     * worker that is fenced again soon takes an id of its own, or the two would fence each other forever.
     */
    void recover(KafkaException failure) {
        producer.close(Duration.ZERO);
        if (Failures.isFenced(failure)) {
            if (fenced.filter(time -> ticker.since(time).compareTo(SOON) < 0).isPresent()) {
                transactionalId = slot + "." + UUID.randomUUID();
                log.warn("another worker uses the transactional id of this one, which goes on with a new id");
            }
            fenced = Optional.of(ticker.nanos());
        }
        producer = open(transactionalId);
        initTransactions();
    }

    private Producer<byte[], byte[]> open(String id) {
        Producer<byte[], byte[]> opened = clients.producer(id);
        listener.writes(opened);
        return opened;
    }

    /** Gives up what is under way, from any thread; nothing more is committed. */
    void abandon() {
        producer.close(Duration.ZERO);
    }

    @Override
    public void close() {
        committing.shutdown();
        try {
            if (!committing.awaitTermination(CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
                log.debug("a commit goes on without an answer");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        producer.close(CLOSE);
    }
}
