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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The inputs of a worker: which partitions it has, where each was taken up, and how far it has been read. Hands records
 * to the processor; for the worker's thread.
 */
final class Intake<I, O> {
    private static final Logger log = LoggerFactory.getLogger(Intake.class);
    private static final Duration LONGEST_POLL = Duration.ofMillis(200);

    /** Longer than a transaction that nobody ends, which offsets are not known before. */
    private static final Duration LONGEST_LOOKUP = Duration.ofSeconds(20);

    /** More than a W3C trace context has. */
    private static final int LONGEST_TRACE = 128;

    private final WorkerConfig config;
    private final Wiring<I, O> wiring;
    private final Processor<I, O> processor;
    private final Consumer<byte[], byte[]> consumer;
    private final DeadLetters deadLetters;
    private final Ticker ticker;
    private final InstantSource stamps;
    private final Map<String, TopicKind> kinds;
    private final Map<TopicPartition, Partition> partitions = new HashMap<>();
    private final Map<TopicPartition, Long> beginnings = new HashMap<>();
    private boolean hasMoved;
    private final List<MalformedRecordException.Kind> leftOut = new ArrayList<>();
    private final WorkerListener listener;

    Intake(
            WorkerConfig config,
            Wiring<I, O> wiring,
            Processor<I, O> processor,
            Consumer<byte[], byte[]> consumer,
            DeadLetters deadLetters,
            Ticker ticker,
            InstantSource stamps,
            WorkerListener listener) {
        this.config = config;
        this.wiring = wiring;
        this.processor = processor;
        this.consumer = consumer;
        this.deadLetters = deadLetters;
        this.ticker = ticker;
        this.stamps = stamps;
        this.listener = listener;
        kinds = wiring.inputs().keySet().stream().collect(Collectors.toMap(config.connection()::topic, kind -> kind));
    }

    /** Where a partition was taken up, and how far it has been read. */
    private record Partition(InputPartition place, long begun, long position) {
        Partition at(long next) {
            return new Partition(place, begun, next);
        }
    }

    /** The topics it reads. */
    Set<String> topics() {
        return kinds.keySet();
    }

