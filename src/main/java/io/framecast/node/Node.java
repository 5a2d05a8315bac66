package io.framecast.node;

import io.framecast.export.ForecastClips;
import io.framecast.forecast.Forecaster;
import io.framecast.model.ClosedLoopForecaster;
import io.framecast.model.ModelFolder;
import io.framecast.model.engine.ComputeDevice;
import io.framecast.predict.Policy;
import io.framecast.preview.CameraViews;
import io.framecast.preview.http.PreviewServer;
import io.framecast.preview.window.PreviewWindow;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.TopicAdmin;
import io.framecast.worker.WorkerSlot;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * One process of Framecast, from its start to its end:
 *
 * <pre>
 * source --Frame--> frames topic --> window --> batch --> forecaster --Forecast--> forecasts topic --> preview
 * </pre>
 *
 * Every role reads from and writes to Kafka only, so that it is the same whether all of them run here or each
 * elsewhere.
 */
public final class Node {
    private static final Duration LONGEST_DRAIN = Duration.ofMinutes(30);
    private static final Duration DRAIN_WHEN_STOPPED = Duration.ofSeconds(2);
    private static final Duration SCORES_WHEN_STOPPED = Duration.ofSeconds(1);
    private static final Duration LAST_SCORES = Duration.ofSeconds(10);
    private static final Duration LAST_PICTURES = Duration.ofMillis(300);

    private final NodeConfig config;
    private final Consumer<String> out;
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Ledger ledger = new Ledger(metrics, this::sayFirstForecast);
    private final Readiness readiness;
    private final Sinks.Empty<Void> stopRequested = Sinks.empty();
    /** Who asks for the end, at whatever time, gets it soon: what is left is forecast by the next predictor. */
    private final Mono<Void> hurry =
            stopRequested.asMono().then(Mono.delay(DRAIN_WHEN_STOPPED)).then().cache();

    private volatile boolean stopped;
    private volatile Optional<CaptureException> failure = Optional.empty();

    /**
     * Prepares a node.
     *
     * @param out takes lines for the person who started it
     */
    public Node(NodeConfig config, Consumer<String> out) {
        this.config = config;
        this.out = out;
        readiness = new Readiness(out);
    }

    /**
     * Asks it to end in order: sources stop, what was captured is forecast if that takes no more than 2 seconds,
     * everything is committed. What is left to forecast then is in the topic, for the next predictor.
     */
    public void stop() {
        stopped = true;
        stopRequested.tryEmitEmpty();
    }

    /**
     * Runs until the sources have ended, the duration is over or {@link #stop} is called.
     *
     * @return what happened, a line a camera
     */
    public RunSummary run() {
        Optional<ModelFolder> model = config.predict().flatMap(Node::findModel);
        var unused = hurry.subscribe();
        var views = new CameraViews();
        try (var closing = new Closing()) {
            config.preview().ifPresent(preview -> serve(preview, views, closing));
            // The model loads while the broker starts: both take seconds.
            Optional<CompletableFuture<Forecaster>> loading =
                    config.predict().map(predict -> CompletableFuture.supplyAsync(() -> load(predict, model)));
            loading.ifPresent(future -> closing.add(() -> closeUnused(future)));
            Broker broker = closing.add(Broker.open(config.broker()));
            KafkaConnection kafka = broker.connection();
            new TopicAdmin(kafka).create(config.broker().replication());
            out.accept("kafka     " + kafka.bootstrap() + (broker.isEmbedded() ? " (embedded)" : ""));

            // Capture and preview keep nothing there, and may run where nothing can be written.
            Optional<WorkerSlot> slot = config.predict().isPresent() || config.score()
                    ? Optional.of(closing.add(WorkerSlot.claim(config.broker().dataDirectory())))
                    : Optional.empty();
            config.preview().filter(PreviewConfig::shows).ifPresent(any -> closing.add(new PreviewRole(kafka, views)));
            Optional<PredictRole> predictor = config.predict()
                    .map(predict ->
                            closing.add(predict(predict, join(loading.orElseThrow()), kafka, slot.orElseThrow())));
            Optional<CaptureRole> capture =
                    config.capture().map(cameras -> closing.add(new CaptureRole(cameras, kafka, ledger, out)));
            predictor.ifPresent(role -> metrics.gauge("framecast.predictor.ready", role, r -> r.isReady() ? 1 : 0));
            Optional<ScoreRole> scorer = config.score()
                    ? Optional.of(closing.add(new ScoreRole(kafka, slot.orElseThrow(), ledger)))
                    : Optional.empty();
            closing.add(readiness).watch(broker, capture, predictor, scorer);

            predictor.ifPresent(PredictRole::start);
            scorer.ifPresent(ScoreRole::start);
            capture.ifPresent(CaptureRole::start);
            awaitEnd(broker, capture, predictor, scorer);
            drain(capture, predictor, scorer);
            failure = capture.flatMap(CaptureRole::failure);
        }
        return ledger.summary();
    }

