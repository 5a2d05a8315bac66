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
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.MalformedRecordException;
import io.framecast.topic.ScoreCodec;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Frames in the topic of a running camera that it never made: by a host with a wrong clock, or another writer. */
class StrayFramesIT {
    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final Instant IN_2030 = Instant.parse("2030-01-01T00:00:00Z");
    private static final Duration WATCHED = Duration.ofSeconds(8);

    /** A forecast each half a second, less what a busy machine may skip. */
    private static final int FEWEST = 8;

    @TempDir
    Path folder;

    @Test
    void framesOf2030_stopNeitherForecastsNorScoresNorCommits() throws Exception {
        try (var run = FramecastProcess.start(
                folder,
                "run test:street --model persistence --preview none --port 0 --kafka-port 0 --data-dir data"
                        .split(" "))) {
            String kafka = run.line("kafka +(localhost:\\d+) .*", DEADLINE).group(1);
            await().atMost(DEADLINE).until(() -> scores(kafka).size() >= 3);

            publish(kafka, 1);
            goesOn(kafka, Duration.ofSeconds(5));
            publish(kafka, 20);
            goesOn(kafka, Duration.ofSeconds(30));

            run.interrupt();
            assertThat(run.exitCode(DEADLINE)).as(run::toString).isZero();
            assertThat(run.errors()).as(run::toString).isEmpty();
        }
    }

    /** Whether forecasts, scores and offsets move on, at the latest after a while. */
    private static void goesOn(String kafka, Duration longest) throws Exception {
        int before = scores(kafka).size();
        long forecastsBefore = forecasts(kafka);
        await().atMost(longest.plusSeconds(30))
                .until(() ->
                        forecasts(kafka) > forecastsBefore + 1 && scores(kafka).size() > before + 1);
        long forecasts = forecasts(kafka);
        int scored = scores(kafka).size();
        long offset = committed(kafka);
        await().pollDelay(WATCHED).atMost(WATCHED.plusSeconds(30)).until(() -> true);

        assertThat(forecasts(kafka)).isGreaterThan(forecasts + FEWEST);
        // Frames are kept for forecasts that are still to come: some 25 seconds of them.
        await().atMost(DEADLINE).until(() -> committed(kafka) > offset + 5 * FEWEST);
        List<Boolean> news = scores(kafka);
        assertThat(news).hasSizeGreaterThan(scored + FEWEST);
        assertThat(news.subList(scored, news.size()))
                .as("whether each was scored")
                .doesNotContain(false);
    }

    /** How many forecasts there are of what the camera really saw. */
    private static long forecasts(String kafka) {
        return TopicRecords.at(kafka, "framecast.forecasts.v1").stream()
                .filter(record -> record.timestamp() < IN_2030.toEpochMilli())
                .count();
    }

    /** Of each score, whether the errors of its first second are there. */
    private static List<Boolean> scores(String kafka) {
        return TopicRecords.at(kafka, "framecast.scores.v1").stream()
                .map(found -> {
                    try {
                        return ScoreCodec.decode(found.value()).getMseList().subList(0, 10).stream()
                                .noneMatch(mse -> Float.isNaN(mse));
                    } catch (MalformedRecordException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toList();
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

    private static void publish(String kafka, int count) {
        try (var publisher = new CameraPublisher(new KafkaConnection(kafka, "framecast", Map.of()))) {
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
