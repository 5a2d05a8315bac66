package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.framecast.frame.CameraId;
import io.framecast.frame.ClockSource;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.FrameTime;
import io.framecast.frame.Pixels;
import io.framecast.topic.CameraPublisher;
import io.framecast.topic.ForecastCodec;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.MalformedRecordException;
import io.framecast.topic.ScoreCodec;
import io.framecast.topic.TopicKind;
import io.framecast.topic.TopicReader;
import io.framecast.topic.TopicReader.Start;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;

/** Frames in the topic of a running camera that it never made: by a host with a wrong clock, or another writer. */
class StrayFramesIT {
    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final Instant IN_2030 = Instant.parse("2030-01-01T00:00:00Z");
    private static final int EVERY = 5;

    /** How many frames of the camera are watched. */
    private static final int WATCHED = 80;

    /** A forecast each {@value #EVERY} frames, less what a busy machine may skip. */
    private static final int FEWEST = WATCHED / EVERY / 2;

    @TempDir
    Path folder;

    private final AtomicInteger frames = new AtomicInteger();

    /** How many forecasts there are of what the camera really saw. */
    private final AtomicInteger forecasts = new AtomicInteger();

    /** Of each score, whether the errors of its first ten steps are there. */
    private final List<Boolean> scores = new CopyOnWriteArrayList<>();

    @Test
    void framesOf2030_stopNeitherForecastsNorScoresNorCommits() throws Exception {
        try (var run = FramecastProcess.start(
                folder,
                ("run test:street --fps 30 --every " + EVERY
                                + " --model persistence --preview none --port 0 --kafka-port 0 --data-dir data")
                        .split(" "))) {
            String bootstrap = run.line("kafka +(localhost:\\d+) .*", DEADLINE).group(1);
            var kafka = new KafkaConnection(bootstrap, "framecast", Map.of());
            Disposable reading = read(kafka);
            await().atMost(DEADLINE).until(() -> scores.size() >= 3);

            publish(kafka, 1);
            goesOn(bootstrap);
            publish(kafka, 20);
            goesOn(bootstrap);

            reading.dispose();
            run.interrupt();
            assertThat(run.exitCode(DEADLINE)).as(run::toString).isZero();
            assertThat(run.errors()).as(run::toString).isEmpty();
        }
    }

    private Disposable read(KafkaConnection kafka) {
        return new TopicReader(kafka)
                .read(Map.of(
                        TopicKind.FRAMES, Start.BEGINNING,
                        TopicKind.FORECASTS, Start.BEGINNING,
                        TopicKind.SCORES, Start.BEGINNING))
                .subscribe(this::count);
    }

    private void count(TopicReader.Found found) {
        try {
            switch (found.kind()) {
                case FRAMES -> frames.incrementAndGet();
                case FORECASTS -> {
                    if (ForecastCodec.decode(found.value()).origin().time().isBefore(IN_2030)) {
                        forecasts.incrementAndGet();
                    }
                }
                default ->
                    scores.add(ScoreCodec.decode(found.value()).getMseList().subList(0, 10).stream()
                            .noneMatch(mse -> Float.isNaN(mse)));
            }
        } catch (MalformedRecordException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether forecasts, scores and offsets move on, at the latest after a while. */
    private void goesOn(String kafka) throws Exception {
        int scoresBefore = scores.size();
        int forecastsBefore = forecasts.get();
        await().atMost(DEADLINE).until(() -> forecasts.get() > forecastsBefore + 1 && scores.size() > scoresBefore + 1);
        int seen = frames.get();
        int forecast = forecasts.get();
        int scored = scores.size();
        long offset = committed(kafka);
        await().atMost(DEADLINE).until(() -> frames.get() >= seen + WATCHED);

        assertThat(forecasts.get()).isGreaterThan(forecast + FEWEST);
        // Frames are kept for forecasts that are still to come.
        await().atMost(DEADLINE).until(() -> committed(kafka) > offset + EVERY * FEWEST);
        List<Boolean> news = List.copyOf(scores);
        assertThat(news).hasSizeGreaterThan(scored + FEWEST);
        assertThat(news.subList(scored, news.size()))
                .as("whether each was scored")
                .doesNotContain(false);
    }

    /** How many frames the scorers need no more. */
    private static long committed(String kafka) throws ExecutionException, InterruptedException {
        try (var admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
            return admin
                    .listConsumerGroupOffsets("framecast.score")
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .entrySet()
                    .stream()
                    .filter(entry -> isOfFrames(entry.getKey()))
                    .mapToLong(entry -> entry.getValue().offset())
                    .sum();
        }
    }

    private static boolean isOfFrames(TopicPartition partition) {
        return partition.topic().equals("framecast.frames.v1");
    }

    private static void publish(KafkaConnection kafka, int count) {
        try (var publisher = new CameraPublisher(kafka)) {
            for (int sequence = 0; sequence < count; sequence++) {
                Instant time = IN_2030.plusMillis(100L * sequence);
                publisher
                        .publish(new Frame(
                                new CameraId("street"),
                                ChronoUnit.MICROS.between(Instant.EPOCH, IN_2030),
                                sequence,
                                new FrameTime(time, ClockSource.ARRIVAL, OptionalLong.empty()),
                                FrameShape.STANDARD,
                                Pixels.copyOf(new byte[FrameShape.STANDARD.bytes()])))
                        .block(DEADLINE);
            }
        }
    }
}
