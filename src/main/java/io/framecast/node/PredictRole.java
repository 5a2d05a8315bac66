package io.framecast.node;

import io.framecast.forecast.Forecaster;
import io.framecast.predict.WindowProcessor;
import io.framecast.topic.KafkaConnection;
import io.framecast.worker.ForecastLoop;
import io.framecast.worker.WorkerConfig;
import io.framecast.worker.WorkerSlot;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The predict role: the exactly-once loop with windows, micro-batches and a model, on a thread of its own. */
final class PredictRole implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PredictRole.class);
    private static final Duration CLOSE = Duration.ofSeconds(8);
    private static final Duration UNDER_WAY = Duration.ofSeconds(2);

    private final Forecaster forecaster;
    private final ForecastLoop loop;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean abandoned;

    PredictRole(
            PredictConfig config,
            Forecaster forecaster,
            KafkaConnection connection,
            WorkerSlot slot,
            boolean fromBeginning,
            Ledger ledger) {
        this.forecaster = forecaster;
        String group = group(config, forecaster, connection);
        var processor = new WindowProcessor(forecaster, config.batching(), config.every(), ledger, Clock.systemUTC());
        loop = new ForecastLoop(
                new WorkerConfig(connection, group, group + "." + slot.name(), fromBeginning), processor);
    }

    /** The consumer group whose workers share out the cameras: the one that is named, or one a model. */
    static String group(PredictConfig config, Forecaster forecaster, KafkaConnection connection) {
        return config.group().isEmpty()
                ? connection.prefix() + ".predict." + forecaster.model().name()
                : config.group();
    }

    void start() {
        new Thread(this::runLoop, "predict").start();
    }

    private void runLoop() {
        try {
            loop.run();
            ended.complete(null);
        } catch (RuntimeException | Error e) { // told to whoever waits for the end
            ended.completeExceptionally(e);
        }
    }

    /** Whether the group has given it cameras, and it still runs. */
    boolean isReady() {
        return loop.assigned().getCount() == 0 && !ended.isDone();
    }

    /** Completes when the loop has ended; fails if it broke. */
    Mono<Void> ended() {
        return Mono.fromFuture(ended, true);
    }

    /** Ends when all frames that are in the topic now are done. */
    void drain() {
        loop.drain();
    }

    /** Ends after the micro-batch under way; the rest is the next predictor's. */
    void stop() {
        loop.stop();
    }

    /**
     * Waits for the end.
     *
     * @param longest how long at most
     * @param hurry completes when it is to end at once, whatever is left
     * @throws RuntimeException what broke the loop, if something did
     */
    void await(Duration longest, Mono<Void> hurry) {
        var hurried = hurry.doOnSuccess(nothing -> loop.stop())
                .then(Mono.delay(UNDER_WAY, Schedulers.boundedElastic()))
                .subscribe(nothing -> abandon());
        Throwable failure = end(longest);
        hurried.dispose();
        if (failure instanceof RuntimeException broken) {
            throw broken;
        }
        if (failure != null) {
            throw new IllegalStateException("forecasting ended with " + failure, failure);
        }
    }

    /** A model call cannot be broken off, but need not be waited for. */
    private void abandon() {
        abandoned = true;
        loop.abandon();
        ended.complete(null);
    }

    private @Nullable Throwable end(Duration longest) {
        try {
            ended.get(longest.toMillis(), TimeUnit.MILLISECONDS);
            return null;
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (TimeoutException e) {
            loop.stop();
            return new IllegalStateException("not everything was forecast within " + longest.toMinutes() + " minutes");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            loop.stop();
            return null;
        }
    }

    @Override
    public void close() {
        loop.stop();
        Throwable told = end(CLOSE);
        if (told != null) {
            log.debug("closed after a failure", told);
        }
        if (!abandoned) { // its thread may still be in native code
            forecaster.close();
        }
    }
}
