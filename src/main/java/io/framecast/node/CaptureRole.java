package io.framecast.node;

import io.framecast.camera.CameraPlan;
import io.framecast.camera.CameraRoster;
import io.framecast.frame.CameraId;
import io.framecast.frame.CameraState;
import io.framecast.frame.CameraStatus;
import io.framecast.frame.Frame;
import io.framecast.source.FrameSource;
import io.framecast.source.SourceException;
import io.framecast.source.SourceSpec;
import io.framecast.source.reader.FrameSources;
import io.framecast.topic.BrokerException;
import io.framecast.topic.CameraPublisher;
import io.framecast.topic.CaptureProcess;
import io.framecast.topic.PicturePublisher;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * The capture role: every camera into the frames topic, each on its own, so that none waits for another. Cameras of a
 * file may come, change and go meanwhile; then the role ends only when it is told to.
 */
final class CaptureRole implements Role {
    /** Frames of a camera that Kafka has not acknowledged yet; beyond it the source drops or waits. */
    private static final int IN_FLIGHT = 32;

    /** One slow answer, or one refused while a relay starts, does not end a run. */
    private static final int TRIES = 3;

    private static final Duration LONGEST_END = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration COUNTING = Duration.ofSeconds(1);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final CaptureConfig config;
    private final CameraRoster roster;
    private final Broker broker;
    private final CameraPublisher publisher;
    private final Optional<PicturePublisher> pictures;
    private final CameraClaims claims;
    private final CameraStats stats;
    private final Consumer<String> out;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Map<CameraId, String> failures = new ConcurrentHashMap<>();
    private final Map<CameraId, String> unreached = new ConcurrentHashMap<>();
    private final Map<CameraId, String> told = new ConcurrentHashMap<>();
    private final AtomicBoolean anyReached = new AtomicBoolean();
    private final Sinks.Empty<Void> noneReached = Sinks.empty();
    private final Sinks.Empty<Void> stopping = Sinks.empty();
    private final Disposable.Swap following = Disposables.swap();
    private volatile boolean isStarted;
    private volatile boolean isStopping;

    /** The names of the models of cameras that have one of their own. */
    private final Map<CameraId, String> models = new ConcurrentHashMap<>();

    /** Cameras that other processes capture. */
    private final Set<CameraId> left = ConcurrentHashMap.newKeySet();

    /** What was begun for each camera; guarded by this. */
    private final Map<CameraId, Activity> activities = new TreeMap<>();

    /**
     * What is done for a camera, once what was done before is over.
     *
     * @param plan how it is read; empty if it is not
     * @param isPaused whether it is left alone for now
     * @param stop ends it
     * @param over completes when it has ended
     */
    private record Activity(Optional<CameraPlan> plan, boolean isPaused, Runnable stop, Mono<Void> over) {
        /** A model may change while a camera is read. */
        boolean isWanted(CameraRoster.Wanted wanted, CameraId camera) {
            Optional<CameraPlan> next = Optional.ofNullable(wanted.plans().get(camera));
            boolean isReadAs =
                    plan.map(now -> next.filter(now::isReadAs).isPresent()).orElseGet(next::isEmpty);
            return isReadAs && isPaused == wanted.paused().contains(camera);
        }
    }

    CaptureRole(CaptureConfig config, CameraRoster roster, Broker broker, CameraStats stats, Consumer<String> out) {
        this.config = config;
        this.roster = roster;
        this.broker = broker;
        this.stats = stats;
        this.out = out;
        publisher = new CameraPublisher(broker.connection());
        pictures =
                config.reading().pictures() ? Optional.of(new PicturePublisher(broker.connection())) : Optional.empty();
        claims = new CameraClaims(broker.connection(), publisher.process());
    }

    /** Starts all cameras that no other process captures. */
    @Override
    public void start() {
        isStarted = true;
        claims.start();
        follow();
        if (roster.canChange()) {
            following.update(Flux.interval(LOOK_AGAIN, Schedulers.boundedElastic())
                    .onBackpressureDrop()
                    .subscribe(tick -> follow()));
        }
        var unused = run().subscribe(nothing -> {}, ended::completeExceptionally, () -> ended.complete(null));
    }

    /** Completes when every source has ended; fails with {@link CaptureException} if not one could be reached. */
    @Override
    public Mono<Void> ended() {
        return Mono.fromFuture(ended, true);
    }

    private Mono<Void> run() {
        return (roster.canChange() ? stopping.asMono() : Mono.<Void>empty())
                .then(Mono.defer(this::allOver))
                .takeUntilOther(noneReached.asMono())
                .then(Mono.defer(this::verdict));
    }

    private synchronized Mono<Void> allOver() {
        return Mono.when(activities.values().stream().map(Activity::over).toList());
    }

    /** Does what is wanted now of cameras, and ends the rest. */
    private synchronized void follow() {
        if (isStopping) {
            return;
        }
        roster.refresh().forEach(problem -> out.accept("cameras   " + problem));
        CameraRoster.Wanted wanted = roster.wanted();
        wanted.plans().values().forEach(this::nameModel);
        var cameras = new TreeSet<>(activities.keySet());
        cameras.addAll(wanted.plans().keySet());
        cameras.addAll(wanted.paused());
        cameras.forEach(camera -> follow(camera, wanted));
    }

