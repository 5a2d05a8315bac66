package io.framecast.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.framecast.forecast.Forecast;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Frames;
import io.framecast.frame.Ticker;
import io.framecast.predict.BatchConfig;
import io.framecast.predict.Policy;
import io.framecast.predict.PredictProcessor;
import io.framecast.predict.RunningModel;
import io.framecast.score.ScoreOutput;
import io.framecast.topic.CameraPublisher;
import io.framecast.topic.ForecastCodec;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.ScoreCodec;
import io.framecast.topic.TopicAdmin;
import io.framecast.topic.TopicKind;
import io.framecast.topic.broker.EmbeddedBroker;
import io.framecast.worker.TransactionalWorker;
import io.framecast.worker.WorkerConfig;
import io.framecast.worker.WorkerListener;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that take over in the middle of a stream, on a real broker. */
class ModelChangeIT {
    private static final int CONTEXT = 4;
    private static final int EVERY = 2;
    private static final FrameShape SHAPE = new FrameShape(2, 2, 3);
    private static final List<String> CAMERAS = List.of("a", "b", "c", "d", "e");
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;
    private static int prefixes;

    private KafkaConnection kafka;
    private final CameraStats stats = new CameraStats(new SimpleMeterRegistry());
    private final List<Predictor> predictors = new ArrayList<>();
    private final List<Throwable> deaths = new CopyOnWriteArrayList<>();

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
        kafka = new KafkaConnection(broker.bootstrap(), "test" + prefixes++, Map.of());
        new TopicAdmin(kafka).create(Optional.empty());
    }

    @AfterEach
    void stop() {
        predictors.forEach(this::stop);
        assertThat(deaths).isEmpty();
    }

    private record Predictor(RunningModel model, TransactionalWorker<?, ?> loop, Thread thread) {}

    @ParameterizedTest
    @ValueSource(ints = {CONTEXT, CONTEXT + 3, CONTEXT - 2})
    void change_inTheMiddle_leavesOneForecastOfEachDueWindow(int contextLength) {
        var first = new MeanForecaster("first", CONTEXT);
        Predictor one = start("0", first);
        Predictor other = start("1", new MeanForecaster("first", CONTEXT));
        publish(0, 20);
        awaitForecasts(20);
        one.model().replaceWith(new MeanForecaster("second", contextLength));
        publish(20, 60); // a predictor changes between two batches of these
        awaitForecasts(60);
        other.model().replaceWith(new MeanForecaster("second", contextLength));
        publish(60, 80);
        awaitForecasts(80);

        assertThat(first.isClosed()).isTrue();
        assertThat(models()).containsEntry("a", List.of("first", "second"));
        audit(80);
    }

    @Test
    void changes_quicklyAfterEachOther_losesNothing_andEndsWithTheLast() {
        Predictor one = start("0", new MeanForecaster("first", CONTEXT));
        var given = new ArrayList<MeanForecaster>();
        for (int i = 0; i < 20; i++) {
            publish(5L * i, 5L * i + 5);
            for (String name : List.of("x", "y")) {
                var next = new MeanForecaster(name + i, CONTEXT + i % 3);
                given.add(next);
                one.model().replaceWith(next);
            }
        }
        awaitForecasts(100);
        publish(100, 110);
        awaitForecasts(110);

        assertThat(given.subList(0, given.size() - 1)).allMatch(MeanForecaster::isClosed);
        assertThat(one.model().current().model().name()).isEqualTo("y19");
        audit(110);
    }

    @Test
    void successor_ofALongerContext_andOneOfTheFirstAgain_goOnWithoutAGap() {
        Predictor one = start("0", new MeanForecaster("first", CONTEXT));
        publish(0, 31);
        awaitForecasts(31);
        stop(one);
        publish(31, 40); // while nobody forecasts, the group is told to run another model
        Predictor longer = start("0", new MeanForecaster("first", CONTEXT), new MeanForecaster("longer", 9));
        awaitForecasts(40);
        stop(longer);
        publish(40, 50);
        start("0", new MeanForecaster("first", CONTEXT));
        awaitForecasts(50);
        audit(50);
    }

    @Test
    void scores_goOn_overAChange() {
        Predictor one = start("0", new MeanForecaster("first", CONTEXT));
        var scored = new CopyOnWriteArrayList<ScoreOutput>();
        var scorer = ScoreRole.worker(
                new WorkerConfig(kafka, kafka.prefix() + ".s", kafka.prefix() + ".s.0", true, true, ScoreRole.tuning()),
                scored::add,
                WorkerListener.NONE);
        var scoring = new Thread(scorer, "scorer");
        scoring.start();
        publish(0, 40);
        awaitForecasts(40);
        one.model().replaceWith(new MeanForecaster("second", CONTEXT));
        publish(40, 100);
        awaitForecasts(100);
        int complete = CAMERAS.size() * dueOf("a", 100 - Forecast.HORIZON).size();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                TopicContents.of(kafka, TopicKind.SCORES, (key, value) -> ScoreCodec.score(value)))
                        .hasSizeGreaterThanOrEqualTo(complete)
                        .extracting(score -> score.model())
                        .contains("first", "second"));
        scorer.stop();
        await().atMost(SOON).until(() -> !scoring.isAlive());
        assertThat(TopicContents.of(kafka, TopicKind.SCORES, (key, value) -> ScoreCodec.score(value)))
                .extracting(score -> score.forecastId())
                .doesNotHaveDuplicates();
        audit(100);
    }

    private Predictor start(String slot, MeanForecaster first, MeanForecaster... asked) {
        var model = new RunningModel(first);
        for (MeanForecaster next : asked) {
            model.replaceWith(next);
        }
        var batching = new BatchConfig(Policy.ALL, 4, Duration.ofMillis(5));
        var loop = PredictRole.worker(
                new WorkerConfig(
                        kafka,
                        kafka.prefix() + ".group",
                        kafka.prefix() + "." + slot,
                        true,
                        false,
                        PredictRole.tuning()),
                new PredictProcessor(model, batching, EVERY, stats, Ticker.system()),
                WorkerListener.NONE);
        var thread = new Thread(loop, "predictor-" + predictors.size());
        thread.setUncaughtExceptionHandler((dead, cause) -> deaths.add(cause));
        thread.start();
        var predictor = new Predictor(model, loop, thread);
        predictors.add(predictor);
        return predictor;
    }

    private void stop(Predictor predictor) {
        predictor.loop().stop();
        await().atMost(SOON).until(() -> !predictor.thread().isAlive());
        predictor.model().close();
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

    private static List<String> dueOf(String camera, long frames) {
        var due = new ArrayList<String>();
        for (long sequence = CONTEXT - 1; sequence < frames; sequence += EVERY) {
            due.add(camera + " " + sequence);
        }
        return due;
    }

    private static String place(Forecast forecast) {
        return forecast.origin().camera() + " " + forecast.origin().sequence();
    }

    private void awaitForecasts(long frames) {
        var due = new TreeSet<String>();
        CAMERAS.forEach(camera -> due.addAll(dueOf(camera, frames)));
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(300))
                .untilAsserted(() -> assertThat(forecasts())
                        .extracting(ModelChangeIT::place)
                        .containsExactlyInAnyOrderElementsOf(due));
    }

    /** Each due window has one forecast, by the model that it names, of that model's context. */
    private void audit(long frames) {
        predictors.forEach(this::stop);
        awaitForecasts(frames);
        assertThat(forecasts())
                .allSatisfy(forecast -> assertThat(forecast.frames().get(0).at(0))
                        .as("mean of the whole context of " + forecast.id())
                        .isEqualTo(meanOf(forecast.origin().sequence(), forecast.contextLength())));
    }

    private static int meanOf(long last, int contextLength) {
        long sum = 0;
        for (long sequence = last - contextLength + 1; sequence <= last; sequence++) {
            sum += sequence;
        }
        return (int) (sum / contextLength);
    }

    /** The models of each camera, in the order in which they came. */
    private Map<String, List<String>> models() {
        return forecasts().stream()
                .collect(Collectors.groupingBy(
                        forecast -> forecast.origin().camera().value(),
                        Collectors.mapping(
                                forecast -> forecast.model().name(),
                                Collectors.collectingAndThen(
                                        Collectors.toList(),
                                        names -> names.stream().distinct().toList()))));
    }
}
