package io.framecast.worker;

import io.framecast.frame.Ticker;
import io.framecast.topic.MalformedRecordException;
import io.framecast.topic.RecordHeaders;
import io.framecast.topic.TopicKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a {@link Processor} exactly once over its share of the input topics. One thread polls, lets the processor work
 * and decides what to commit; another commits outputs and offsets in one transaction meanwhile, so that the next batch
 * is computed while the last one commits.
 *
 * <p>A killed worker loses and repeats nothing: its successor resumes each partition from the {@link Checkpoint} that
 * was committed with the last outputs. A failed transaction is treated alike.
 *
 * @param <I> what the inputs say
 * @param <O> what is published
 */
public final class TransactionalWorker<I, O> implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(TransactionalWorker.class);
    private static final Duration LONGEST_POLL = Duration.ofMillis(200);
    private static final Duration IDLE_COMMIT = Duration.ofSeconds(2);
    private static final Duration LEAVE = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final WorkerConfig config;
    private final Wiring<I, O> wiring;
    private final Processor<I, O> processor;
    private final Ticker ticker;
    private final InstantSource stamps;
    private final SparingLog warnings;
    private final Retry retry;
    private final Transactions transactions;
    private final Consumer<byte[], byte[]> consumer;
    private final OutputHistory outputs;
    private final DeadLetters deadLetters;
    private final Map<String, TopicKind> kinds;
    private final CountDownLatch assigned = new CountDownLatch(1);
    private final AtomicLong malformed = new AtomicLong();
    private final Map<TopicPartition, Partition> partitions = new HashMap<>();
    private final Map<TopicPartition, Long> beginnings = new HashMap<>();
    private Optional<KafkaException> notCommitted = Optional.empty();
    private Batch<O> committing = new Batch<>(List.of(), 0);
    private long lastCommit;
    private boolean hasMoved;
    private boolean hasFailed;
    private volatile boolean stopping;
    private volatile boolean draining;

    /** Where a partition was taken up, and how far it has been read. */
    private record Partition(Place place, long begun, long position) {
        Partition at(long next) {
            return new Partition(place, begun, next);
        }
    }

    /** What a transaction carries. */
    private record Batch<O>(List<O> outputs, int deadLetters) {}

    /**
     * Prepares a worker; nothing is read until {@link #run}.
     *
     * @param processor called on the thread that runs the worker
     */
    public TransactionalWorker(WorkerConfig config, Wiring<I, O> wiring, Processor<I, O> processor) {
        this(config, wiring, processor, WorkerClients.of(config), Ticker.system(), InstantSource.system(), time ->
                LockSupport.parkNanos(time.toNanos()));
    }

    TransactionalWorker(
            WorkerConfig config,
            Wiring<I, O> wiring,
            Processor<I, O> processor,
            WorkerClients clients,
            Ticker ticker,
            InstantSource stamps,
            java.util.function.Consumer<Duration> pause) {
        this.config = config;
        this.wiring = wiring;
        this.processor = processor;
        this.ticker = ticker;
        this.stamps = stamps;
        warnings = new SparingLog(log, ticker);
        retry = new Retry(config, () -> stopping, warnings::warn, pause);
        transactions = new Transactions(clients, config.transactionalId(), retry);
        consumer = clients.consumer();
        outputs = new OutputHistory(config.connection(), ticker);
        deadLetters = new DeadLetters(topic(TopicKind.DEAD_LETTER), warnings);
        kinds = wiring.inputs().keySet().stream().collect(Collectors.toMap(this::topic, kind -> kind));
        lastCommit = ticker.nanos();
    }

    private String topic(TopicKind kind) {
        return config.connection().topic(kind);
    }

    /** Whether the group has given it partitions. */
    public boolean isAssigned() {
        return assigned.getCount() == 0;
    }

    /** How many records were malformed, each counted once it is passed for good. */
    public long malformed() {
        return malformed.get();
    }

    /** Ends after the batch under way; what is left is the next worker's. */
    public void stop() {
        stopping = true;
    }

    /** Ends when all that is in the input topics now is done. */
    public void drain() {
        draining = true;
    }

    /**
     * Leaves the group at once, from any thread, while the processor is at something that nobody wants to wait for.
     * What it makes is never committed, so another worker makes it.
     */
    public void abandon() {
        stopping = true;
        transactions.abandon();
        try {
            consumer.close(CloseOptions.timeout(LEAVE));
        } catch (ConcurrentModificationException busy) {
            log.debug("the worker is using its consumer, so it ends by itself");
        }
    }

    /**
     * Runs until {@link #stop} or {@link #drain}.
     *
     * @throws io.framecast.topic.BrokerException if Kafka refuses it for good
     */
    @Override
    public void run() {
        try {
            transactions.introduce();
            consumer.subscribe(kinds.keySet(), new Assignment());
            Optional<Map<TopicPartition, Long>> end = Optional.empty();
            while (!stopping && !isDone(end)) {
                // Before the group has given it partitions, everything would seem to be done.
                if (end.isEmpty() && draining && isAssigned()) {
                    end = Optional.of(ends());
                }
                turn(end.isPresent());
            }
            finish();
        } finally {
            transactions.close();
            consumer.close(CloseOptions.timeout(CLOSE));
        }
    }

    private Map<TopicPartition, Long> ends() {
        var ends = new HashMap<TopicPartition, Long>();
        retry.untilDone(() -> ends.putAll(consumer.endOffsets(consumer.assignment())));
        return ends;
    }

    private boolean isDone(Optional<Map<TopicPartition, Long>> end) {
        return end.isPresent()
                && processor.isIdle()
                && end.get().entrySet().stream()
                        .allMatch(entry -> !partitions.containsKey(entry.getKey())
                                || partitions.get(entry.getKey()).position() >= entry.getValue());
    }

    /** Reads, lets the processor work, commits. */
    private void turn(boolean isDraining) {
        try {
            read();
            if (notCommitted.isPresent()) {
                throw notCommitted.get();
            }
            if (!transactions.isBusy()) {
                settle();
            }
            boolean isTime = ticker.since(lastCommit).compareTo(config.tuning().commitInterval()) >= 0;
            if (isTime || isDraining) {
                publish(processor.due(isDraining), isDraining);
            }
        } catch (WakeupException woken) {
            log.debug("woken up");
        } catch (KafkaException failure) {
            startAgain(failure);
        }
    }

    /**
     * Reads what has come. What the processor does not want now stays in its topic, and polling only tells the group
     * that the worker lives.
     */
    private void read() {
        boolean wants = pauseUnwanted();
        Duration patience = wants ? processor.patience() : Duration.ZERO;
        take(consumer.poll(patience.compareTo(LONGEST_POLL) < 0 ? patience : LONGEST_POLL));
        long begun = ticker.nanos();
        while (isBehind() && ticker.since(begun).compareTo(config.tuning().longestRead()) < 0 && pauseUnwanted()) {
            take(consumer.poll(LONGEST_POLL));
        }
    }

    /** Pauses and resumes partitions; true if any is wanted, or there are none. */
    private boolean pauseUnwanted() {
        var unwanted = partitions.entrySet().stream()
                .filter(entry -> !processor.wants(entry.getValue().place(), this::lag))
                .map(Map.Entry::getKey)
                .filter(consumer.assignment()::contains)
                .collect(Collectors.toSet());
        var wanted = new ArrayList<>(consumer.assignment());
        wanted.removeAll(unwanted);
        consumer.pause(unwanted);
        consumer.resume(wanted);
        return unwanted.isEmpty() || !wanted.isEmpty();
    }

    private long lag(Place place) {
        var partition = new TopicPartition(topic(place.topic()), place.partition());
        return consumer.assignment().contains(partition)
                ? consumer.currentLag(partition).orElse(0)
                : 0;
    }

    private boolean isBehind() {
        return consumer.assignment().stream()
                        .mapToLong(partition -> consumer.currentLag(partition).orElse(0))
                        .sum()
                > config.tuning().pollRecords();
    }

    private void take(ConsumerRecords<byte[], byte[]> records) {
        var polled = stamps.instant();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            var partition = new TopicPartition(record.topic(), record.partition());
            Partition known = partitions.get(partition);
            if (known == null) {
                continue; // revoked meanwhile
            }
            hasMoved = true;
            partitions.put(partition, known.at(record.offset() + 1));
            boolean isReadBack = record.offset() < known.begun();
            try {
                I value = decode(known.place().topic(), record);
                processor.accept(
                        new Input<>(known.place(), record.offset(), value, trace(record), polled, isReadBack));
            } catch (MalformedRecordException failure) {
                if (!isReadBack) {
                    reject(record, failure);
                }
            }
        }
    }

    private I decode(TopicKind kind, ConsumerRecord<byte[], byte[]> record) throws MalformedRecordException {
        Wiring.Decoder<I> decoder = wiring.inputs().get(kind);
        String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
        return decoder.decode(key, record.value() == null ? new byte[0] : record.value());
    }

    private static String trace(ConsumerRecord<byte[], byte[]> record) {
        var header = record.headers().lastHeader(RecordHeaders.TRACE);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    private void reject(ConsumerRecord<byte[], byte[]> record, MalformedRecordException failure) {
        if (wiring.deadLetters()) {
            deadLetters.add(record, failure);
        } else {
            malformed.incrementAndGet();
            log.debug("left out: {}", failure.getMessage());
        }
    }

    private void publish(List<O> due, boolean isDraining) {
        boolean isIdleLong = ticker.since(lastCommit).compareTo(IDLE_COMMIT) > 0;
        if (!due.isEmpty()
                || (!deadLetters.isEmpty() && deadLetters.anyPassedBy(offsets()))
                || (hasMoved && (isIdleLong || isDraining))) {
            commit(due);
        }
    }

    /** Waits for the commit before, and begins the next. */
    private void commit(List<O> due) {
        settle();
        var offsets = offsets();
        var letters = deadLetters.takePassedBy(offsets);
        committing = new Batch<>(due, letters.size());
        transactions.begin(() -> records(due, letters), offsets, consumer.groupMetadata());
        lastCommit = ticker.nanos();
        hasMoved = false;
    }

    private List<ProducerRecord<byte[], byte[]>> records(
            List<O> due, List<ProducerRecord<byte[], byte[]>> letters) {
        var records = new ArrayList<>(letters);
        due.forEach(output -> records.add(record(wiring.encoder().apply(output))));
        return records;
    }

    private ProducerRecord<byte[], byte[]> record(Output output) {
        return new ProducerRecord<>(
                topic(output.topic()),
                null,
                output.time().toEpochMilli(),
                output.key().getBytes(StandardCharsets.UTF_8),
                output.value(),
                output.trace().isEmpty()
                        ? RecordHeaders.of(output.schema())
                        : RecordHeaders.of(output.schema(), output.trace()));
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets() {
        var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
        partitions.forEach((partition, known) -> {
            Checkpoint done = processor.checkpoint(known.place(), known.position());
            offsets.put(partition, new OffsetAndMetadata(Math.max(done.next(), known.begun()), done.metadata()));
        });
        return offsets;
    }

    /** Waits for the commit under way, if there is one, and tells what it committed. */
    private void settle() {
        if (transactions.settle()) {
            hasFailed = false;
            malformed.addAndGet(committing.deadLetters());
            processor.committed(committing.outputs());
        }
    }

    /** After a failed transaction: takes it back, and reads again from what is committed. */
    private void startAgain(KafkaException failure) {
        notCommitted = Optional.empty();
        if (stopping) {
            log.debug("not committed", failure);
            return;
        }
        retry.requireHope(failure);
        warnings.warn("not committed, starting again from the last commit: " + failure.getMessage());
        if (hasFailed) {
            retry.backOff(); // it fails again and again
        }
        hasFailed = true;
        transactions.startAgain(failure);
        retry.untilDone(() -> {
            var mine = Set.copyOf(consumer.assignment());
            mine.forEach(this::forget);
            takeUp(mine);
        });
    }

    /** Ends in order: what inputs that have ended leave is published, and how far the rest is done. */
    private void finish() {
        try {
            settle();
            if (!stopping) {
                processor.end();
                publish(processor.due(true), true);
            } else {
                publish(List.of(), true);
            }
            settle();
        } catch (KafkaException failure) {
            log.warn("the last results were not committed; the next worker makes them: {}", failure.getMessage());
        }
    }

    /** Takes up partitions where they were left. */
    private void takeUp(Collection<TopicPartition> mine) {
        if (mine.isEmpty()) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> left = consumer.committed(Set.copyOf(mine));
        Map<TopicPartition, Long> first = consumer.beginningOffsets(mine);
        for (TopicPartition partition : mine) {
            var place = new Place(kinds.get(partition.topic()), partition.partition());
            Checkpoint checkpoint = Optional.ofNullable(left.get(partition))
                    .map(done -> new Checkpoint(done.offset(), done.metadata()))
                    .orElseGet(() -> new Checkpoint(begin(partition), ""));
            long from = Math.min(processor.resume(place, checkpoint), checkpoint.next());
            from = Math.max(from, first.getOrDefault(partition, 0L));
            consumer.seek(partition, from);
            partitions.put(partition, new Partition(place, checkpoint.next(), from));
        }
        var numbers = mine.stream().map(TopicPartition::partition).collect(Collectors.toSet());
        wiring.history().forEach(history -> outputs.restore(history, numbers, processor));
    }

    /** Where reading of a partition began that nobody has committed. */
    private long begin(TopicPartition partition) {
        return beginnings.computeIfAbsent(partition, consumer::position);
    }

    private void forget(TopicPartition partition) {
        partitions.remove(partition);
        deadLetters.forget(partition);
        processor.forget(partition.partition());
    }

    /** Follows the group. Called inside {@code poll}, so the processor is not at work; a commit may be under way. */
    private final class Assignment implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> mine) {
            takeUp(mine);
            assigned.countDown();
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> others) {
            try {
                settle(); // the next owner resumes from what is committed
            } catch (KafkaException failure) {
                notCommitted = Optional.of(failure);
            }
            others.forEach(beginnings::remove);
            others.forEach(TransactionalWorker.this::forget);
        }
    }
}