    /** Its next status names it, which follows within {@link CameraClaims#HEARTBEAT}. */
    private void nameModel(CameraPlan plan) {
        String model = plan.model();
        String before = models.put(plan.camera(), model);
        if (before != null && !before.equals(model)) {
            out.accept("camera    " + plan.camera() + " is to have "
                    + (model.isEmpty() ? "the model of the others" : "the model " + model));
        }
    }

    private void follow(CameraId camera, CameraRoster.Wanted wanted) {
        Optional<Activity> now = Optional.ofNullable(activities.get(camera));
        if (now.isPresent() && now.get().isWanted(wanted, camera)) {
            return;
        }
        now.ifPresent(activity -> activity.stop().run());
        Mono<Void> before = now.map(Activity::over).orElse(Mono.empty());
        Optional<CameraPlan> plan = Optional.ofNullable(wanted.plans().get(camera));
        if (plan.isPresent()) {
            var source = FrameSources.open(plan.get().spec(), plan.get().reading());
            begin(camera, plan, false, source::stop, before.then(Mono.defer(() -> capture(source))));
        } else {
            boolean isPaused = wanted.paused().contains(camera);
            var rest = Mono.defer(() -> isPaused ? pause(camera) : remove(camera));
            begin(camera, plan, isPaused, () -> {}, before.then(rest));
        }
    }

    private void begin(CameraId camera, Optional<CameraPlan> plan, boolean isPaused, Runnable stop, Mono<Void> work) {
        Sinks.Empty<Void> over = Sinks.empty(); // and not the work itself, which would keep all that was before
        activities.put(camera, new Activity(plan, isPaused, stop, over.asMono()));
        var unused =
                work.doFinally(signal -> over.tryEmitEmpty()).subscribe(nothing -> {}, ended::completeExceptionally);
    }

    private Mono<Void> pause(CameraId camera) {
        boolean isOurs = !left.contains(camera);
        forget(camera);
        var status = new CameraStatus(camera, CameraState.PAUSED, Instant.now(), Optional.empty(), 0, "");
        stats.status(status);
        out.accept("camera    " + camera + " is paused");
        return isOurs ? publish(status).then() : Mono.empty();
    }

    private Mono<Void> remove(CameraId camera) {
        boolean isOurs = !left.contains(camera);
        forget(camera);
        stats.removed(camera);
        models.remove(camera);
        out.accept("camera    " + camera + " is removed");
        return isOurs
                ? publisher.remove(camera).onErrorResume(BrokerException.class, failure -> Mono.empty())
                : Mono.empty();
    }

    private void forget(CameraId camera) {
        left.remove(camera);
        told.remove(camera);
        failures.remove(camera);
        unreached.remove(camera);
    }

