package io.framecast.pipeline;

import io.framecast.frame.CameraId;
import io.framecast.frame.CameraState;
import io.framecast.frame.CameraStatus;
import io.framecast.frame.Frame;
import io.framecast.source.FrameSource;
import io.framecast.source.FrameSources;
import io.framecast.source.SourceException;
import io.framecast.topic.BrokerException;
import io.framecast.topic.CameraPublisher;
import io.framecast.topic.KafkaConnection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The capture role: every source into the frames topic, each on its own, so that none waits for another. */
final class CaptureRole implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CaptureRole.class);

    /** Frames of a camera that Kafka has not acknowledged yet; beyond it the source drops or waits. */
    private static final int IN_FLIGHT = 32;

    private final CaptureConfig config;
    private final List<FrameSource> sources;
    private final CameraPublisher publisher;
    private final Ledger ledger;
    private final Map<CameraId, String> failures = new ConcurrentHashMap<>();
    private final Map<CameraId, String> unreached = new ConcurrentHashMap<>();
    private final AtomicBoolean anyReached = new AtomicBoolean();
    private final Sinks.Empty<Void> noneReached = Sinks.empty();
    private final Sinks.Empty<Void> stopped = Sinks.empty();

    CaptureRole(CaptureConfig config, KafkaConnection connection, Ledger ledger) {
        this.config = config;
        this.ledger = ledger;
        sources = config.sources().stream()
                .map(spec -> FrameSources.open(spec, config.reading()))
                .toList();
        publisher = new CameraPublisher(connection);
    }

    /**
     * Runs all sources.
     *
     * @return completes when every source has ended, or {@link #stop} was called; fails with {@link CaptureException}
     *     if not one could be reached
     */
    Mono<Void> run() {
        return Flux.fromIterable(sources)
                .flatMap(this::capture, sources.size())
                .then()
                .takeUntilOther(stopped.asMono())
                .takeUntilOther(noneReached.asMono())
                .then(Mono.defer(this::verdict));
    }

    private Mono<Void> capture(FrameSource source) {
        ledger.reads(source.camera(), source::counts);
        Mono<Void> statuses = source.statuses().concatMap(this::report).then();
        Mono<Void> frames = source.frames()
                .takeUntilOther(stopped.asMono())
                .flatMapSequential(this::publish, IN_FLIGHT)
                .then()
                .onErrorResume(SourceException.class, failure -> fail(source.camera(), failure));
        return Mono.when(statuses, frames);
    }

    private Mono<Frame> publish(Frame frame) {
        return publisher
                .publish(frame)
                .doOnNext(published -> ledger.published(published.camera()))
                .onErrorResume(BrokerException.class, failure -> {
                    ledger.dropped(frame.camera(), "unpublished");
                    return Mono.empty();
                });
    }

    private Mono<CameraStatus> report(CameraStatus status) {
        log.info("camera {} is {}{}", status.camera(), status.state(), because(status));
        if (status.state() == CameraState.LIVE) {
            anyReached.set(true);
        } else if (status.state() == CameraState.RECONNECTING || status.state() == CameraState.FAILED) {
            unreached.put(status.camera(), status.reason());
            giveUpIfNoneReached();
        }
        return publisher.publish(status).onErrorResume(BrokerException.class, failure -> Mono.empty());
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
            return Mono.error(new CaptureException(List.copyOf(unreached.values())));
        }
        return failures.isEmpty() ? Mono.empty() : Mono.error(new CaptureException(List.copyOf(failures.values())));
    }

    /** Ends all sources as if each had come to its end. */
    void stop() {
        stopped.tryEmitEmpty();
    }

    /** Sends what is still buffered. */
    @Override
    public void close() {
        stop();
        publisher.close();
    }
}
