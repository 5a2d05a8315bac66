package io.framecast.worker;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.ForecastScore;
import io.framecast.forecast.FrameSurprise;
import io.framecast.forecast.SurprisingStretch;
import io.framecast.frame.CameraId;
import io.framecast.frame.Frame;
import io.framecast.score.CameraScorer;
import io.framecast.score.DoneOffsets;
import io.framecast.topic.ForecastCodec;
import io.framecast.topic.FrameCodec;
import io.framecast.topic.MalformedRecordException;
import io.framecast.topic.RecordHeaders;
import io.framecast.topic.ScoreCodec;
import io.framecast.topic.SurpriseCodec;
import io.framecast.topic.TopicKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scores every forecast exactly once, when the real frames have come, and says once of every frame how surprising it
 * was. One thread reads frames and forecasts of the same partitions, and commits scores, surprise and offsets in one
 * transaction.
 *
 * <p>Frames are committed as far back as they are kept, so that the next worker reads them again; of forecasts, those
 * done out of turn stand in the commit's metadata. What is usual for a camera the next worker reads back from the
 * surprise topic, which also tells it which frames have been judged.
 */
public final class ScoreLoop implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(ScoreLoop.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration IDLE_COMMIT = Duration.ofSeconds(2);
    private static final int FRAMES_AHEAD = CameraScorer.RETAINED / 4;

    /** After so long without a frame, what still waits for frames of a camera is scored as it is. */
    private static final Duration SILENCE = Duration.ofSeconds(60);

    /** Whoever writes frames may invent cameras. */
    private static final int MOST_CAMERAS = 256;

    private final WorkerConfig config;
    private final Consumer<ForecastScore> committed;
    private final SparingLog warnings = new SparingLog(log);
    private final ExactlyOnceClients clients;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String frames;
    private final String forecasts;
    private final String scores;
    private final String surprise;
    private final String stretches;
    private final CountDownLatch assigned = new CountDownLatch(1);
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final AtomicBoolean draining = new AtomicBoolean();
    private final AtomicLong malformed = new AtomicLong();
    private final Map<Integer, Partition> partitions = new HashMap<>();
    private Instant lastCommit = Instant.now();
    private boolean moved;

    /** What is known of a partition. */
    private static final class Partition {
        private final Map<CameraId, CameraScorer> cameras = new HashMap<>();
        private final Map<CameraId, Instant> heard = new HashMap<>();
        private final DoneOffsets done;
        private long framesPosition;

        private Partition(DoneOffsets done, long framesPosition) {
            this.done = done;
            this.framesPosition = framesPosition;
        }

        private CameraScorer camera(CameraId camera) throws MalformedRecordException {
            if (!cameras.containsKey(camera) && cameras.size() >= MOST_CAMERAS) {
                forgetOne(camera);
            }
            heard.put(camera, Instant.now());
            return cameras.computeIfAbsent(camera, id -> new CameraScorer());
        }

        /** Makes room for a camera in place of the one silent for longest, of those for which no forecast waits. */
        private void forgetOne(CameraId camera) throws MalformedRecordException {
            CameraId silent = cameras.entrySet().stream()
                    .filter(known -> known.getValue().isIdle())
                    .map(Map.Entry::getKey)
                    .min(Comparator.comparing(known -> heard.getOrDefault(known, Instant.EPOCH)))
                    .orElseThrow(() -> new MalformedRecordException(
                            "camera " + camera + " is one too many: " + MOST_CAMERAS + " of its partition are scored",
                            null));
            cameras.remove(silent);
            heard.remove(silent);
        }

        private long framesNeeded() {
            return cameras.values().stream()
                    .mapToLong(camera -> camera.firstOffset(framesPosition))
                    .min()
                    .orElse(framesPosition);
        }

        /** What a worker before said; no more cameras than are scored. */
        private Optional<CameraScorer> known(CameraId camera) {
            return cameras.containsKey(camera) || cameras.size() < MOST_CAMERAS
                    ? Optional.of(cameras.computeIfAbsent(camera, id -> new CameraScorer()))
                    : Optional.empty();
        }

        /** Forgets the frames of cameras that have been silent, so that they hold back no offset. */
        private void endSilent() {
            Instant limit = Instant.now().minus(SILENCE);
            heard.entrySet().removeIf(entry -> {
                CameraScorer camera = cameras.get(entry.getKey());
                boolean silent = entry.getValue().isBefore(limit);
                if (silent && camera != null && !camera.isIdle()) {
                    camera.end();
                    return false;
                }
                if (silent && camera != null) {
                    camera.end();
                    camera.forgetFrames();
                }
                return silent;
            });
        }
    }

    /**
     * Prepares the loop; nothing is read until {@link #run}.
     *
     * @param config names and cluster
     * @param committed takes each score when it is in the topic
     */
    public ScoreLoop(WorkerConfig config, Consumer<ForecastScore> committed) {
        this.config = config;
        this.committed = committed;
        frames = config.connection().topic(TopicKind.FRAMES);
        forecasts = config.connection().topic(TopicKind.FORECASTS);
        scores = config.connection().topic(TopicKind.SCORES);
        surprise = config.connection().topic(TopicKind.SURPRISE);
        stretches = config.connection().topic(TopicKind.STRETCHES);
        clients = new ExactlyOnceClients(config, consuming(), Map.of(), stopping::get, warnings);
        consumer = clients.consumer();
    }

    private static Map<String, Object> consuming() {
        return Map.of(
                // By range, the same partitions of both topics come to the same worker.
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, RangeAssignor.class.getName(),
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "128",
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, String.valueOf(2 << 20));
    }

    /** How many records were neither frame nor forecast. */
    public long malformed() {
        return malformed.get();
    }

    /** Whether the group has given it partitions. */
    public boolean isAssigned() {
        return assigned.getCount() == 0;
    }

    /** Ends the loop soon; what waits for frames is the next worker's. */
    public void stop() {
        stopping.set(true);
    }

    /** Ends the loop when all frames and forecasts that are in the topics now are read, and scores what then waits. */
    public void drain() {
        draining.set(true);
    }

    /** Runs until {@link #stop} or {@link #drain}. */
    @Override
    public void run() {
        try {
            clients.introduce();
            consumer.subscribe(List.of(frames, forecasts), new Assignment());
            Map<TopicPartition, Long> end = null;
            while (!stopping.get() && !clients.hasRead(end)) {
                if (end == null && draining.get() && isAssigned()) {
                    end = consumer.endOffsets(consumer.assignment());
                }
                turn();
            }
            finish(end != null);
        } finally {
            clients.close();
        }
    }

    private void turn() {
        try {
            holdBackFrames();
            consumer.poll(POLL).forEach(this::take);
            partitions.values().forEach(Partition::endSilent);
            commit(false);
        } catch (KafkaException e) {
            startAgain(e);
        }
    }

    /** Frames wait while forecasts of earlier ones are still to be read, so that those find their frames. */
    private void holdBackFrames() {
        partitions.forEach((number, partition) -> {
            var place = new TopicPartition(frames, number);
            var about = new TopicPartition(forecasts, number);
            if (!consumer.assignment().containsAll(Set.of(place, about))) {
                return;
            }
            boolean behind = consumer.currentLag(about).orElse(0) > 0;
            boolean ahead = partition.cameras.values().stream().anyMatch(camera -> camera.framesAhead() > FRAMES_AHEAD);
            if (behind && ahead) {
                consumer.pause(Set.of(place));
            } else {
                consumer.resume(Set.of(place));
            }
        });
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        Partition partition = partitions.get(record.partition());
        if (partition == null) {
            return; // revoked meanwhile
        }
        moved = true;
        byte[] value = record.value() == null ? new byte[0] : record.value();
        boolean isForecast = record.topic().equals(forecasts);
        if (isForecast && partition.done.isDone(record.offset())) {
            return;
        }
        try {
            if (isForecast) {
                Forecast forecast = ForecastCodec.decode(value);
                partition.camera(forecast.origin().camera()).forecast(forecast, record.offset());
            } else {
                partition.framesPosition = record.offset() + 1;
                Frame frame = FrameCodec.decode(value);
                partition.camera(frame.camera()).frame(frame, record.offset());
            }
        } catch (MalformedRecordException e) {
            malformed.incrementAndGet();
            log.debug("not scored: {}", e.getMessage());
            if (isForecast) {
                partition.done.finish(record.offset());
            }
        }
    }

    /** What there is to say since the last commit. */
    private static final class News {
        private final List<ForecastScore> scores = new ArrayList<>();
        private final List<FrameSurprise> frames = new ArrayList<>();
        private final List<SurprisingStretch> stretches = new ArrayList<>();

        private void collect(Partition partition) {
            partition.cameras.values().forEach(camera -> {
                camera.through().forEach(scored -> {
                    partition.done.finish(scored.offset());
                    scores.add(scored.score());
                });
                frames.addAll(camera.judged());
                stretches.addAll(camera.stretches());
            });
        }

        private boolean isEmpty() {
            return scores.isEmpty() && frames.isEmpty() && stretches.isEmpty();
        }
    }

    private void commit(boolean hurried) {
        var news = new News();
        partitions.values().forEach(news::collect);
        boolean idleLong = Duration.between(lastCommit, Instant.now()).compareTo(IDLE_COMMIT) > 0;
        if (news.isEmpty() && !(moved && (idleLong || hurried))) {
            return;
        }
        clients.commit(records(news), offsets());
        partitions.values().forEach(partition -> partition.done.committed());
        news.scores.forEach(committed);
        lastCommit = Instant.now();
        moved = false;
    }

    private List<ProducerRecord<byte[], byte[]>> records(News news) {
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        news.scores.forEach(score -> records.add(
                record(scores, score.origin().camera(), score.origin().time(), ScoreCodec.encode(score), "Score")));
        news.frames.forEach(frame ->
                records.add(record(surprise, frame.camera(), frame.time(), SurpriseCodec.encode(frame), "Surprise")));
        news.stretches.forEach(stretch -> records.add(record(
                stretches, stretch.camera(), stretch.begin(), SurpriseCodec.encode(stretch), "SurprisingStretch")));
        return records;
    }

    private static ProducerRecord<byte[], byte[]> record(
            String topic, CameraId camera, Instant time, byte[] value, String schema) {
        return new ProducerRecord<>(
                topic,
                null,
                time.toEpochMilli(),
                camera.value().getBytes(StandardCharsets.UTF_8),
                value,
                RecordHeaders.of(schema));
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets() {
        var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
        partitions.forEach((number, partition) -> {
            offsets.put(new TopicPartition(frames, number), new OffsetAndMetadata(partition.framesNeeded()));
            offsets.put(
                    new TopicPartition(forecasts, number),
                    new OffsetAndMetadata(partition.done.next(), partition.done.metadata()));
        });
        return offsets;
    }

    private void startAgain(KafkaException failure) {
        warnings.warn("scores not committed, starting again from the last commit: " + failure.getMessage());
        ExactlyOnceClients.backOff();
        clients.startAgain(failure);
        partitions.clear();
        clients.retrying(() -> goTo(consumer.assignment()));
    }

    private void finish(boolean drained) {
        try {
            if (drained) {
                partitions
                        .values()
                        .forEach(partition -> partition.cameras.values().forEach(CameraScorer::end));
            }
            commit(true);
        } catch (KafkaException e) {
            log.warn("the last scores were not committed: {}", e.getMessage());
        }
    }

    /** Takes up partitions where they were left. */
    private void goTo(Collection<TopicPartition> assigned) {
        Map<TopicPartition, OffsetAndMetadata> left = consumer.committed(Set.copyOf(assigned));
        for (TopicPartition place : assigned) {
            OffsetAndMetadata done = left.get(place);
            if (done != null) {
                consumer.seek(place, done.offset());
            }
            long position = consumer.position(place);
            Partition partition = partitions.get(place.partition());
            if (place.topic().equals(forecasts)) {
                var doneOffsets = new DoneOffsets(position, done == null ? "" : done.metadata());
                partitions.put(
                        place.partition(),
                        new Partition(doneOffsets, partition == null ? 0 : partition.framesPosition));
            } else if (partition == null) {
                partitions.put(place.partition(), new Partition(new DoneOffsets(0, ""), position));
            } else {
                partition.framesPosition = position;
            }
        }
        restore(assigned.stream().map(TopicPartition::partition).collect(Collectors.toSet()));
    }

    private void restore(Set<Integer> numbers) {
        new ScorerHistory(config.connection()).read(numbers, new ScorerHistory.Reader() {
            @Override
            public void frame(int partition, FrameSurprise frame) {
                camera(partition, frame.camera()).ifPresent(camera -> camera.restore(frame));
            }

            @Override
            public void stretch(int partition, SurprisingStretch stretch) {
                camera(partition, stretch.camera()).ifPresent(camera -> camera.restore(stretch));
            }

            @Override
            public void score(int partition, ForecastScore score) {
                camera(partition, score.origin().camera()).ifPresent(camera -> camera.restore(score));
            }
        });
    }

    private Optional<CameraScorer> camera(int partition, CameraId camera) {
        return Optional.ofNullable(partitions.get(partition)).flatMap(found -> found.known(camera));
    }

    /** Called inside {@code poll}. */
    private final class Assignment implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> places) {
            goTo(places);
            assigned.countDown();
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> places) {
            places.forEach(place -> partitions.remove(place.partition()));
        }
    }
}
