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
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
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
public final class TransactionalWorker<I, O> implements Worker {
    private static final Logger log = LoggerFactory.getLogger(TransactionalWorker.class);
    private static final Duration IDLE_COMMIT = Duration.ofSeconds(2);
    /** Longer than a group waits for a worker. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final Duration LEAVE = Duration.ofSeconds(1);

    private final WorkerConfig config;
    private final Wiring<I, O> wiring;
    private final Processor<I, O> processor;
    private final WorkerListener listener;
    private final Ticker ticker;
    private final RateLimitedLogger warnings;
    private final Retry retry;
    private final Transactions transactions;
    private final Consumer<byte[], byte[]> consumer;
    private final OutputHistory outputs;
    private final DeadLetters deadLetters;
    private final Object leaving = new Object();
    private final CountDownLatch assigned = new CountDownLatch(1);
    private final AtomicLong malformed = new AtomicLong();
    private final Intake<I, O> intake;
    private Optional<KafkaException> notCommitted = Optional.empty();
    private Batch<O> committing = new Batch<>(List.of(), List.of());
    private long lastCommit;
    private boolean hasMoved;
    private boolean hasFailed;
    private boolean hasJoined;
    private volatile boolean stopping;
    private volatile boolean draining;
    private volatile boolean abandoned;
    private volatile Optional<String> trouble = Optional.empty();

    /** What a transaction carries. */
    private record Batch<O>(List<O> outputs, List<MalformedRecordException.Kind> malformed) {}

    /**
     * Prepares a worker; nothing is read until {@link #run}.
     *
     * @param processor called on the thread that runs the worker
     */
    public TransactionalWorker(
            WorkerConfig config, Wiring<I, O> wiring, Processor<I, O> processor, WorkerListener listener) {
        this(
                config,
                wiring,
                processor,
                listener,
                WorkerClients.of(config),
                Ticker.system(),
                InstantSource.system(),
                time -> LockSupport.parkNanos(time.toNanos()));
    }

    TransactionalWorker(
            WorkerConfig config,
            Wiring<I, O> wiring,
            Processor<I, O> processor,
            WorkerListener listener,
            WorkerClients clients,
            Ticker ticker,
            InstantSource stamps,
            java.util.function.Consumer<Duration> pause) {
        this.config = config;
        this.wiring = wiring;
        this.processor = processor;
        this.listener = listener;
        this.ticker = ticker;
        warnings = new RateLimitedLogger(log, ticker);
        retry = new Retry(config, () -> stopping, this::tell, pause);
        transactions = new Transactions(clients, config.transactionalId(), retry, ticker, listener);
        consumer = clients.consumer();
        listener.reads(consumer);
        outputs = new OutputHistory(config.connection(), ticker);
        deadLetters = new DeadLetters(topic(TopicKind.DEAD_LETTER), warnings);
        intake = new Intake<>(config, wiring, processor, consumer, deadLetters, ticker, stamps, listener);
        lastCommit = ticker.nanos();
    }

    private String topic(TopicKind kind) {
        return config.connection().topic(kind);
    }

    @Override
    public boolean isAssigned() {
        return assigned.getCount() == 0;
    }

    /** How many records were malformed, each counted once it is passed for good. */
    public long malformed() {
        return malformed.get();
    }

    @Override
    public void stop() {
        stopping = true;
    }

    @Override
    public void drain() {
        draining = true;
    }

    @Override
    public void abandon() {
        abandoned = true;
        stopping = true;
        transactions.abandon();
        try {
            leave(LEAVE);
        } catch (ConcurrentModificationException busy) {
            log.debug("the worker is using its consumer, so it ends by itself");
        }
    }

