package io.framecast.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.Forecaster;
import io.framecast.forecast.ModelVersion;
import io.framecast.forecast.Window;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Frames;
import io.framecast.frame.Pixels;
import io.framecast.frame.Ticker;
import io.framecast.predict.BatchConfig;
import io.framecast.predict.Policy;
import io.framecast.predict.PredictProcessor;
import io.framecast.topic.CameraPublisher;
import io.framecast.topic.ForecastCodec;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.MalformedRecordException;
import io.framecast.topic.TopicAdmin;
import io.framecast.topic.TopicKind;
import io.framecast.topic.TopicReader;
import io.framecast.topic.TopicReader.Start;
import io.framecast.topic.broker.EmbeddedBroker;
import io.framecast.worker.TransactionalWorker;
import io.framecast.worker.WorkerConfig;
import io.framecast.worker.WorkerListener;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
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

/** The exactly-once loop on a real broker, with workers that break. */
class ExactlyOnceIT {
    private static final int CONTEXT = 4;
    private static final int EVERY = 2;
    private static final FrameShape SHAPE = new FrameShape(2, 2, 3);
    private static final Duration SOON = Duration.ofSeconds(40);

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;

    private final List<Forecast> committed = new CopyOnWriteArrayList<>();
    private final List<Thread> workers = new ArrayList<>();
    private final List<TransactionalWorker<?, ?>> loops = new ArrayList<>();
    private final List<Throwable> deaths = new CopyOnWriteArrayList<>();
    private final Set<String> due = new TreeSet<>();
    private final CameraStats stats = new CameraStats(new SimpleMeterRegistry());
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
        String prefix = test.getTestMethod().orElseThrow().getName();
        kafka = new KafkaConnection(broker.bootstrap(), prefix, Map.of());
        new TopicAdmin(kafka).create(Optional.empty());
        reading = new TopicReader(kafka)
                .read(Map.of(TopicKind.FORECASTS, Start.BEGINNING))
                .subscribe(found -> committed.add(decode(found)));
    }

    @AfterEach
    void stop() throws InterruptedException {
        loops.forEach(TransactionalWorker::stop);
        for (Thread worker : workers) {
            worker.join(20_000);
        }
        reading.dispose();
        assertThat(deaths).allSatisfy(cause -> assertThat(cause).isInstanceOf(Broken.class));
        assertThat(TopicContents.of(kafka, TopicKind.FORECASTS, (key, value) -> ForecastCodec.decode(value)))
                .as("once all workers have ended, also what came late")
                .extracting(Forecast::id)
                .containsExactlyInAnyOrderElementsOf(due);
    }

    @Test
    void oneWorker_everyDueWindow_isForecastOnce() {
        publish(List.of("a", "b", "c"), 0, 40);
        start("0", new Worker(Integer.MAX_VALUE));
        awaitForecasts(List.of("a", "b", "c"), 40);
    }

    @Test
    void workersThatBreak_andTheirSuccessors_loseAndRepeatNothing() throws InterruptedException {
        publish(List.of("a", "b"), 0, 60);
        for (int life = 0; life < 6; life++) {
            // Each dies in the middle of a micro-batch: forecast, but not committed.
            start("0", new Worker(3 + life % 2));
            workers.get(life).join(30_000);
        }
        start("0", new Worker(Integer.MAX_VALUE));
        awaitForecasts(List.of("a", "b"), 60);
    }

    @Test
    void successor_readsTheContextBack_andForecastsTheSame() {
        publish(List.of("a"), 0, 11);
        start("0", new Worker(Integer.MAX_VALUE));
        awaitForecasts(List.of("a"), 11);
        loops.get(0).stop();
        await().atMost(SOON).until(() -> !workers.get(0).isAlive());
        publish(List.of("a"), 11, 30);
        start("0", new Worker(Integer.MAX_VALUE));
        awaitForecasts(List.of("a"), 30);
        assertThat(committed)
                .allSatisfy(forecast -> assertThat(forecast.frames().get(0).at(0))
                        .as("the mean of the whole context of " + forecast.id())
                        .isEqualTo(meanOfContext(forecast.origin().sequence())));
    }

    @Test
    void twoWorkers_oneLeaves_theOtherTakesItsCameras() {
        var cameras = List.of("a", "b", "c", "d", "e", "f");
        start("0", new Worker(Integer.MAX_VALUE));
        start("1", new Worker(Integer.MAX_VALUE));
        publish(cameras, 0, 20);
        awaitForecasts(cameras, 20);
        loops.get(0).stop();
        publish(cameras, 20, 40);
        awaitForecasts(cameras, 40);
    }

    /** As on a copy of a data directory: each has cameras, and both go on without fencing each other for ever. */
    @Test
    void twoWorkersOfOneName_bothWorkOn() {
        var cameras = List.of("a", "b", "c", "d", "e", "f");
        var first = new Worker(Integer.MAX_VALUE);
        var second = new Worker(Integer.MAX_VALUE);
        start("0", first);
        publish(cameras, 0, 20);
        awaitForecasts(cameras, 20);
        start("0", second);
        await().atMost(SOON).until(() -> loops.get(1).isAssigned());
        int before = first.made.get();
        publish(cameras, 20, 60);
        awaitForecasts(cameras, 60);
        publish(cameras, 60, 100);
        awaitForecasts(cameras, 100);

        assertThat(first.made.get()).isGreaterThan(before);
        assertThat(second.made.get()).isPositive();
    }

    @Test
    void recordsThatAreNoFrames_goToTheDeadLetters_andTheRestGoesOn() {
        publish(List.of("a"), 0, 10);
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", kafka.bootstrap()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            var unused = producer.send(new ProducerRecord<>(
                    kafka.topic(TopicKind.FRAMES), "a", "no frame".getBytes(StandardCharsets.UTF_8)));
            producer.flush();
        }
        publish(List.of("a"), 10, 20);
        start("0", new Worker(Integer.MAX_VALUE));
        awaitForecasts(List.of("a"), 20);
        var dead = Objects.requireNonNull(new TopicReader(kafka)
                .read(Map.of(TopicKind.DEAD_LETTER, Start.BEGINNING))
                .blockFirst(SOON));
        assertThat(new String(dead.value(), StandardCharsets.UTF_8)).isEqualTo("no frame");
        assertThat(loops.get(0).malformed()).isEqualTo(1);
    }

    @Test
    void recordsThatAreNoFrames_behindWindowsThatAreStillDue_arePutAsideOnce() {
        publish(List.of("a"), 0, 30);
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", kafka.bootstrap()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < 20; i++) {
                var unused = producer.send(
                        new ProducerRecord<>(kafka.topic(TopicKind.FRAMES), "a", ("no frame " + i).getBytes(UTF_8)));
            }
            producer.flush();
        }
        publish(List.of("a"), 30, 40);
        for (int life = 0; life < 4; life++) {
            start("0", new Worker(2)); // commits a batch, and breaks in a later one
            Thread worker = workers.get(life);
            await().atMost(SOON).until(() -> !worker.isAlive());
        }
        start("0", new Worker(Integer.MAX_VALUE));
        awaitForecasts(List.of("a"), 40);
        loops.get(4).drain();
        await().atMost(SOON).until(() -> !workers.get(4).isAlive());
        var letters = new CopyOnWriteArrayList<String>();
        Disposable readingLetters = new TopicReader(kafka)
                .read(Map.of(TopicKind.DEAD_LETTER, Start.BEGINNING))
                .subscribe(found -> letters.add(new String(found.value(), UTF_8)));
        await().pollDelay(Duration.ofSeconds(1)).atMost(SOON).until(() -> letters.size() >= 20);
        readingLetters.dispose();
        assertThat(letters).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void drain_endsWhenAllThatWasThereIsForecast() {
        publish(List.of("a", "b"), 0, 33);
        start("0", new Worker(Integer.MAX_VALUE));
        loops.get(0).drain();
        await().atMost(SOON).until(() -> !workers.get(0).isAlive());
        awaitForecasts(List.of("a", "b"), 33);
    }

    private void start(String place, Forecaster forecaster) {
        var batching = new BatchConfig(Policy.ALL, 4, Duration.ofMillis(5));
        var processor = new PredictProcessor(forecaster, batching, EVERY, stats, Ticker.system());
        var loop = PredictRole.worker(
                new WorkerConfig(
                        kafka,
                        kafka.prefix() + ".group",
                        kafka.prefix() + "." + place,
                        true,
                        false,
                        PredictRole.tuning()),
                processor,
                WorkerListener.NONE);
        var thread = new Thread(loop, "worker-" + workers.size());
        thread.setUncaughtExceptionHandler((dead, cause) -> deaths.add(cause));
        loops.add(loop);
        workers.add(thread);
        thread.start();
    }

    private void publish(List<String> cameras, long from, long to) {
        try (var publisher = new CameraPublisher(kafka)) {
            for (long sequence = from; sequence < to; sequence++) {
                for (String camera : cameras) {
                    publisher
                            .publish(Frames.of(camera, Frames.EPOCH, sequence, SHAPE))
                            .block(SOON);
                }
            }
        }
    }

    private void awaitForecasts(List<String> cameras, long frames) {
        for (String camera : cameras) {
            for (long sequence = CONTEXT - 1; sequence < frames; sequence += EVERY) {
                due.add(camera + "/" + Frames.EPOCH + "/" + sequence + "/mean");
            }
        }
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(committed).extracting(Forecast::id).containsExactlyInAnyOrderElementsOf(due));
    }

    private static Forecast decode(TopicReader.Found found) {
        try {
            return ForecastCodec.decode(found.value());
        } catch (MalformedRecordException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int meanOfContext(long last) {
        long sum = 0;
        for (long sequence = last - CONTEXT + 1; sequence <= last; sequence++) {
            sum += sequence;
        }
        return (int) (sum / CONTEXT);
    }

    private static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Forecasts the mean grey of the context, and breaks after a number of calls. */
    private static final class Worker implements Forecaster {
        private final int calls;
        private final AtomicInteger made = new AtomicInteger();

        private Worker(int calls) {
            this.calls = calls;
        }

        @Override
        public ModelVersion model() {
            return new ModelVersion("mean", "1");
        }

        @Override
        public int contextLength() {
            return CONTEXT;
        }

        @Override
        public List<Forecast> forecast(List<Window> windows) {
            if (made.incrementAndGet() >= calls) {
                throw new Broken();
            }
            return windows.stream().map(Worker::mean).toList();
        }

        private static Forecast mean(Window window) {
            var bytes = new byte[SHAPE.bytes()];
            int sum = window.frames().stream()
                    .mapToInt(frame -> frame.pixels().at(0))
                    .sum();
            Arrays.fill(bytes, (byte) (sum / window.length()));
            return new Forecast(
                    window.origin(),
                    new ModelVersion("mean", "1"),
                    window.length(),
                    window.interval(),
                    SHAPE,
                    Collections.nCopies(Forecast.HORIZON, Pixels.copyOf(bytes)),
                    Optional.empty());
        }
    }
}
