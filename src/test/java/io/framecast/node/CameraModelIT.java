package io.framecast.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.Forecaster;
import io.framecast.forecast.ModelVersion;
import io.framecast.frame.CameraId;
import io.framecast.frame.CameraState;
import io.framecast.frame.CameraStatus;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Frames;
import io.framecast.frame.Ticker;
import io.framecast.predict.BatchConfig;
import io.framecast.predict.CameraModels;
import io.framecast.predict.Policy;
import io.framecast.predict.PredictProcessor;
import io.framecast.predict.RunningModel;
import io.framecast.topic.CameraPublisher;
import io.framecast.topic.ForecastCodec;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.TopicAdmin;
import io.framecast.topic.TopicKind;
import io.framecast.topic.broker.EmbeddedBroker;
import io.framecast.worker.TransactionalWorker;
import io.framecast.worker.WorkerConfig;
import io.framecast.worker.WorkerListener;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cameras with models of their own, on a real broker: each due window has one forecast, whatever changes. */
class CameraModelIT {
    private static final int CONTEXT = 4;
    private static final int EVERY = 2;
    private static final FrameShape SHAPE = new FrameShape(2, 2, 3);
    private static final List<String> CAMERAS = List.of("a", "b", "c", "d", "e");
    private static final Map<String, Integer> MODELS =
            Map.of("second", CONTEXT, "third", CONTEXT, "longer", CONTEXT + 5, "short", CONTEXT - 2);
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;
    private static int prefixes;

    private KafkaConnection kafka;
    private final CameraStats stats = new CameraStats(new SimpleMeterRegistry());
    private final List<Predictor> predictors = new ArrayList<>();
    private final List<Throwable> deaths = new CopyOnWriteArrayList<>();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final ExecutorService loader = Executors.newSingleThreadExecutor();

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(directory, 0);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void prepare() {
        kafka = new KafkaConnection(broker.bootstrap(), "models" + prefixes++, Map.of());
        new TopicAdmin(kafka).create(Optional.empty());
    }

    @AfterEach
    void stop() {
        predictors.forEach(this::stop);
        loader.shutdown();
        assertThat(deaths).isEmpty();
    }

    private record Predictor(
            RunningModel model,
            CameraModels own,
            CameraModelChanges changes,
            TransactionalWorker<?, ?> loop,
            Thread thread) {}

    private final class Shelf implements CameraModels.Shelf {
        @Override
        public Forecaster load(String name) {
            Integer contextLength = MODELS.get(name);
            if (contextLength == null) {
                throw new IllegalArgumentException("there is none");
            }
            return new MeanForecaster(name, contextLength);
        }

        @Override
        public boolean isUsual(String name) {
            return name.equals("first");
        }

        @Override
        public void loaded(String name, ModelVersion model) {
            told.add(name + " runs");
        }

        @Override
        public void refused(String name, CameraId camera, String why) {
            told.add(name + " of " + camera + ": " + why);
        }
    }

    private Predictor start(String slot) {
        var model = new RunningModel(new MeanForecaster("first", CONTEXT));
        var own = new CameraModels(new Shelf(), loader, Ticker.system());
        var changes = new CameraModelChanges(kafka, own, told::add);
        changes.start();
        var batching = new BatchConfig(Policy.ALL, 4, Duration.ofMillis(5));
        var loop = PredictRole.worker(
                new WorkerConfig(
                        kafka,
                        kafka.prefix() + ".group",
                        kafka.prefix() + "." + slot,
                        true,
                        false,
                        PredictRole.tuning()),
                new PredictProcessor(model, own, batching, EVERY, stats, Ticker.system()),
                WorkerListener.NONE);
        var thread = new Thread(loop, "predictor-" + predictors.size());
        thread.setUncaughtExceptionHandler((dead, cause) -> deaths.add(cause));
        thread.start();
        var predictor = new Predictor(model, own, changes, loop, thread);
        predictors.add(predictor);
        return predictor;
    }

    private void stop(Predictor predictor) {
        predictor.loop().stop();
        await().atMost(SOON).until(() -> !predictor.thread().isAlive());
        predictor.changes().close();
        predictor.model().close();
        predictor.own().close();
    }

    /** Says which model a camera is to have, as the process that captures it does. */
    private void name(String camera, String model) {
        var status = new CameraStatus(
                new CameraId(camera), CameraState.LIVE, Instant.now(), Optional.of(Instant.now()), 0, "");
        try (var publisher = new CameraPublisher(kafka)) {
            publisher.publish(status, model).block(SOON);
        }
    }

    private void publish(long from, long to) {
        try (var publisher = new CameraPublisher(kafka)) {
            for (long sequence = from; sequence < to; sequence++) {
                for (String camera : CAMERAS) {
                    publisher
                            .publish(Frames.of(camera, Frames.EPOCH, sequence, SHAPE))
                            .block(SOON);
                }
            }
        }
    }

    private List<Forecast> forecasts() {
        return TopicContents.of(kafka, TopicKind.FORECASTS, (key, value) -> ForecastCodec.decode(value));
    }