    @Override
    public Optional<String> obstacle() {
        double silence = consumer.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("last-heartbeat-seconds-ago"))
                .map(metric -> metric.getValue().metricValue())
                .mapToDouble(value -> value instanceof Number number ? number.doubleValue() : 0)
                .max()
                .orElse(0);
        return silence > SILENCE.toSeconds()
                ? Optional.of("has not reached its group for " + Math.round(silence) + " s: check the brokers")
                : trouble;
    }

    private void tell(String words) {
        trouble = Optional.of(words);
        warnings.warn(words);
    }

    /**
     * Runs until {@link #stop} or {@link #drain}.
     *
     * @throws io.framecast.topic.BrokerException if Kafka refuses it for good
     */
    @Override
    public void run() {
        try {
            transactions.initTransactions();
            consumer.subscribe(intake.topics(), new Assignment());
            Optional<Map<TopicPartition, Long>> end = Optional.empty();
            while (!stopping && !isDone(end)) {
                // Before the group has given it partitions, everything would seem to be done.
                if (end.isEmpty() && draining && isAssigned()) {
                    end = Optional.of(ends());
                }
                pollOnce(end.isPresent());
            }
            finish();
        } catch (RuntimeException failure) {
            if (!abandoned && !(stopping && failure instanceof KafkaException)) {
                throw failure;
            }
            log.debug("ended; the next worker goes on from the last commit", failure);
        } finally {
            close();
        }
    }

    @Override
    public void close() {
        try {
            transactions.close();
        } finally {
            leave(CLOSE);
        }
    }

    /** Leaves the group, once. A consumer refuses a second thread, so the one that abandons is waited for. */
    private void leave(Duration longest) {
        synchronized (leaving) {
            consumer.close(CloseOptions.timeout(longest));
        }
    }

    private Map<TopicPartition, Long> ends() {
        var ends = new HashMap<TopicPartition, Long>();
        retry.untilDone(() -> ends.putAll(consumer.endOffsets(consumer.assignment())));
        return ends;
    }

    private boolean isDone(Optional<Map<TopicPartition, Long>> end) {
        return end.isPresent() && processor.isIdle() && intake.hasRead(end.get());
    }

    /** Reads, lets the processor work, commits. */
    private void pollOnce(boolean isDraining) {
        try {
            if (processor.reconfigure()) {
                settle();
                takeUpAgain();
            }
            intake.read();
            hasMoved |= intake.hasMoved();
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
            if (!transactions.isUnsettled()) {
                trouble = Optional.empty();
            }
        } catch (WakeupException woken) {
            log.debug("woken up");
        } catch (KafkaException failure) {
            recover(failure);
        }
    }

    private void publish(List<O> due, boolean isDraining) {
        boolean isIdleLong = ticker.since(lastCommit).compareTo(IDLE_COMMIT) > 0;
        if (!due.isEmpty()
                || (!deadLetters.isEmpty() && deadLetters.anyPassedBy(intake.offsets()))
                || (hasMoved && (isIdleLong || isDraining))) {
            commit(due);
        }
    }

    /** Waits for the commit before, and begins the next. */
    private void commit(List<O> due) {
        settle();
        var offsets = intake.offsets();
        var letters = deadLetters.takePassedBy(offsets);
        var malformed = letters.stream().map(DeadLetters.Letter::kind);
        committing = new Batch<>(
                due, Stream.concat(malformed, intake.takeLeftOut().stream()).toList());
        transactions.begin(() -> records(due, letters), offsets, consumer.groupMetadata());
        lastCommit = ticker.nanos();
        hasMoved = false;
    }

    private List<ProducerRecord<byte[], byte[]>> records(List<O> due, List<DeadLetters.Letter> letters) {
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        letters.forEach(letter -> records.add(letter.record()));
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

    /** Waits for the commit under way, if there is one, and tells what it committed. */
    private void settle() {
        if (transactions.settle()) {
            hasFailed = false;
            malformed.addAndGet(committing.malformed().size());
            committing.malformed().forEach(listener::malformed);
            processor.committed(committing.outputs());
        }
    }

    /** After a failure: takes back what is not committed, and reads again from what is. */
    private void recover(KafkaException failure) {
        notCommitted = Optional.empty();
        KafkaException cause = settled(failure);
        if (stopping) {
            log.debug("not committed", cause);
            return;
        }
        retry.requireHope(cause);
        listener.notCommitted();
        tell("not committed, starting again from the last commit: " + cause.getMessage());
        if (hasFailed) {
            retry.backOff(); // it fails again and again
        }
        hasFailed = true;
        transactions.recover(cause);
        retry.untilDone(this::takeUpAgain);
        if (hasJoined) { // also where taking up had failed when the group assigned them
            assigned.countDown();
        }
    }

    private void takeUpAgain() {
        intake.takeLeftOut();
        var mine = Set.copyOf(consumer.assignment());
        mine.forEach(intake::forget);
        takeUp(mine);
    }

    /** Waits for a commit that is under way while something else failed: it counts if it succeeds. */
    private KafkaException settled(KafkaException failure) {
        try {
            settle();
            return failure;
        } catch (KafkaException notCommittedEither) {
            return notCommittedEither;
        }
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
        intake.takeUp(mine);
        var numbers = mine.stream().map(TopicPartition::partition).collect(Collectors.toSet());
        if (!numbers.isEmpty()) {
            wiring.history().forEach(history -> outputs.restore(history, numbers, processor));
        }
    }

    /** Follows the group. Called inside {@code poll}, so the processor is not at work; a commit may be under way. */
    private final class Assignment implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> mine) {
            if (!abandoned) {
                hasJoined = true;
                takeUp(mine);
                assigned.countDown();
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> others) {
            if (abandoned) {
                return; // on the thread that abandons, while the processor may be at work
            }
            try {
                settle(); // the next owner resumes from what is committed
            } catch (KafkaException failure) {
                notCommitted = Optional.of(failure);
            }
            others.forEach(intake::release);
        }
    }
}
