package io.framecast.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.framecast.forecast.Forecast;
import io.framecast.frame.Frame;
import io.framecast.frame.Frames;
import io.framecast.predict.BatchConfig;
import io.framecast.predict.Policy;
import io.framecast.topic.CameraPublisher;
import io.framecast.topic.ForecastCodec;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.MalformedRecordException;
import io.framecast.topic.TopicAdmin;
import io.framecast.topic.TopicKind;
import io.framecast.topic.TopicReader;
import io.framecast.topic.TopicReader.Start;
import io.framecast.topic.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;

/** Predictors that are too slow for their cameras. */
class OverloadIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int CAMERAS = 40;

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;

    private final List<Forecast> committed = new CopyOnWriteArrayList<>();
    private KafkaConnection kafka;
    private Disposable reading = Disposables.disposed();

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
    }

    @AfterEach
    void stop() {
        reading.dispose();
    }

    /**
     * 40 cameras at 20 fps give 800 windows a second, a model of 8 windows in 100 ms takes 80: the age of a forecast,
     * in frames that its camera had published by the time it was committed, stays near the 10 that one round over all
     * cameras takes.
     */
    @Test
    void latest_tenTimesTooSlow_keepsTheAgeBounded() {
        var published = new AtomicLong();
        var ages = new CopyOnWriteArrayList<Long>();
        read(forecast -> ages.add(published.get() - forecast.origin().sequence()));
        var batching = new BatchConfig(Policy.LATEST, 8, Duration.ofMillis(5));
        try (var predictors = new Predictors(kafka, batching, 1);
                var publisher = new CameraPublisher(kafka)) {
            var loop = predictors.start(new GreyForecaster(2, Duration.ofMillis(100)));
            await().atMost(SOON).until(() -> loop.isAssigned());
            long frames = 300;
            Flux.interval(Duration.ofMillis(50))
                    .onBackpressureBuffer()
                    .take(frames)
                    .doOnNext(published::set)
                    .concatMap(sequence -> Flux.fromStream(frames(sequence)).flatMap(publisher::publish))
                    .blockLast(SOON);
            loop.drain();
            await().atMost(SOON).until(() -> lastSequences(frames - 1) == CAMERAS);

            var sorted = ages.stream().sorted().toList();
            long p95 = sorted.get(sorted.size() * 95 / 100);
            System.out.println("latest, ten times too slow: " + sorted.size() + " forecasts, age p95 " + p95
                    + " frames, max " + sorted.get(sorted.size() - 1));
            assertThat(p95).as("age in frames of 50 ms").isLessThan(40);
            for (int camera = 0; camera < CAMERAS; camera++) {
                var line = predictors.summary("camera" + camera);
                assertThat(line.forecasts()).as("a fair share of %s", line).isGreaterThan(10);
                assertThat(line.forecasts() + line.dropped().getOrDefault("window-skipped", 0L))
                        .as("forecast or counted: %s", line)
                        .isEqualTo(frames - 1);
            }
        }
    }

    @Test
    void all_tooSlow_fallsBehindAndLosesNothing() {
        read(forecast -> {});
        var batching = new BatchConfig(Policy.ALL, 8, Duration.ofMillis(5));
        long frames = 30;
        try (var predictors = new Predictors(kafka, batching, 1)) {
            predictors.publish(LongStream.range(0, frames).boxed().flatMap(OverloadIT::frames));
            predictors.start(new GreyForecaster(2, Duration.ofMillis(50)));
            await().atMost(SOON).until(() -> committed.size() >= CAMERAS * (frames - 1));
            assertThat(committed)
                    .extracting(Forecast::id)
                    .doesNotHaveDuplicates()
                    .hasSize((int) (CAMERAS * (frames - 1)));
            assertThat(predictors.summary("camera0").dropped()).isEmpty();
        }
    }

    @Test
    void all_stoppedWithABacklog_endsSoonAndTheNextGoesOn() {
        read(forecast -> {});
        var batching = new BatchConfig(Policy.ALL, 4, Duration.ofMillis(5));
        long frames = 20;
        try (var predictors = new Predictors(kafka, batching, 1)) {
            predictors.publish(LongStream.range(0, frames).boxed().flatMap(OverloadIT::frames));
            var slow = predictors.start(new GreyForecaster(2, Duration.ofMillis(500)));
            await().atMost(SOON).until(() -> !committed.isEmpty());
            long asked = System.nanoTime();
            predictors.stop(slow);
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(5));
            assertThat(committed).hasSizeLessThan(100);
            predictors.start(new GreyForecaster(2, Duration.ZERO));
            await().atMost(SOON).until(() -> committed.size() >= CAMERAS * (frames - 1));
            assertThat(committed)
                    .extracting(Forecast::id)
                    .doesNotHaveDuplicates()
                    .hasSize((int) (CAMERAS * (frames - 1)));
        }
    }

    private void read(Consumer<Forecast> seen) {
        reading = new TopicReader(kafka)
                .read(Map.of(TopicKind.FORECASTS, Start.BEGINNING))
                .map(OverloadIT::decode)
                .doOnNext(seen)
                .subscribe(committed::add);
    }

    private long lastSequences(long last) {
        return committed.stream()
                .filter(forecast -> forecast.origin().sequence() == last)
                .count();
    }

    private static Stream<Frame> frames(long sequence) {
        return IntStream.range(0, CAMERAS)
                .mapToObj(camera -> Frames.of("camera" + camera, Frames.EPOCH, sequence, GreyForecaster.SHAPE));
    }

    private static Forecast decode(TopicReader.Found found) {
        try {
            return ForecastCodec.decode(found.value());
        } catch (MalformedRecordException e) {
            throw new IllegalStateException(e);
        }
    }
}
