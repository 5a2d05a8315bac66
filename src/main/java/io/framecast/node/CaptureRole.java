package io.framecast.node;

import io.framecast.frame.CameraId;
import io.framecast.frame.CameraState;
import io.framecast.frame.CameraStatus;
import io.framecast.frame.Frame;
import io.framecast.source.FrameSource;
import io.framecast.source.SourceException;
import io.framecast.source.reader.FrameSources;
import io.framecast.topic.BrokerException;
import io.framecast.topic.CameraPublisher;
import io.framecast.topic.CaptureProcess;
import io.framecast.topic.PicturePublisher;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** The capture role: every source into the frames topic, each on its own, so that none waits for another. */
final class CaptureRole implements Role {
    /** Frames of a camera that Kafka has not acknowledged yet; beyond it the source drops or waits. */
    private static final int IN_FLIGHT = 32;

    /** One slow answer, or one refused while a relay starts, does not end a run. */
    private static final int TRIES = 3;

    private static final Duration LONGEST_END = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration COUNTING = Duration.ofSeconds(1);

    private final CaptureConfig config;
    private final Broker broker;
    private final List<FrameSource> sources;
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
    private volatile boolean isStarted;
    private volatile boolean isStopping;

    /** Cameras that other processes capture. */
    private final Set<CameraId> left = ConcurrentHashMap.newKeySet();

    CaptureRole(CaptureConfig config, Broker broker, CameraStats stats, Consumer<String> out) {
        this.config = config;
        this.broker = broker;
        this.stats = stats;
        this.out = out;
        sources = config.sources().stream()
                .map(spec -> FrameSources.open(spec, config.reading(spec.camera())))
                .toList();
        publisher = new CameraPublisher(broker.connection());
        pictures =
                config.reading().pictures() ? Optional.of(new PicturePublisher(broker.connection())) : Optional.empty();
        claims = new CameraClaims(broker.connection(), publisher.process());
    }

    /** Starts all sources that no other process captures. */
    @Override
    public void start() {
        isStarted = true;
        claims.start();
        var unused = run().subscribe(nothing -> {}, ended::completeExceptionally, () -> ended.complete(null));
    }

    /** Completes when every source has ended; fails with {@link CaptureException} if not one could be reached. */
    @Override
    public Mono<Void> ended() {
        return Mono.fromFuture(ended, true);
    }

    private Mono<Void> run() {
        return Flux.fromIterable(sources)
                .flatMap(this::capture, sources.size())
                .then()
                .takeUntilOther(noneReached.asMono())
                .then(Mono.defer(this::verdict));
    }

    private Mono<Void> capture(FrameSource source) {
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
                : publisher.publish(status).onErrorResume(BrokerException.class, failure -> Mono.empty());
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
        if (!config.waitForCameras() && !anyReached.get() && unreached.size() == sources.size()) {
            noneReached.tryEmitEmpty();
        }
    }

    private Mono<Void> fail(CameraId camera, SourceException failure) {
        failures.put(camera, String.valueOf(failure.getMessage()));
        return Mono.empty();
    }

    private Mono<Void> verdict() {
        if (!anyReached.get() && unreached.size() == sources.size() && !config.waitForCameras()) {
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

    /** One line per source, in the order in which they were typed. */
    private CaptureException inOrder(Map<CameraId, String> reasons) {
        return new CaptureException(sources.stream()
                .map(FrameSource::camera)
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
        isStopping = true;
        if (!isStarted) {
            ended.complete(null);
        }
        stopping.tryEmitEmpty();
        sources.forEach(FrameSource::stop);
        awaitEnd(LONGEST_END);
        claims.close();
        pictures.ifPresent(PicturePublisher::close);
        publisher.close();
        awaitEnd(COUNTING); // what is still under way can only fail now, and is counted
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
