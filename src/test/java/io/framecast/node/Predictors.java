package io.framecast.node;

import static org.awaitility.Awaitility.await;

import io.framecast.forecast.Forecaster;
import io.framecast.frame.Frame;
import io.framecast.frame.Ticker;
import io.framecast.predict.BatchConfig;
import io.framecast.predict.PredictProcessor;
import io.framecast.topic.CameraPublisher;
import io.framecast.topic.KafkaConnection;
import io.framecast.worker.TransactionalWorker;
import io.framecast.worker.WorkerConfig;
import io.framecast.worker.WorkerListener;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;

/** The exactly-once loops of one group on a real broker, and the frames for them. */
final class Predictors implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(60);

    final CameraStats stats = new CameraStats(new SimpleMeterRegistry());
    private final KafkaConnection kafka;
    private final BatchConfig batching;
    private final int every;
    private final List<Thread> threads = new ArrayList<>();
    private final List<TransactionalWorker<?, ?>> loops = new ArrayList<>();

    Predictors(KafkaConnection kafka, BatchConfig batching, int every) {
        this.kafka = kafka;
        this.batching = batching;
        this.every = every;
    }

    TransactionalWorker<?, ?> start(Forecaster forecaster) {
        var processor = new PredictProcessor(forecaster, batching, every, stats, Ticker.system());
        String place = kafka.prefix() + "." + loops.size();
        var loop = PredictRole.worker(
                new WorkerConfig(kafka, kafka.prefix() + ".group", place, true, true, PredictRole.tuning()),
                processor,
                WorkerListener.NONE);
        var thread = new Thread(loop, "predictor-" + loops.size());
        loops.add(loop);
        threads.add(thread);
        thread.start();
        return loop;
    }

    void stop(TransactionalWorker<?, ?> loop) {
        loop.stop();
        Thread thread = threads.get(loops.indexOf(loop));
        await().atMost(SOON).until(() -> !thread.isAlive());
    }

    /** Publishes frames in their order, many at a time. */
    void publish(Stream<Frame> frames) {
        try (var publisher = new CameraPublisher(kafka)) {
            Flux.fromStream(frames).flatMapSequential(publisher::publish, 64).blockLast(SOON);
        }
    }

    RunSummary.Camera summary(String camera) {
        return stats.summary().cameras().stream()
                .filter(line -> line.id().equals(camera))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        loops.forEach(TransactionalWorker::stop);
        threads.forEach(thread -> await().atMost(SOON).until(() -> !thread.isAlive()));
    }
}
