package io.framecast.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.FrameSurprise;
import io.framecast.forecast.Persistence;
import io.framecast.forecast.SurprisingStretch;
import io.framecast.forecast.Window;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Frames;
import io.framecast.frame.Pixels;
import io.framecast.score.CameraScorer;
import io.framecast.score.ScoreOutput;
import io.framecast.topic.CameraPublisher;
import io.framecast.topic.ForecastCodec;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.MalformedRecordException;
import io.framecast.topic.ScoreCodec;
import io.framecast.topic.SurpriseCodec;
import io.framecast.topic.TopicAdmin;
import io.framecast.topic.TopicKind;
import io.framecast.topic.TopicReader;
import io.framecast.topic.TopicReader.Start;
import io.framecast.topic.broker.EmbeddedBroker;
import io.framecast.topic.proto.Score;
import io.framecast.worker.TransactionalWorker;
import io.framecast.worker.WorkerConfig;
import io.framecast.worker.WorkerListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
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

    /** Far more than the errors that occur. */
    private static final double EXPECTED = 0.5;

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;

    private final List<Score> scores = new CopyOnWriteArrayList<>();
    private final List<FrameSurprise> judged = new CopyOnWriteArrayList<>();
    private final List<SurprisingStretch> stretches = new CopyOnWriteArrayList<>();
    private final List<TransactionalWorker<?, ?>> loops = new ArrayList<>();
    private final List<Thread> workers = new ArrayList<>();
    private final List<Throwable> deaths = new CopyOnWriteArrayList<>();
    private final Set<String> due = new TreeSet<>();
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
                .read(Map.of(
                        TopicKind.SCORES, Start.BEGINNING,
                        TopicKind.SURPRISE, Start.BEGINNING,
                        TopicKind.STRETCHES, Start.BEGINNING))
                .subscribe(this::take);
    }

    @AfterEach
    void stop() throws InterruptedException {
        loops.forEach(TransactionalWorker::stop);
        for (Thread worker : workers) {
            worker.join(20_000);
        }
        reading.dispose();
        assertThat(deaths).allSatisfy(cause -> assertThat(cause).hasMessage("broken by the test"));
        if (!due.isEmpty()) {
            assertThat(TopicContents.of(kafka, TopicKind.SCORES, (key, value) -> ScoreCodec.decode(value)))
                    .as("once all workers have ended, also what came late")
                    .extracting(Score::getForecastId)
                    .containsExactlyInAnyOrderElementsOf(due);
            assertThat(TopicContents.of(kafka, TopicKind.SURPRISE, (key, value) -> SurpriseCodec.frame(value)))
                    .extracting(frame -> frame.camera() + "/" + frame.frame())
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void everyForecast_isScoredOnce_withTheErrorsThatOccurred() throws Exception {
        publish(List.of("a", "b", "c"), 0, 60);
        TransactionalWorker<?, ?> loop = start(Integer.MAX_VALUE);
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
            TransactionalWorker<?, ?> loop = start(life % 2 == 0 ? 2 : Integer.MAX_VALUE);
            int before = scores.size();
            Thread worker = workers.get(life);
            await().atMost(SOON).until(() -> !worker.isAlive() || scores.size() > before || loop.isAssigned());
            loop.stop();
            worker.join(20_000);
        }
        start(Integer.MAX_VALUE).drain();

        awaitScores(List.of("a", "b", "c", "d"), 120);
        for (String camera : List.of("a", "b", "c", "d")) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(judged)
                            .filteredOn(frame -> frame.camera().value().equals(camera))
                            .containsExactlyElementsOf(judgedByOne(camera, 0, 120)));
            List<Float> means = scores.stream()
                    .filter(score -> score.getCamera().equals(camera))
                    .sorted(Comparator.comparing(Score::getOriginTimeUs))
                    .map(score -> score.getRecentMse(0))
                    .toList();
            assertThat(means)
                    .as("each worker goes on from the mean that was left")
                    .isSortedAccordingTo(Comparator.reverseOrder());
            assertThat(means)
                    .first()
                    .satisfies(mean -> assertThat(mean).isCloseTo((float) EXPECTED * 4 / 5, within(1e-3f)));
        }
    }

    @Test
    void surprisingStretch_acrossWorkers_hasOneBeginAndOneEnd() throws Exception {
        publish(List.of("a"), 0, 100);
        publishUnlikely("a", 100, 112);
        TransactionalWorker<?, ?> first = start(Integer.MAX_VALUE);
        await().atMost(SOON).until(() -> stretches.size() == 1);
        first.stop();
        workers.get(0).join(20_000);
        publish(List.of("a"), 112, 150);
        start(Integer.MAX_VALUE).drain();

        await().atMost(SOON).until(() -> stretches.size() == 2);
        workers.get(1).join(20_000);
        SurprisingStretch begun = stretches.get(0);
        SurprisingStretch ended = stretches.get(1);
        assertThat(begun.id()).isEqualTo("a/" + Frames.EPOCH + "/100");
        assertThat(begun.ended()).isFalse();
        assertThat(ended.id()).isEqualTo(begun.id());
        assertThat(ended.ended()).isTrue();
        assertThat(ended.end()).isAfterOrEqualTo(begun.begin());
        assertThat(ended.peak()).isGreaterThanOrEqualTo(FrameSurprise.THRESHOLD);
        assertThat(ended.map().strongest()).isGreaterThan(100);
        assertThat(stretches).hasSize(2);
    }

    /** What one scorer, that nothing befell, says of the frames. */
    private static List<FrameSurprise> judgedByOne(String camera, long from, long to) {
        var scorer = new CameraScorer();
        for (long sequence = from; sequence < to; sequence++) {
            Frame frame = Frames.of(camera, Frames.EPOCH, sequence, SHAPE);
            scorer.frame(frame, sequence);
            if (sequence % EVERY == 0) {
                scorer.forecast(forecast(frame), sequence);
                scorer.through();
            }
        }
        scorer.end();
        return scorer.judged();
    }

    private static Forecast forecast(Frame frame) {
        var window = new Window(frame.camera(), List.of(frame));
        Forecast forecast = new Persistence().forecast(List.of(window)).get(0);
        return new Forecast(
                forecast.origin(),
                forecast.model(),
                forecast.contextLength(),
                forecast.interval(),
                forecast.shape(),
                forecast.frames(),
                Collections.nCopies(Forecast.HORIZON, EXPECTED),
                forecast.stamps());
    }

    /** Frames that are nothing like the ones before. */
    private void publishUnlikely(String camera, long from, long to) throws ExecutionException, InterruptedException {
        publish(camera, from, to, frame -> {
            var bytes = new byte[SHAPE.bytes()];
            Arrays.fill(bytes, (byte) (frame.sequence() % 2 == 0 ? 250 : 0));
            return new Frame(
                    frame.camera(), frame.epoch(), frame.sequence(), frame.time(), SHAPE, Pixels.copyOf(bytes));
        });
    }

    @Test
    void aRoleThatBreaksOff_saysSo() throws Exception {
        publish(List.of("a"), 0, 60);
        try (var role = new WorkerRole("score", loop(1), () -> {}, false)) {
            assertThat(Readiness.obstacles(Optional.empty(), List.of(role), Optional.empty()))
                    .isEmpty();
            role.start();
            await().atMost(SOON).until(() -> role.obstacle().isPresent());
            assertThat(Readiness.obstacles(Optional.empty(), List.of(role), Optional.empty()))
                    .containsExactly("score: ended, the log says why; restart it");
            assertThatThrownBy(() -> role.ended().block(SOON)).hasMessageContaining("broken by the test");
            assertThat(role.failure())
                    .hasValueSatisfying(failure -> assertThat(failure).hasMessageContaining("broken by the test"));
        }
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
        TransactionalWorker<?, ?> loop = start(Integer.MAX_VALUE);
        loop.drain();

        awaitScores(List.of("a"), 50);
        assertThat(loop.malformed()).isEqualTo(2);
    }

    /** Frames, and persistence's forecast from every fifth of them. */
    private void publish(List<String> cameras, long from, long to) throws ExecutionException, InterruptedException {
        for (String camera : cameras) {
            publish(camera, from, to, UnaryOperator.identity());
        }
    }

    private void publish(String camera, long from, long to, UnaryOperator<Frame> change)
            throws ExecutionException, InterruptedException {
        try (var publisher = new CameraPublisher(kafka);
                var producer = new KafkaProducer<>(
                        Map.<String, Object>of("bootstrap.servers", kafka.bootstrap()),
                        new StringSerializer(),
                        new ByteArraySerializer())) {
            var frames = new ArrayList<Frame>();
            for (long sequence = from; sequence < to; sequence++) {
                frames.add(change.apply(Frames.of(camera, Frames.EPOCH, sequence, SHAPE)));
            }
            Flux.fromIterable(frames).flatMapSequential(publisher::publish).blockLast(SOON);
            for (Frame frame : frames) {
                if (frame.sequence() % EVERY == 0) {
                    producer.send(new ProducerRecord<>(
                                    kafka.topic(TopicKind.FORECASTS), camera, ForecastCodec.encode(forecast(frame))))
                            .get();
                }
            }
        }
    }

    /** A worker that breaks after a number of scores; what it broke in is committed. */
    private TransactionalWorker<?, ?> loop(int breaksAfter) {
        var made = new int[1];
        return ScoreRole.worker(
                new WorkerConfig(kafka, kafka.prefix(), kafka.prefix() + ".0", true, false, ScoreRole.tuning()),
                said -> {
                    if (said instanceof ScoreOutput.OfForecast && ++made[0] >= breaksAfter) {
                        throw new IllegalStateException("broken by the test");
                    }
                },
                WorkerListener.NONE);
    }

    private TransactionalWorker<?, ?> start(int breaksAfter) {
        TransactionalWorker<?, ?> loop = loop(breaksAfter);
        var worker = new Thread(loop, "score");
        worker.setUncaughtExceptionHandler((thread, failure) -> deaths.add(failure));
        worker.start();
        loops.add(loop);
        workers.add(worker);
        return loop;
    }

    private void awaitScores(List<String> cameras, long frames) {
        for (String camera : cameras) {
            for (long sequence = 0; sequence < frames; sequence += EVERY) {
                due.add(camera + "/" + Frames.EPOCH + "/" + sequence + "/persistence");
            }
        }
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(scores).extracting(Score::getForecastId).containsExactlyInAnyOrderElementsOf(due));
    }

    private void take(TopicReader.Found found) {
        try {
            switch (found.kind()) {
                case SCORES -> scores.add(ScoreCodec.decode(found.value()));
                case SURPRISE -> judged.add(SurpriseCodec.frame(found.value()));
                case STRETCHES -> stretches.add(SurpriseCodec.stretch(found.value()));
                default -> throw new IllegalStateException(found.kind() + " was not asked for");
            }
        } catch (MalformedRecordException e) {
            throw new IllegalStateException(e);
        }
    }
}