    /**
     * Reads what has come. What the processor does not want now stays in its topic, and polling only tells the group
     * that the worker lives.
     */
    void read() {
        pauseUnwanted();
        Duration patience = processor.timeUntilDue();
        take(consumer.poll(patience.compareTo(LONGEST_POLL) < 0 ? patience : LONGEST_POLL));
        long begun = ticker.nanos();
        while (behind() > config.tuning().pollRecords()
                && ticker.since(begun).compareTo(config.tuning().longestRead()) < 0
                && pauseUnwanted()) {
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

    /** How many records of a partition are to be read; before its first are fetched that is not known, and many. */
    private long lag(InputPartition place) {
        var partition = new TopicPartition(config.connection().topic(place.topic()), place.partition());
        return consumer.assignment().contains(partition)
                ? consumer.currentLag(partition).orElse(Long.MAX_VALUE)
                : 0;
    }

    /** How many records of its partitions are to be read, as far as that is known. */
    private long behind() {
        return consumer.assignment().stream()
                .mapToLong(partition -> consumer.currentLag(partition).orElse(0))
                .sum();
    }

    private void take(ConsumerRecords<byte[], byte[]> records) {
        var polled = stamps.instant();
        var newest = new HashMap<TopicPartition, Long>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            var partition = new TopicPartition(record.topic(), record.partition());
            Partition known = partitions.get(partition);
            if (known == null) {
                continue; // revoked meanwhile
            }
            hasMoved = true;
            newest.merge(partition, record.timestamp(), Math::max);
            partitions.put(partition, known.at(record.offset() + 1));
            boolean isReadBack = record.offset() < known.begun();
            try {
                I value = decode(known.place().topic(), record);
                processor.accept(new Input<>(known.place(), record.offset(), value, trace(record), polled, isReadBack));
            } catch (MalformedRecordException failure) {
                if (!isReadBack) {
                    reject(record, failure);
                }
            }
        }
        newest.values().stream()
                .min(Long::compare)
                .ifPresent(captured -> listener.read(behind(), age(captured, polled.toEpochMilli())));
    }

    /** How long before it was read a record was captured; anybody may have written its time. */
    private static Duration age(long captured, long read) {
        return Duration.ofMillis(read - Math.max(0, Math.min(captured, read)));
    }

    private I decode(TopicKind kind, ConsumerRecord<byte[], byte[]> record) throws MalformedRecordException {
        Wiring.Decoder<I> decoder = Objects.requireNonNull(wiring.inputs().get(kind));
        String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
        return decoder.decode(key, record.value() == null ? new byte[0] : record.value());
    }

    private static String trace(ConsumerRecord<byte[], byte[]> record) {
        var header = record.headers().lastHeader(RecordHeaders.TRACE);
        return header == null || header.value() == null || header.value().length > LONGEST_TRACE
                ? ""
                : new String(header.value(), StandardCharsets.UTF_8);
    }

    private void reject(ConsumerRecord<byte[], byte[]> record, MalformedRecordException failure) {
        if (wiring.deadLetters()) {
            deadLetters.add(record, failure);
        } else {
            leftOut.add(failure.kind());
            log.debug("left out: {}", failure.getMessage());
        }
    }

    /** Whether records have been read since the last call. */
    boolean hasMoved() {
        boolean moved = hasMoved;
        hasMoved = false;
        return moved;
    }

    /** What was wrong with the malformed records that have been left out since the last call. */
    List<MalformedRecordException.Kind> takeLeftOut() {
        List<MalformedRecordException.Kind> kinds = List.copyOf(leftOut);
        leftOut.clear();
        return kinds;
    }

    /**
     * Whether everything before some offsets of its partitions has been read. The consumer is asked, because the last
     * thing in a topic may be the end of a transaction, which is no record.
     */
    boolean hasRead(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .allMatch(end ->
                        !partitions.containsKey(end.getKey()) || consumer.position(end.getKey()) >= end.getValue());
    }

    /** How far each partition is done. */
    Map<TopicPartition, OffsetAndMetadata> offsets() {
        var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
        partitions.forEach((partition, known) -> {
            Checkpoint done = processor.checkpoint(known.place(), known.position());
            offsets.put(partition, new OffsetAndMetadata(Math.max(done.next(), known.begun()), done.metadata()));
        });
        return offsets;
    }

    /** Takes up partitions where they were left. */
    void takeUp(Collection<TopicPartition> mine) {
        if (mine.isEmpty()) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> left = committed(mine);
        Map<TopicPartition, Long> first = consumer.beginningOffsets(mine);
        for (TopicPartition partition : mine) {
            var place = new InputPartition(kind(partition), partition.partition());
            Checkpoint checkpoint = Optional.ofNullable(left.get(partition))
                    .map(done -> new Checkpoint(done.offset(), done.metadata()))
                    .orElseGet(() -> new Checkpoint(begin(partition), ""));
            long from = Math.min(processor.resume(place, checkpoint), checkpoint.next());
            from = Math.max(from, first.getOrDefault(partition, 0L));
            consumer.seek(partition, from);
            partitions.put(partition, new Partition(place, checkpoint.next(), from));
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> committed(Collection<TopicPartition> mine) {
        try {
            return consumer.committed(Set.copyOf(mine), LONGEST_LOOKUP);
        } catch (TimeoutException unsettled) {
            throw new TimeoutException(
                    "the offsets of group " + config.group() + " have not been known for " + LONGEST_LOOKUP.toSeconds()
                            + " s: check the brokers; if they are well, one of them has left a transaction open, which"
                            + " kafka-transactions.sh finds and aborts",
                    unsettled);
        }
    }

    /** Where reading of a partition began that nobody has committed. */
    private long begin(TopicPartition partition) {
        return beginnings.computeIfAbsent(partition, consumer::position);
    }

    /** Forgets a partition that is read again, or that another worker has. */
    void forget(TopicPartition partition) {
        partitions.remove(partition);
        deadLetters.forget(partition);
        processor.forget(partition.partition());
    }

    private TopicKind kind(TopicPartition partition) {
        return Objects.requireNonNull(kinds.get(partition.topic()));
    }

    /** Another worker has a partition now. */
    void release(TopicPartition partition) {
        beginnings.remove(partition);
        forget(partition);
    }
}
