package io.framecast.worker;

import io.framecast.frame.CameraId;
import io.framecast.topic.ForecastCodec;
import io.framecast.topic.FrameCodec;
import io.framecast.topic.MalformedRecordException;
import io.framecast.topic.RecordHeaders;
import io.framecast.topic.TopicKind;
import io.framecast.worker.FrameProcessor.Position;
import io.framecast.worker.FrameProcessor.Result;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns frames into forecasts exactly once. One thread polls, lets the processor forecast, and commits forecasts and
 * offsets in one transaction; so a killed worker loses nothing and repeats nothing, and a worker that was thought dead
 * cannot commit any more (KIP-447).
 *
 * <p>Beside each offset stands, as its metadata, how far back the next worker must read to have the same windows.
 */
public final class ForecastLoop implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(ForecastLoop.class);
    private static final Duration LONGEST_POLL = Duration.ofMillis(200);
    /** How long to read on towards the newest frames before forecasting, when there are too many. */
    private static final Duration LONGEST_READ = Duration.ofSeconds(1);

    private static final int POLL_RECORDS = 500;
    private static final int LONGEST_REASON = 500;
    private static final Duration IDLE_COMMIT = Duration.ofSeconds(2);

    private final SparingLog warnings = new SparingLog(log);
    private final WorkerConfig config;
    private final FrameProcessor processor;
    private final ExactlyOnceClients clients;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String frames;
    private final String forecasts;
    private final String deadLetter;
    private final CountDownLatch assigned = new CountDownLatch(1);
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final AtomicBoolean draining = new AtomicBoolean();
    private final AtomicLong poisoned = new AtomicLong();
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private final Map<TopicPartition, Long> doneBefore = new HashMap<>();
    private final List<Poison> poison = new ArrayList<>();
    private Instant lastCommit = Instant.now();
    private boolean committedSince = true;
    private boolean moved;

    /**
     * Prepares the loop; nothing is read until {@link #run}.
     *
     * @param config names, cluster and where to begin
     * @param processor called on the thread that runs the loop
     */
    public ForecastLoop(WorkerConfig config, FrameProcessor processor) {
        this.config = config;
        this.processor = processor;
        frames = config.connection().topic(TopicKind.FRAMES);
        forecasts = config.connection().topic(TopicKind.FORECASTS);
        deadLetter = config.connection().topic(TopicKind.DEAD_LETTER);
        clients = new ExactlyOnceClients(config, consuming(), producing(), stopping::get, warnings);
        consumer = clients.consumer();
    }

    private static Map<String, Object> consuming() {
        return Map.of(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName(),
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, String.valueOf(POLL_RECORDS),
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "100",
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, String.valueOf(8 << 20));
    }

    private static Map<String, Object> producing() {
        return Map.of(
                ProducerConfig.BATCH_SIZE_CONFIG,
                String.valueOf(512 << 10),
                ProducerConfig.BUFFER_MEMORY_CONFIG,
                String.valueOf(64L << 20),
                // A dead letter is a record of the largest size, and the reason beside it.
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                String.valueOf(4 << 20),
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                "zstd",
                "compression.zstd.level",
                "1");
    }

    /** Counted down when the group has given this worker its first partitions. */
    public CountDownLatch assigned() {
        return assigned;
    }

    /** How many records were no frames and went to the dead-letter topic. */
    public long poisoned() {
        return poisoned.get();
    }

    /** Ends the loop after the micro-batch under way; what is left then is the next worker's. */
    public void stop() {
        stopping.set(true);
    }

    /**
     * Leaves the group at once, from any thread, while a model call goes on that nobody wants to wait for. What it
     * makes is never committed, so another worker makes it.
     */
    public void abandon() {
        stopping.set(true);
        clients.abandon();
    }

    /** Ends the loop when all frames that are in the topic now are done. */
    public void drain() {
        draining.set(true);
    }

    /** Runs until {@link #stop} or {@link #drain}. */
    @Override
    public void run() {
        try {
            clients.introduce();
            consumer.subscribe(List.of(frames), new Assignment());
            Map<TopicPartition, Long> end = null;
            while (!stopping.get() && !isDone(end)) {
                // Before the group has given it partitions, everything would seem to be done.
                if (end == null && draining.get() && assigned.getCount() == 0) {
                    end = consumer.endOffsets(consumer.assignment());
                }
                turn(end != null);
            }
            finish();
        } finally {
            clients.close();
        }
    }

    private boolean isDone(@Nullable Map<TopicPartition, Long> end) {
        return processor.isIdle() && clients.hasRead(end);
    }

    /** One turn: read, forecast a micro-batch if one is due, commit. */
    private void turn(boolean hurried) {
        try {
            read();
            forecastAndCommit(hurried);
        } catch (WakeupException e) {
            log.debug("woken up");
        } catch (KafkaException e) {
            startAgain(e);
        }
    }

    /**
     * Reads what has come. With too much waiting it only tells the group that it lives. When it has fallen behind it
     * reads on for a while, so that what a newer window overtakes is not forecast first.
     */
    private void read() {
        if (!processor.hasRoom()) {
            consumer.pause(consumer.assignment());
            take(consumer.poll(Duration.ZERO));
            return;
        }
        consumer.resume(consumer.paused());
        Duration patience = processor.patience();
        take(consumer.poll(patience.compareTo(LONGEST_POLL) < 0 ? patience : LONGEST_POLL));
        Instant longest = Instant.now().plus(LONGEST_READ);
        while (processor.hasRoom() && isBehind() && Instant.now().isBefore(longest)) {
            take(consumer.poll(LONGEST_POLL));
        }
    }

    private boolean isBehind() {
        return consumer.assignment().stream()
                        .mapToLong(partition -> consumer.currentLag(partition).orElse(0))
                        .sum()
                > POLL_RECORDS;
    }

    private void take(ConsumerRecords<byte[], byte[]> records) {
        Instant polled = Instant.now();
        records.forEach(record -> take(record, polled));
    }

    private void take(ConsumerRecord<byte[], byte[]> record, Instant polled) {
        var partition = new TopicPartition(record.topic(), record.partition());
        moved = true;
        positions.put(partition, record.offset() + 1);
        boolean readBack = record.offset() < doneBefore.getOrDefault(partition, 0L);
        try {
            var frame = FrameCodec.decode(record.value() == null ? new byte[0] : record.value());
            if (!Arrays.equals(key(frame.camera()), record.key())) {
                throw new MalformedRecordException("its key is not the frame's camera " + frame.camera(), null);
            }
            processor.accept(
                    new FrameRecord(frame, record.partition(), record.offset(), trace(record), polled), readBack);
        } catch (MalformedRecordException e) {
            if (!readBack) {
                poison.add(new Poison(partition, record.offset(), deadLetter(record, e)));
            }
        }
    }

    private static byte[] key(CameraId camera) {
        return camera.value().getBytes(StandardCharsets.UTF_8);
    }

    private static String trace(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(RecordHeaders.TRACE);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    private ProducerRecord<byte[], byte[]> deadLetter(
            ConsumerRecord<byte[], byte[]> record, MalformedRecordException failure) {
        var origin = record.topic() + "/" + record.partition() + "/" + record.offset();
        String reason = printable(String.valueOf(failure.getMessage()));
        warnings.warn(
                "bad record " + origin + " goes to " + deadLetter + ": " + reason + " (" + poisoned + " before it)");
        var headers = List.of(RecordHeaders.header("reason", reason), RecordHeaders.header("origin", origin));
        return new ProducerRecord<>(deadLetter, null, record.key(), record.value(), headers);
    }

    /** In one line and not too long: it may quote what a stranger wrote. */
    private static String printable(String text) {
        String cut = text.length() > LONGEST_REASON ? text.substring(0, LONGEST_REASON) + "..." : text;
        return cut.replaceAll("[^\\P{C}]", "?");
    }

    private void forecastAndCommit(boolean hurried) {
        List<Result> batch = processor.nextBatch(hurried);
        boolean idleLong = Duration.between(lastCommit, Instant.now()).compareTo(IDLE_COMMIT) > 0;
        if (!batch.isEmpty() || hasPassedPoison() || (moved && (idleLong || hurried))) {
            commit(batch);
        }
    }

    /** A record that is no frame, and what becomes of it. */
    private record Poison(TopicPartition partition, long offset, ProducerRecord<byte[], byte[]> letter) {
        /** Whether offsets, once committed, keep it from being read again. */
        boolean isBefore(Map<TopicPartition, OffsetAndMetadata> offsets) {
            OffsetAndMetadata next = offsets.get(partition);
            return next != null && offset < next.offset();
        }
    }

    /**
     * Whether a bad record waits for no window before it any more. Until then it stays here: put aside earlier, it
     * would be read and put aside again by whoever goes on from that window.
     */
    private boolean hasPassedPoison() {
        if (poison.isEmpty()) {
            return false;
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = offsets();
        return poison.stream().anyMatch(bad -> bad.isBefore(offsets));
    }

    private void commit(List<Result> results) {
        Map<TopicPartition, OffsetAndMetadata> offsets = offsets();
        List<Poison> passed =
                poison.stream().filter(bad -> bad.isBefore(offsets)).toList();
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        results.forEach(result -> records.add(record(result)));
        passed.forEach(bad -> records.add(bad.letter()));
        clients.commit(records, offsets);
        processor.committed(results);
        poisoned.addAndGet(passed.size());
        poison.removeIf(bad -> bad.isBefore(offsets));
        lastCommit = Instant.now();
        committedSince = true;
        moved = false;
    }

    private ProducerRecord<byte[], byte[]> record(Result result) {
        var forecast = result.forecast();
        return new ProducerRecord<>(
                forecasts,
                null,
                forecast.origin().time().toEpochMilli(),
                key(forecast.origin().camera()),
                ForecastCodec.encode(forecast),
                RecordHeaders.of("Forecast", result.trace()));
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets() {
        var offsets =
                new TreeMap<TopicPartition, OffsetAndMetadata>(Comparator.comparingInt(TopicPartition::partition));
        positions.forEach((partition, position) -> {
            Position done = processor.position(partition.partition(), position);
            offsets.put(
                    partition,
                    new OffsetAndMetadata(
                            Math.max(done.next(), doneBefore.getOrDefault(partition, 0L)),
                            String.valueOf(done.readBack())));
        });
        return offsets;
    }

    /** After a failed transaction: take it back, and read again from what is committed. */
    private void startAgain(KafkaException failure) {
        warnings.warn("forecasts not committed, starting again from the last commit: " + failure.getMessage());
        if (!committedSince) {
            ExactlyOnceClients.backOff(); // it fails again and again
        }
        committedSince = false;
        poison.clear();
        clients.startAgain(failure);
        var mine = List.copyOf(consumer.assignment());
        mine.forEach(this::forget);
        clients.retrying(() -> goTo(mine));
    }

    private void finish() {
        try {
            if (moved || hasPassedPoison()) {
                commit(List.of());
            }
        } catch (KafkaException e) {
            log.warn("the last offsets were not committed: {}", e.getMessage());
        }
    }

    private void forget(TopicPartition partition) {
        positions.remove(partition);
        doneBefore.remove(partition);
        poison.removeIf(bad -> bad.partition().equals(partition));
        processor.forget(partition.partition());
    }

    /** Moves to where the partitions' windows begin; what lies before the committed offset is only read back. */
    private void goTo(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(partitions));
        Map<TopicPartition, Long> beginning = consumer.beginningOffsets(partitions);
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata done = committed.get(partition);
            if (done != null) {
                doneBefore.put(partition, done.offset());
                long start = Math.max(readBack(done), beginning.getOrDefault(partition, 0L));
                consumer.seek(partition, Math.min(start, done.offset()));
            } else if (positions.isEmpty() && config.fromBeginning()) {
                consumer.seek(partition, beginning.getOrDefault(partition, 0L));
            }
        }
    }

    private static long readBack(OffsetAndMetadata done) {
        try {
            return Long.parseLong(done.metadata());
        } catch (NumberFormatException e) {
            return done.offset();
        }
    }

    /** Follows the group: one partition, one worker. Called inside {@code poll}, so no batch is under way. */
    private final class Assignment implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            goTo(partitions);
            assigned.countDown();
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            partitions.forEach(ForecastLoop.this::forget);
        }
    }
}