    private Mono<Void> capture(FrameSource source) {
        forget(source.camera());
        stats.reads(source.camera(), source::counts);
        return holder(source.camera())
                .takeUntilOther(stopping.asMono())
                .publishOn(Schedulers.boundedElastic())
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty())
                .flatMap(holder -> holder.map(process -> leave(source, process))
                        .orElseGet(() -> isStopping ? Mono.empty() : read(source)));
    }

    /**
     * The process that has the camera already. Nobody can have one on a broker that has just started here, and to look
     * takes a while; an earlier process that was cut off from the broker before this one is found later, as a rival.
     */
    private Mono<CaptureProcess> holder(CameraId camera) {
        return broker.isEmbedded() ? Mono.empty() : claims.holder(camera);
    }

    /** Another process captures the camera: two would take turns in confusing all that follows it. */
    private Mono<Void> leave(FrameSource source, CaptureProcess process) {
        CameraId camera = source.camera();
        String words = "camera '" + camera + "' is already captured by " + process
                + ": stop that one, or give this camera another id, as in ID=SOURCE";
        left.add(camera);
        stats.left(camera);
        out.accept("camera    " + camera + " is refused: " + words);
        failures.put(camera, words);
        unreached.put(camera, words);
        giveUpIfNoneReached();
        source.stop();
        return Mono.empty();
    }

    private Mono<Void> read(FrameSource source) {
        // Elsewhere, because publishing blocks without a broker, and the status is changed by the thread that grabs
        // pictures.
        Mono<Void> statuses = source.statuses()
                .switchMap(stats.overloads()::with)
                .publishOn(Schedulers.boundedElastic())
                .doOnNext(this::report)
                .switchMap(status -> repeated(status, source.statuses().then()))
                .publishOn(Schedulers.boundedElastic(), 1)
                .concatMap(this::publish, 1)
                .then();
        Mono<Void> frames = source.frames()
                .flatMapSequential(this::publish, IN_FLIGHT)
                .then()
                .onErrorResume(SourceException.class, failure -> fail(source.camera(), failure));
        Mono<Void> rival = claims.rival(source.camera())
                .publishOn(Schedulers.boundedElastic())
                .flatMap(process -> leave(source, process));
        Disposable showing = pictures.map(publisher -> show(source, publisher)).orElseGet(Disposables::disposed);
        Sinks.Empty<Void> done = Sinks.empty();
        return Mono.when(
                Mono.when(statuses, frames).doFinally(signal -> {
                    showing.dispose();
                    done.tryEmitEmpty();
                }),
                rival.takeUntilOther(done.asMono()));
    }

    /** Publishes pictures for people, one at a time; those that come meanwhile are left out. */
    private static Disposable show(FrameSource source, PicturePublisher publisher) {
        return source.pictures()
                .onBackpressureDrop()
                .concatMap(publisher::publish, 0)
                .subscribe();
    }

    /**
     * A status again and again, until another follows or the source is over: it tells other processes that this one
     * lives, also while a camera has failed and is tried again, rarely.
     */
    private static Flux<CameraStatus> repeated(CameraStatus status, Mono<Void> over) {
        return Flux.concat(
                Flux.just(status),
                Flux.interval(CameraClaims.HEARTBEAT)
                        .onBackpressureDrop()
                        .map(tick -> status)
                        .takeUntilOther(over));
    }

    private Mono<CameraStatus> publish(CameraStatus status) {
        return left.contains(status.camera())
                ? Mono.empty()
                : publisher
                        .publish(status, models.getOrDefault(status.camera(), ""))
                        .onErrorResume(BrokerException.class, failure -> Mono.empty());
    }

    private Mono<Frame> publish(Frame frame) {
        return publisher
                .publish(frame)
                .doOnNext(published -> stats.published(published))
                .onErrorResume(BrokerException.class, failure -> {
                    stats.dropped(frame.camera(), "unpublished");
                    return Mono.empty();
                });
    }

    private void report(CameraStatus status) {
        if (left.contains(status.camera())) {
            return;
        }
        stats.status(status);
        String words = status.state().word() + because(status);
        if (!words.equals(told.put(status.camera(), words))) {
            out.accept("camera    " + status.camera() + " is " + words);
        }
        if (status.state().isDelivering()) {
            anyReached.set(true);
        } else if (status.state() == CameraState.FAILED
                || (status.state() == CameraState.RECONNECTING && status.reconnects() >= TRIES)) {
            unreached.put(status.camera(), status.reason());
            giveUpIfNoneReached();
        }
    }

    private static String because(CameraStatus status) {
        return status.reason().isEmpty() ? "" : ": " + status.reason();
    }

    private void giveUpIfNoneReached() {
        if (mayGiveUp()) {
            noneReached.tryEmitEmpty();
        }
    }

    private boolean mayGiveUp() {
        return !config.waitForCameras()
                && !roster.canChange()
                && !anyReached.get()
                && unreached.size() == config.sources().size();
    }

    private Mono<Void> fail(CameraId camera, SourceException failure) {
        failures.put(camera, String.valueOf(failure.getMessage()));
        return Mono.empty();
    }

    private Mono<Void> verdict() {
        if (mayGiveUp()) {
            failures.forEach(unreached::put);
            return Mono.error(inOrder(unreached));
        }
        return Mono.empty();
    }

    /** Why nothing gets through to Kafka just now; empty while it does. */
    @Override
    public Optional<String> obstacle() {
        if (!broker.isEmbedded() && publisher.refusal().isPresent()) { // an embedded one says itself what it lacks
            return publisher.refusal().map(words -> Readiness.KAFKA + words);
        }
        Duration waiting = publisher.unanswered();
        return waiting.compareTo(PATIENCE) < 0
                ? Optional.empty()
                : Optional.of(Readiness.KAFKA + "has acknowledged nothing for " + waiting.toSeconds()
                        + " s: check the brokers");
    }

    /** Why some sources could not be read to their end, while others could. */
    @Override
    public Optional<RuntimeException> failure() {
        return failures.isEmpty() ? Optional.empty() : Optional.of(inOrder(failures));
    }

    /** One line per source, in the order in which they were typed; then those of the file. */
    private CaptureException inOrder(Map<CameraId, String> reasons) {
        return new CaptureException(Stream.concat(
                        config.sources().stream().map(SourceSpec::camera), new TreeSet<>(reasons.keySet()).stream())
                .distinct()
                .filter(reasons::containsKey)
                .map(reasons::get)
                .toList());
    }

    @Override
    public void end(Ending ending) {
        close();
    }

    /** Ends all sources as if each had come to its end; what they gave is published, or counted as unpublished. */
    @Override
    public void close() {
        stopAll();
        if (!isStarted) {
            ended.complete(null);
        }
        stopping.tryEmitEmpty();
        awaitEnd(LONGEST_END);
        claims.close();
        pictures.ifPresent(PicturePublisher::close);
        publisher.close();
        awaitEnd(COUNTING); // what is still under way can only fail now, and is counted
    }

    private synchronized void stopAll() {
        isStopping = true;
        following.dispose();
        activities.values().forEach(activity -> activity.stop().run());
    }

    private void awaitEnd(Duration longest) {
        try {
            ended.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // The failure was told to those who wait for the end, or the publisher has the last word.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
