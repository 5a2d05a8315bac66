package io.framecast.node;

import io.framecast.forecast.Forecaster;
import io.framecast.predict.RunningModel;
import io.framecast.topic.BrokerException;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.MalformedRecordException;
import io.framecast.topic.ModelUse;
import io.framecast.topic.ModelUseCodec;
import io.framecast.topic.TopicKind;
import io.framecast.topic.TopicReader;
import io.framecast.topic.TopicReader.Start;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.util.retry.Retry;

/**
 * Follows the models topic, which says what the predictors of a group run. A model that is named there is loaded next
 * to the running one, on a thread of its own, and handed to {@link RunningModel}. One that cannot run here is told, and
 * changes nothing.
 */
final class ModelChanges implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ModelChanges.class);

    /** How long a start waits to know its model, which is then loaded too. */
    private static final Duration LONGEST_START = Duration.ofSeconds(60);

    private final KafkaConnection connection;
    private final String group;
    private final ModelLoader models;
    private final RunningModel running;
    private final ModelMeters meters;
    private final AtomicReference<@Nullable ModelUse> newest = new AtomicReference<>();
    private final CompletableFuture<Void> known = new CompletableFuture<>();
    private final Disposable.Swap reading = Disposables.swap();
    private final ExecutorService loading = Executors.newSingleThreadExecutor(work -> {
        var thread = new Thread(work, "model-loader");
        thread.setDaemon(true);
        return thread;
    });
    private volatile ModelLoader.Found used;
    private volatile boolean hasCaughtUp;
    private volatile String trouble = "";

    /**
     * Prepares to follow.
     *
     * @param group the consumer group of the predictors
     * @param models has loaded the first model
     * @param running runs that
     */
    ModelChanges(
            KafkaConnection connection, String group, ModelLoader models, RunningModel running, ModelMeters meters) {
        this.connection = connection;
        this.group = group;
        this.models = models;
        this.running = running;
        this.meters = meters;
        used = models.first();
    }

    /** Begins, and waits until the model that was asked for before is loaded, if one was. */
    void start() {
        meters.runs(running.current().model());
        reading.update(new TopicReader(connection)
                .read(Map.of(TopicKind.MODELS, Start.BEGINNING), () -> hasCaughtUp = false, this::caughtUp)
                .doOnNext(this::take)
                .retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofSeconds(1))
                        .maxBackoff(Duration.ofSeconds(30))
                        .doBeforeRetry(failed -> tell(failed.failure())))
                .subscribe());
        try {
            known.get(LONGEST_START.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException late) {
            log.warn(
                    "which model to run is not known yet; starting with {}",
                    running.current().model());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Without the topic, or the right to read it, all else goes on; told once for each reason. */
    private void tell(Throwable failure) {
        String words = String.valueOf(failure.getMessage());
        if (!trouble.equals(words)) {
            trouble = words;
            if (failure instanceof BrokerException refusal && refusal.reason().equals("refused")) {
                meters.fixed(words);
            } else {
                log.debug("the models topic is read again soon", failure);
            }
        }
        known.complete(null);
    }

    private void take(TopicReader.Found found) {
        try {
            ModelUse use = ModelUseCodec.decode(found.value());
            if (use.group().equals(group)) {
                newest.set(use);
                if (hasCaughtUp) {
                    load();
                }
            }
        } catch (MalformedRecordException e) {
            log.warn("a record of the models topic is left out: {}", e.getMessage());
        }
    }

    /** Of all that was asked for before reading began, only the newest counts. */
    private void caughtUp() {
        hasCaughtUp = true;
        load();
    }

    private void load() {
        try {
            loading.execute(this::loadNewest);
        } catch (RejectedExecutionException closed) {
            log.debug("closed, so no model is loaded any more");
        }
    }

    private void loadNewest() {
        ModelUse use = newest.getAndSet(null);
        if (use != null) {
            try {
                load(use);
                meters.granted();
            } catch (RuntimeException e) { // a model of somebody else's making; what runs goes on
                meters.refused(running.current().model(), use.model(), String.valueOf(e.getMessage()));
            }
        }
        known.complete(null);
    }

    private void load(ModelUse use) {
        ModelLoader.Found found = models.find(use.model());
        if (found.equals(used)) {
            return;
        }
        ModelLoader.requireSameShape(found, running.current().takes());
        Forecaster next = models.load(found);
        used = found;
        running.replaceWith(next);
    }

    /** Loads models, one at a time, also those of single cameras; none any more when this is closed. */
    Executor loader() {
        return loading;
    }

    /** Whether the model of a name is the one that all cameras have that have none of their own, or is about to be. */
    boolean uses(String name) {
        return models.isNamed(used, name);
    }

    @Override
    public void close() {
        reading.dispose();
        loading.shutdown();
    }
}