    /** Why some sources could not be read to their end, while others could; known when {@link #run} has returned. */
    public Optional<CaptureException> failure() {
        return failure;
    }

    private void serve(PreviewConfig preview, CameraViews views, Closing closing) {
        PreviewServer server = closing.add(PreviewServer.start(
                preview.http(), views, readiness::obstacles, () -> metrics.scrape(), new ForecastClips()));
        out.accept((preview.web() ? "preview   " : "health    ") + server.address());
        if (preview.window()) {
            closing.add(PreviewWindow.open(views, this::stop));
        }
    }

    /** Counted from the start of the process, as the person who started it does. */
    private void sayFirstForecast() {
        var sinceStart = Duration.ofMillis(System.currentTimeMillis()
                - ManagementFactory.getRuntimeMXBean().getStartTime());
        out.accept("forecast  the first after " + Math.round(sinceStart.toMillis() / 100.0) / 10.0 + " s");
    }

    private static Optional<ModelFolder> findModel(PredictConfig predict) {
        return Baselines.has(predict.model())
                ? Optional.empty()
                : Optional.of(ModelFolder.find(predict.models(), predict.model()));
    }

    private Forecaster load(PredictConfig predict, Optional<ModelFolder> model) {
        if (model.isEmpty()) {
            return Baselines.open(predict.model());
        }
        ComputeDevice device = ComputeDevice.choose(predict.engine());
        out.accept("device    " + device.description());
        return ClosedLoopForecaster.load(model.get(), device);
    }

    private PredictRole predict(PredictConfig predict, Forecaster forecaster, KafkaConnection kafka, WorkerSlot slot) {
        out.accept("model     " + forecaster.model().name() + " version "
                + forecaster.model().version() + ", " + forecaster.contextLength() + " frames to 32");
        if (config.capture().isPresent()) {
            // This node's own cameras must be seen from their first frame, before the group has formed; what an earlier
            // run left in the topic must not.
            new TopicAdmin(kafka).beginHere(PredictRole.group(predict, forecaster, kafka));
        }
        boolean fromBeginning = predict.batching().policy() == Policy.ALL;
        return new PredictRole(predict, forecaster, kafka, slot, fromBeginning, ledger);
    }

    /** Waits for the first of: all sources ended, the duration over, a request to stop, a role broken. */
    private void awaitEnd(
            Broker broker, Optional<CaptureRole> capture, Optional<PredictRole> predictor, Optional<ScoreRole> scorer) {
        var ends = new ArrayList<Mono<Void>>();
        ends.add(broker.failed());
        ends.add(stopRequested.asMono());
        capture.ifPresent(role -> ends.add(role.ended()));
        predictor.ifPresent(role -> ends.add(role.ended()));
        // Beside a predictor, forecasts are worth more than their scores; alone, whoever watches it restarts it.
        scorer.filter(role -> predictor.isEmpty()).ifPresent(role -> ends.add(role.ended()));
        config.duration().ifPresent(duration -> ends.add(Mono.delay(duration).then()));
        Mono.firstWithSignal(ends).block();
    }

    private void drain(Optional<CaptureRole> capture, Optional<PredictRole> predictor, Optional<ScoreRole> scorer) {
        readiness.stopping();
        capture.ifPresent(CaptureRole::close);
        predictor.ifPresent(role -> {
            if (capture.isPresent()) {
                role.drain();
            } else {
                role.stop();
            }
            role.await(LONGEST_DRAIN, hurry);
        });
        Duration longest = stopped ? SCORES_WHEN_STOPPED : LAST_SCORES;
        scorer.filter(role -> capture.isPresent() && predictor.isPresent()).ifPresent(role -> role.drain(longest));
        if (config.preview().filter(PreviewConfig::shows).isPresent()) {
            Mono.delay(LAST_PICTURES).block();
        }
    }

    private static <T> T join(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** A model that was loaded, but came to no role because something else failed. Closing one twice does nothing. */
    private static void closeUnused(CompletableFuture<Forecaster> loading) {
        var unused = loading.whenComplete((forecaster, failure) -> {
            if (forecaster != null) {
                forecaster.close();
            }
        });
    }
}
