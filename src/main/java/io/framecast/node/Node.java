package io.framecast.node;

import io.framecast.camera.CameraRoster;
import io.framecast.export.Mp4Clips;
import io.framecast.forecast.Forecaster;
import io.framecast.frame.Ticker;
import io.framecast.predict.CameraModels;
import io.framecast.predict.PredictListener;
import io.framecast.predict.RunningModel;
import io.framecast.preview.CameraViews;
import io.framecast.preview.http.CameraControl;
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
import java.util.List;
import java.util.Optional;
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

    private final NodeConfig config;
    private final Consumer<String> out;
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final CameraStats stats = new CameraStats(metrics, this::sayFirstForecast);
    private final Readiness readiness;
    private final Sinks.Empty<Void> stopRequested = Sinks.empty();
    /** Who asks for the end, at whatever time, gets it soon: what is left is forecast by the next predictor. */
    private final Mono<Void> hurry =
            stopRequested.asMono().then(Mono.delay(DRAIN_WHEN_STOPPED)).then().cache();

    private Optional<ShadowScores> shadowScores = Optional.empty();
    private volatile boolean stopped;
    private volatile Optional<RuntimeException> failure = Optional.empty();

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
     * @return what happened, one line per camera
     */
    public RunSummary run() {
        Optional<ModelLoader> models = config.predict().map(predict -> new ModelLoader(predict, out));
        var unused = hurry.subscribe();
        var views = new CameraViews();
        Optional<CameraRoster> roster = config.capture().map(capture -> roster(capture, models));
        try (var closing = new Closing()) {
            PreviewPast past =
                    closing.add(PreviewPast.of(config, metrics, views.clock().instant()));
            config.preview().ifPresent(preview -> serve(preview, views, past, roster, closing));
            closing.add(new ProcessMeters(metrics));
            metrics.gauge("framecast.ready", readiness, node -> node.obstacles().isEmpty() ? 1 : 0);
            // The model loads while the broker starts: both take seconds.
            Optional<LoadingForecaster> loading = models.map(loader -> closing.add(new LoadingForecaster(loader)));
            Broker broker = closing.add(Broker.open(config.broker()));
            KafkaConnection kafka = broker.connection();
            broker.prepare(rights(kafka.prefix()), config.broker().replication());
            out.accept("kafka     " + kafka.bootstrap() + (broker.isEmbedded() ? " (embedded)" : ""));

            long cameras = roster.map(this::countCameras).orElse(0);
            HeapNeed.warning(config, cameras, Runtime.getRuntime().maxMemory())
                    .ifPresent(words -> out.accept("memory    " + words));

            List<Role> roles = roles(broker, views, past, roster, loading, closing);
            closing.add(readiness).watch(broker, roles, stats.overloads());
            // What reads starts before what it reads from.
            for (int i = roles.size() - 1; i >= 0; i--) {
                roles.get(i).start();
            }
            awaitEnd(broker, roles);
            end(roles);
            failure = roles.stream().flatMap(role -> role.failure().stream()).findFirst();
        }
        return stats.summary().with(shadowScores.map(ShadowScores::summary).orElse(List.of()));
    }

    /** What the roles of this node need on a cluster; the group of a predictor's does not matter for its topics. */
    private List<RoleRights> rights(String prefix) {
        var rights = new ArrayList<RoleRights>();
        config.capture().ifPresent(cameras -> rights.add(RoleRights.capture()));
        config.predict().ifPresent(predict -> rights.add(RoleRights.predict(predict.group())));
        if (config.score()) {
            rights.add(RoleRights.score(ScoreRole.group(prefix)));
        }
        if (shows()) {
            rights.add(RoleRights.preview());
        }
        return rights;
    }

    /** In the order in which frames pass them. */
    private List<Role> roles(
            Broker broker,
            CameraViews views,
            PreviewPast past,
            Optional<CameraRoster> roster,
            Optional<LoadingForecaster> loading,
            Closing closing) {
        KafkaConnection kafka = broker.connection();
        // Capture and preview keep nothing there, and may run where nothing can be written.
        String slot = config.predict().isPresent() || config.score()
                ? closing.add(WorkerSlot.claim(config.broker().dataDirectory())).name()
                : "";
        var roles = new ArrayList<Role>();
        config.capture()
                .ifPresent(cameras ->
                        roles.add(closing.add(new CaptureRole(cameras, roster.orElseThrow(), broker, stats, out))));
        config.predict()
                .ifPresent(predict ->
                        roles.add(closing.add(predict(predict, loading.orElseThrow(), broker, slot, closing))));
        if (config.score()) {
            broker.forgetTheDead(ScoreRole.group(kafka.prefix()));
            // Next to a predictor, forecasts are worth more than their scores; alone, its supervisor restarts it.
            roles.add(closing.add(ScoreRole.of(
                    broker,
                    slot,
                    stats,
                    closing.add(new WorkerMeters(metrics, "score")),
                    config.predict().isEmpty())));
        }
        if (shows()) {
            roles.add(closing.add(new PreviewRole(kafka, views, past)));
        }
        config.alerts().ifPresent(webhook -> roles.add(closing.add(new AlertRole(webhook, kafka, metrics))));
        return roles;
    }

    private boolean shows() {
        return config.preview().filter(PreviewConfig::shows).isPresent();
    }

    /** Why some of it could not be done, while the rest went on; known when {@link #run} has returned. */
    public Optional<RuntimeException> failure() {
        return failure;
    }

    /** Those that are wanted now; says what is wrong in their file. */
    private int countCameras(CameraRoster roster) {
        roster.refresh().forEach(problem -> out.accept("cameras   " + problem));
        return roster.wanted().plans().size();
    }

    /** Where predictors are elsewhere, only they know which models there are. */
    private static CameraRoster roster(CaptureConfig capture, Optional<ModelLoader> models) {
        Consumer<String> check =
                models.<Consumer<String>>map(here -> here::requireNamed).orElse(name -> {});
        capture.models().forEach((camera, model) -> {
            try {
                check.accept(model);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("--camera " + camera + ".model: " + e.getMessage(), e);
            }
        });
        return new CameraRoster(
                capture.plans(), capture.reading(), capture.changes().map(CaptureConfig.Changes::file), check);
    }

    private void serve(
            PreviewConfig preview,
            CameraViews views,
            PreviewPast past,
            Optional<CameraRoster> roster,
            Closing closing) {
        Optional<CameraControl> control = config.capture()
                .flatMap(CaptureConfig::changes)
                .filter(CaptureConfig.Changes::overHttp)
                .map(changes -> new CameraAdmin(
                        roster.orElseThrow(), config.capture().orElseThrow().reading(), changes.localAllowed(), out));
        PreviewServer server = closing.add(PreviewServer.start(
                preview.http(),
                views,
                past.shown(),
                readiness::obstacles,
                () -> metrics.scrape(),
                new Mp4Clips(),
                control));
        server.addresses().forEach(address -> out.accept((preview.web() ? "preview   " : "health    ") + address));
        if (preview.window()) {
            closing.add(PreviewWindow.open(views, this::stop));
        }
    }

    /** Counted from the start of the process, as the person who started it does. */
    private void sayFirstForecast() {
        long millis = ManagementFactory.getRuntimeMXBean().getUptime();
        out.accept("forecast  the first after " + Math.round(millis / 100.0) / 10.0 + " s");
    }

    private static String frames(Forecaster forecaster) {
        int least = forecaster.leastContextLength();
        int most = forecaster.contextLength();
        return least == most ? String.valueOf(most) : least + " to " + most;
    }

    private Role predict(
            PredictConfig predict, LoadingForecaster loading, Broker broker, String slot, Closing closing) {
        Forecaster forecaster = loading.get();
        out.accept("model     " + forecaster.model().name() + " version "
                + forecaster.model().version() + ", " + frames(forecaster) + " frames to 32");
        String group = PredictRole.group(predict, forecaster, broker.connection());
        broker.forgetTheDead(group);
        if (config.capture().isPresent()) {
            // This node's own cameras must be seen from their first frame, before the group has formed; what an earlier
            // run left in the topic must not.
            new TopicAdmin(broker.connection()).beginHere(group);
        }
        var meters = new ModelMeters(metrics, out);
        var running = new RunningModel(forecaster, meters::changed);
        var changes = closing.add(new ModelChanges(broker.connection(), group, loading.models(), running, meters));
        var cameraModels = new CameraModels(
                new CameraModelShelf(loading.models(), running, changes::uses, metrics, out),
                changes.loader(),
                Ticker.system());
        PredictListener listener = loading.models()
                .shadow()
                .<PredictListener>map(model -> closing.add(shadow(forecaster, loading.models(), model)))
                .orElse(stats);
        Role role = PredictRole.of(
                predict,
                running,
                cameraModels,
                broker,
                slot,
                listener,
                closing.add(new WorkerMeters(metrics, "predict")));
        loading.handOver();
        closing.add(new CameraModelChanges(broker.connection(), cameraModels, out))
                .start();
        changes.start();
        return role;
    }

    private Shadow shadow(Forecaster own, ModelLoader models, ModelLoader.Found model) {
        Forecaster challenger = models.load(model);
        if (challenger.leastContextLength() > own.contextLength()) {
            challenger.close();
            throw new IllegalArgumentException("--shadow " + model.name() + " needs " + challenger.leastContextLength()
                    + " frames, and windows of " + own.model().name() + " have " + own.contextLength()
                    + ": run " + model.name() + " with --model, and the other as its shadow");
        }
        if (challenger.contextLength() > own.contextLength()) {
            out.accept("shadow    reads only the " + own.contextLength() + " frames of "
                    + own.model().name() + "'s windows here, of " + challenger.contextLength());
        }
        out.accept("shadow    " + challenger.model().name() + " "
                + challenger.model().version() + ": its forecasts are compared, not published");
        var scores = new ShadowScores(metrics, challenger.model().name());
        shadowScores = Optional.of(scores);
        return new Shadow(challenger, stats, scores, Ticker.system());
    }

    /** Waits for the first of: all sources ended, the duration over, a request to stop, a role broken. */
    private void awaitEnd(Broker broker, List<Role> roles) {
        var ends = new ArrayList<Mono<Void>>();
        ends.add(broker.failed());
        ends.add(stopRequested.asMono());
        roles.stream().map(Role::endsNode).forEach(ends::add);
        config.duration().ifPresent(duration -> ends.add(Mono.delay(duration).then()));
        Mono.firstWithSignal(ends).block();
    }

    /** Each role ends when what it reads from has, and finishes what is left if all of that was here. */
    private void end(List<Role> roles) {
        readiness.stopping();
        boolean feedsItself = config.capture().isPresent() && config.predict().isPresent();
        var patient = new Role.Ending(feedsItself, LONGEST_DRAIN, hurry);
        var brief = new Role.Ending(feedsItself, stopped ? SCORES_WHEN_STOPPED : LAST_SCORES, Mono.never());
        roles.forEach(role -> role.end(role.isVital() ? patient : brief));
    }
}
