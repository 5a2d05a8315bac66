package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.framecast.forecast.Forecast;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Frames;
import io.framecast.motion.FlowFade;
import io.framecast.topic.CameraPublisher;
import io.framecast.topic.ForecastCodec;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.MalformedRecordException;
import io.framecast.topic.ScoreCodec;
import io.framecast.topic.TopicAdmin;
import io.framecast.topic.TopicKind;
import io.framecast.topic.TopicReader;
import io.framecast.topic.TopicReader.Start;
import io.framecast.topic.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * Two predictors of one group under load, one of them killed (kill -9) again and again at random moments; they score
 * too.
 */
@Tag("faults")
class KilledPredictorsIT {
    private static final Duration SOON = Duration.ofMinutes(5);
    private static final int KILLS = 30;
    private static final int EVERY = 2;
    private static final List<String> CAMERAS = List.of("a", "b", "c", "d", "e", "f");

    @TempDir
    Path folder;

    private final Random random = new Random(30);
    private final AtomicLong next = new AtomicLong();

    @Test
    void predictor_killedThirtyTimes_everyDueForecastAndScoreIsThereOnce() {
        try (var broker = EmbeddedBroker.start(folder.resolve("kafka"), 0)) {
            var kafka = new KafkaConnection(broker.bootstrap(), "framecast", Map.of());
            new TopicAdmin(kafka).create(Optional.empty());
            var found = new CopyOnWriteArrayList<String>();
            Disposable reading = new TopicReader(kafka)
                    .read(Map.of(TopicKind.FORECASTS, Start.BEGINNING))
                    .map(KilledPredictorsIT::decode)
                    .map(Forecast::id)
                    .subscribe(found::add);
            var scored = new CopyOnWriteArrayList<String>();
            Disposable readingScores = new TopicReader(kafka)
                    .read(Map.of(TopicKind.SCORES, Start.BEGINNING))
                    .map(KilledPredictorsIT::scored)
                    .subscribe(scored::add);
            var predictors = new ArrayList<FramecastProcess>();
            try (var publisher = new CameraPublisher(kafka)) {
                predictors.add(predictor(broker));
                predictors.add(predictor(broker));
                Disposable load = load(publisher);
                int working = killAgainAndAgain(broker, predictors);
                load.dispose();
                long frames = next.get();
                var due = due(frames);
                long stopped = System.nanoTime();
                await().atMost(SOON).until(() -> new TreeSet<>(found).containsAll(due));
                long foretold = System.nanoTime();
                var past = due(frames - Forecast.HORIZON);
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(new TreeSet<>(scored))
                                .as(() -> "scores, by " + predictors)
                                .containsAll(past));
                System.out.println(KILLS + " kills, " + working + " of them of a predictor at work: " + frames
                        + " frames of " + CAMERAS.size() + " cameras, " + due.size() + " due, " + found.size()
                        + " forecasts, the last " + seconds(stopped, foretold) + " s after the load; " + past.size()
                        + " scores due, " + scored.size() + " found, the last of those due "
                        + seconds(foretold, System.nanoTime()) + " s later");
                // Both end in order first, so that what comes late or twice is in the topics, and read.
                predictors.forEach(FramecastProcess::interrupt);
                predictors.forEach(process -> assertThat(process.exitCode(SOON)).isZero());
                await().during(Duration.ofSeconds(2)).atMost(SOON).until(() -> found.size() >= due.size());
                assertThat(found).doesNotHaveDuplicates().hasSameSizeAs(due);
                assertThat(scored).doesNotHaveDuplicates();
                assertThat(due).as("what scores are of").containsAll(scored);
                assertThat(working).isGreaterThan(KILLS / 3);
            } finally {
                predictors.forEach(FramecastProcess::close);
                reading.dispose();
                readingScores.dispose();
            }
        }
    }

    private static long seconds(long from, long to) {
        return Duration.ofNanos(to - from).toSeconds();
    }

    private FramecastProcess predictor(EmbeddedBroker broker) {
        return FramecastProcess.start(
                folder,
                ("predict --model flow-fade --policy all --max-batch 4 --data-dir data --every " + EVERY + " --kafka "
                                + broker.bootstrap())
                        .split(" "));
    }

    /** Six cameras at 10 frames a second, until disposed of; each frame of all cameras, or of none. */
    private Disposable load(CameraPublisher publisher) {
        return Flux.interval(Duration.ofMillis(100), Schedulers.newSingle("load", true))
                .onBackpressureBuffer()
                .doOnNext(tick -> {
                    long sequence = next.get();
                    for (String camera : CAMERAS) {
                        publisher
                                .publish(Frames.of(camera, Frames.EPOCH, sequence, FrameShape.STANDARD))
                                .subscribe();
                    }
                    next.incrementAndGet();
                })
                .subscribe();
    }

    /** How many of those killed had made forecasts. */
    private int killAgainAndAgain(EmbeddedBroker broker, List<FramecastProcess> predictors) {
        int working = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            int victim = random.nextInt(predictors.size());
            FramecastProcess process = predictors.get(victim);
            if (kill % 2 == 0) {
                process.line("forecast  .*", SOON);
            }
            Duration pause = Duration.ofMillis(random.nextInt(2500));
            await().pollDelay(pause).atMost(pause.plusSeconds(5)).until(() -> true);
            working += process.output().stream().anyMatch(line -> line.startsWith("forecast ")) ? 1 : 0;
            process.close();
            predictors.set(victim, predictor(broker));
        }
        return working;
    }

    private static Set<String> due(long frames) {
        var due = new TreeSet<String>();
        int context = new FlowFade().contextLength();
        for (String camera : CAMERAS) {
            for (long sequence = context - 1L; sequence < frames; sequence += EVERY) {
                due.add(camera + "/" + Frames.EPOCH + "/" + sequence + "/flow-fade");
            }
        }
        return due;
    }

    private static String scored(TopicReader.Found found) {
        try {
            return ScoreCodec.score(found.value()).forecastId();
        } catch (MalformedRecordException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Forecast decode(TopicReader.Found found) {
        try {
            return ForecastCodec.decode(found.value());
        } catch (MalformedRecordException e) {
            throw new IllegalStateException(e);
        }
    }
}