    private void awaitForecasts(long frames) {
        var due = new TreeSet<String>();
        for (String camera : CAMERAS) {
            for (long sequence = CONTEXT - 1; sequence < frames; sequence += EVERY) {
                due.add(camera + " " + sequence);
            }
        }
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(300))
                .untilAsserted(() -> assertThat(forecasts())
                        .extracting(forecast -> forecast.origin().camera() + " "
                                + forecast.origin().sequence())
                        .containsExactlyInAnyOrderElementsOf(due));
    }

    /** The model of each camera's newest forecast. */
    private Map<String, String> newestModels() {
        var newest = new HashMap<String, Forecast>();
        for (Forecast forecast : forecasts()) {
            newest.merge(
                    forecast.origin().camera().value(),
                    forecast,
                    (one, other) -> one.origin().sequence() > other.origin().sequence() ? one : other);
        }
        var models = new HashMap<String, String>();
        newest.forEach((camera, forecast) -> models.put(camera, forecast.model().name()));
        return models;
    }

    /** Publishes frames, ten at a time, until the newest forecasts are by these models; returns how many there are. */
    private long publishUntil(long from, Map<String, String> models) {
        long frames = from;
        for (int round = 0; round < 40; round++) {
            publish(frames, frames + 10);
            frames += 10;
            awaitForecasts(frames);
            if (newestModels().equals(models)) {
                return frames;
            }
        }
        assertThat(newestModels()).isEqualTo(models);
        return frames;
    }

    /** Each due window has one forecast, made of as many frames as it says. */
    private void audit(long frames) {
        predictors.forEach(this::stop);
        awaitForecasts(frames);
        assertThat(forecasts())
                .allSatisfy(forecast -> assertThat(forecast.frames().get(0).at(0))
                        .as("mean of the whole context of " + forecast.id())
                        .isEqualTo(meanOf(forecast.origin().sequence(), forecast.contextLength())))
                .filteredOn(forecast -> MODELS.containsKey(forecast.model().name()))
                .allSatisfy(forecast -> assertThat(forecast.contextLength())
                        .isEqualTo(MODELS.get(forecast.model().name())));
    }

    private static int meanOf(long last, int contextLength) {
        long sum = 0;
        for (long sequence = last - contextLength + 1; sequence <= last; sequence++) {
            sum += sequence % 256;
        }
        return (int) (sum / contextLength);
    }

    @Test
    void cameras_ofTwoModels_areForecastByTheirOwn_wherePredictorsShareThem() {
        name("a", "second");
        name("b", "third");
        name("c", "second");
        name("d", "first");
        start("0");
        start("1");
        long frames = publishUntil(0, Map.of("a", "second", "b", "third", "c", "second", "d", "first", "e", "first"));
        audit(frames);
    }

    @Test
    void changes_whileItRuns_loseAndRepeatNoWindow() {
        start("0");
        start("1");
        long frames = publishUntil(0, Map.of("a", "first", "b", "first", "c", "first", "d", "first", "e", "first"));
        name("a", "longer");
        name("b", "short");
        name("c", "second");
        frames = publishUntil(frames, Map.of("a", "longer", "b", "short", "c", "second", "d", "first", "e", "first"));
        name("a", "short");
        name("b", "longer");
        name("c", "");
        frames = publishUntil(frames, Map.of("a", "short", "b", "longer", "c", "first", "d", "first", "e", "first"));
        audit(frames);
    }

    @Test
    void changes_quicklyAfterEachOther_loseAndRepeatNoWindow() {
        start("0");
        publish(0, 10);
        awaitForecasts(10);
        List<String> names = List.of("longer", "short", "", "second", "nowhere", "third");
        for (int i = 0; i < 30; i++) {
            for (int camera = 0; camera < CAMERAS.size(); camera++) {
                name(CAMERAS.get(camera), names.get((i + camera) % names.size()));
            }
            publish(10 + 4L * i, 14 + 4L * i);
        }
        awaitForecasts(130);
        audit(130);
    }

    @Test
    void successor_knowsTheModelsOfCameras_andGoesOnWithoutAGap() {
        Predictor one = start("0");
        publish(0, 20);
        name("a", "longer");
        name("b", "second");
        var models = Map.of("a", "longer", "b", "second", "c", "first", "d", "first", "e", "first");
        long frames = publishUntil(20, models);
        stop(one);
        publish(frames, frames + 7);
        start("0");
        frames = publishUntil(frames + 7, models);
        audit(frames);
    }

    @ParameterizedTest
    @ValueSource(ints = {CONTEXT, CONTEXT + 3, CONTEXT - 2})
    void usualModel_changedMeanwhile_isThatOfTheOthersOnly(int contextLength) {
        Predictor one = start("0");
        name("a", "longer");
        long frames = publishUntil(0, Map.of("a", "longer", "b", "first", "c", "first", "d", "first", "e", "first"));
        one.model().replaceWith(new MeanForecaster("fresh", contextLength));
        frames = publishUntil(frames, Map.of("a", "longer", "b", "fresh", "c", "fresh", "d", "fresh", "e", "fresh"));
        audit(frames);
    }

    @Test
    void unknownModel_isToldOnce_andItsCameraGoesOnWithTheUsualOne() {
        name("a", "nowhere");
        name("b", "../second");
        name("c", "third");
        start("0");
        long frames = publishUntil(0, Map.of("a", "first", "b", "first", "c", "third", "d", "first", "e", "first"));
        assertThat(told).containsExactlyInAnyOrder("nowhere of a: there is none", "third runs");
        audit(frames);
    }
}
