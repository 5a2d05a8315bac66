package io.framecast.node;

import io.framecast.frame.CameraId;
import io.framecast.frame.CameraState;
import io.framecast.frame.CameraStatus;
import io.framecast.topic.CameraStatusCodec;
import io.framecast.topic.CaptureProcess;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.MalformedRecordException;
import io.framecast.topic.TopicKind;
import io.framecast.topic.TopicReader;
import io.framecast.topic.TopicReader.Start;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.retry.Retry;

/**
 * Which cameras other processes capture. Each repeats the status of its cameras in the cameras topic; what counts is
 * that a status is repeated, not its age by a clock of another machine, so a process that died never keeps a camera.
 */
final class CameraClaims implements AutoCloseable {
    /** How often a process repeats the status of its cameras. */
    static final Duration HEARTBEAT = Duration.ofSeconds(2);

    /** A process that has not repeated a status for so long is dead, or can't reach the cluster. */
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private static final Duration LONGEST_LOOK = Duration.ofSeconds(10);
    private static final Logger log = LoggerFactory.getLogger(CameraClaims.class);

    private final CaptureProcess self;
    private final Flux<TopicReader.Found> records;
    private final Map<CameraId, Claim> others = new ConcurrentHashMap<>();
    private final Sinks.Many<Claim> repeated = Sinks.many().multicast().directBestEffort();
    private final Sinks.Empty<Void> known = Sinks.empty();
    private final Disposable.Swap reading = Disposables.swap();

    /**
     * What another process says of a camera.
     *
     * @param camera which
     * @param process which
     * @param failed whether it has failed there
     * @param isOver whether it has ended there, or has failed and is not tried again as far as is known
     */
    record Claim(CameraId camera, CaptureProcess process, boolean failed, boolean isOver) {}

    CameraClaims(KafkaConnection connection, CaptureProcess self) {
        this.self = self;
        records = Flux.defer(() -> {
            var isNew = new AtomicBoolean();
            return new TopicReader(connection)
                    .read(Map.of(TopicKind.CAMERAS, Start.BEGINNING), () -> {}, () -> {
                        isNew.set(true);
                        known.tryEmitEmpty();
                    })
                    .doOnNext(found -> take(found, isNew.get()));
        });
    }

    /** Begins to read. */
    void start() {
        reading.update(records.retryWhen(
                        Retry.backoff(Long.MAX_VALUE, Duration.ofSeconds(1)).maxBackoff(Duration.ofSeconds(5)))
                .subscribe());
    }

    private void take(TopicReader.Found found, boolean isNew) {
        if (found.isRemoval()) {
            others.keySet().removeIf(camera -> camera.value().equals(found.key()));
            return;
        }
        try {
            CameraStatus status = CameraStatusCodec.decode(found.value());
            Optional<CaptureProcess> process = CameraStatusCodec.process(found.value())
                    .filter(other -> !other.id().equals(self.id()));
            if (process.isPresent()) {
                var claim = claim(status, process.get());
                others.put(status.camera(), claim);
                if (isNew) {
                    repeated.tryEmitNext(claim);
                }
            }
        } catch (MalformedRecordException e) {
            log.debug("a status is left out: {}", e.getMessage());
        }
    }

    /** A camera that has failed is tried again where its status is repeated; said once, it is the last word. */
    private Claim claim(CameraStatus status, CaptureProcess process) {
        Claim last = others.get(status.camera());
        boolean failed = status.state() == CameraState.FAILED;
        boolean isRepeated =
                failed && last != null && last.failed() && last.process().id().equals(process.id());
        boolean isOver =
                status.state() == CameraState.ENDED || status.state() == CameraState.PAUSED || (failed && !isRepeated);
        return new Claim(status.camera(), process, failed, isOver);
    }

    /** The process that captures a camera, known within seconds; empty if there is none that lives. */
    Mono<CaptureProcess> holder(CameraId camera) {
        return known.asMono().timeout(LONGEST_LOOK, Mono.empty()).then(Mono.defer(() -> {
            Claim last = others.get(camera);
            return last == null || last.isOver() || last.process().isGoneFrom(self)
                    ? Mono.empty()
                    : of(camera)
                            .next()
                            .timeout(SILENCE, Mono.empty())
                            .filter(claim -> !claim.isOver())
                            .map(Claim::process);
        }));
    }

    /** The process that captured a camera before this one and goes on with it: both began at the same moment. */
    Mono<CaptureProcess> rival(CameraId camera) {
        return of(camera)
                .filter(claim -> !claim.isOver())
                .map(Claim::process)
                .filter(process -> process.isBefore(self))
                .next();
    }

    private Flux<Claim> of(CameraId camera) {
        return repeated.asFlux().filter(claim -> claim.camera().equals(camera));
    }

    @Override
    public void close() {
        reading.dispose();
    }
}
