package io.framecast.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.Persistence;
import io.framecast.forecast.Window;
import io.framecast.frame.CameraId;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Frames;
import io.framecast.topic.CameraPublisher;
import io.framecast.topic.EmbeddedBroker;
import io.framecast.topic.ForecastCodec;
import io.framecast.topic.ForecastLoopConfig;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.MalformedRecordException;
import io.framecast.topic.ScoreCodec;
import io.framecast.topic.ScoreLoop;
import io.framecast.topic.TopicAdmin;
import io.framecast.topic.TopicKind;
import io.framecast.topic.TopicReader;
import io.framecast.topic.TopicReader.Start;
import io.framecast.topic.proto.Score;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** Scoring on a real broker, by workers that stop and break. */
class ScoreIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final FrameShape SHAPE = new FrameShape(8, 8, 3);
    private static final int EVERY = 5;

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;

    private final List<Score> scores = new CopyOnWriteArrayList<>();
    private final List<ScoreLoop> loops = new ArrayList<>();
    private final List<Thread> workers = new ArrayList<>();
    private KafkaConnection kafka;
    private Disposable reading;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(directory, 0);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void prepare(TestInfo test) {
        kafka = new KafkaConnection(
                broker.bootstrap(), test.getTestMethod().orElseThrow().getName(), Map.of());
        new TopicAdmin(kafka).create(Optional.empty());
        reading = new TopicReader(kafka)
                .read(Map.of(TopicKind.SCORES, Start.BEGINNING))
                .subscribe(found -> scores.add(decode(found)));
    }

    @AfterEach
    void stop() throws InterruptedException {
        loops.forEach(ScoreLoop::stop);
        for (Thread worker : workers) {
            worker.join(20_000);
        }
        reading.dispose();
    }

    @Test
    void everyForecast_isScoredOnce_withTheErrorsThatOccurred() throws Exception {
        publish(List.of("a", "b", "c"), 0, 60);
        ScoreLoop loop = start(Integer.MAX_VALUE);
        loop.drain();

        awaitScores(List.of("a", "b", "c"), 60);
        assertThat(scores).allSatisfy(score -> {
            long origin = Long.parseLong(score.getForecastId().split("/", -1)[2]);
            for (int step = 1; step <= Forecast.HORIZON; step++) {
                double mse = score.getMse(step - 1);
                if (origin + step < 60) {
                    assertThat(mse).isCloseTo(Math.pow(step / 255.0, 2), within(1e-6));
                    assertThat(score.getPersistenceMse(step - 1)).isEqualTo((float) mse);
                    assertThat(score.getSkill(step - 1)).isZero();
                } else {
                    assertThat(mse).as("a frame that never came").isNaN();
                }
            }
        });
    }

    @Test
    void workersThatStopAndBreak_loseAndRepeatNothing() throws Exception {
        for (int life = 0; life < 6; life++) {
            publish(List.of("a", "b", "c", "d"), 20L * life, 20L * (life + 1));
            ScoreLoop loop = start(life % 2 == 0 ? 2 : Integer.MAX_VALUE);
            int before = scores.size();
            Thread worker = workers.get(life);
            await().atMost(SOON).until(() -> !worker.isAlive() || scores.size() > before || loop.isAssigned());
            loop.stop();
            worker.join(20_000);
        }
        start(Integer.MAX_VALUE).drain();

        awaitScores(List.of("a", "b", "c", "d"), 120);
    }

    @Test
    void damagedRecords_areLeftOut() throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", kafka.bootstrap()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            for (TopicKind kind : List.of(TopicKind.FRAMES, TopicKind.FORECASTS)) {
                producer.send(new ProducerRecord<>(kafka.topic(kind), "a", new byte[] {1, 2, 3}))
                        .get();
            }
        }
        publish(List.of("a"), 0, 50);
        ScoreLoop loop = start(Integer.MAX_VALUE);
        loop.drain();

        awaitScores(List.of("a"), 50);
        assertThat(loop.malformed()).isEqualTo(2);
    }

    /** Frames, and persistence's forecast from every fifth of them. */
    private void publish(List<String> cameras, long from, long to) throws ExecutionException, InterruptedException {
        try (var publisher = new CameraPublisher(kafka);
                var producer = new KafkaProducer<>(
                        Map.<String, Object>of("bootstrap.servers", kafka.bootstrap()),
                        new StringSerializer(),
                        new ByteArraySerializer())) {
            for (String camera : cameras) {
                var frames = new ArrayList<Frame>();
                for (long sequence = from; sequence < to; sequence++) {
                    frames.add(Frames.of(camera, Frames.EPOCH, sequence, SHAPE));
                }
                Flux.fromIterable(frames).flatMapSequential(publisher::publish).blockLast(SOON);
                for (Frame frame : frames) {
                    if (frame.sequence() % EVERY == 0) {
                        var window = new Window(new CameraId(camera), List.of(frame));
                        Forecast forecast =
                                new Persistence().forecast(List.of(window)).get(0);
                        producer.send(new ProducerRecord<>(
                                        kafka.topic(TopicKind.FORECASTS), camera, ForecastCodec.encode(forecast)))
                                .get();
                    }
                }
            }
        }
    }

    /** A worker that breaks after a number of scores; what it broke in is committed. */
    private ScoreLoop start(int breaksAfter) {
        var made = new int[1];
        var loop = new ScoreLoop(new ForecastLoopConfig(kafka, kafka.prefix(), kafka.prefix() + ".0", true), score -> {
            if (++made[0] >= breaksAfter) {
                throw new IllegalStateException("broken by the test");
            }
        });
        var worker = new Thread(loop, "score");
        worker.setUncaughtExceptionHandler((thread, failure) -> {});
        worker.start();
        loops.add(loop);
        workers.add(worker);
        return loop;
    }

    private void awaitScores(List<String> cameras, long frames) {
        var due = new TreeSet<String>();
        for (String camera : cameras) {
            for (long sequence = 0; sequence < frames; sequence += EVERY) {
                due.add(camera + "/" + Frames.EPOCH + "/" + sequence + "/persistence");
            }
        }
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(scores).extracting(Score::getForecastId).containsExactlyInAnyOrderElementsOf(due));
    }

    private static Score decode(TopicReader.Found found) {
        try {
            return ScoreCodec.decode(found.value());
        } catch (MalformedRecordException e) {
            throw new IllegalStateException(e);
        }
    }
}
