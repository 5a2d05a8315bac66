package io.framecast.source.reader;

import io.framecast.frame.CameraId;
import io.framecast.frame.CameraPicture;
import io.framecast.frame.CameraStatus;
import io.framecast.frame.Frame;
import io.framecast.source.Counters;
import io.framecast.source.FrameSource;
import io.framecast.source.Pace;
import io.framecast.source.Patience;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceCounts;
import io.framecast.source.SourceSpec;
import io.framecast.source.Stop;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.FluxSink.OverflowStrategy;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A source as a stream: on demand where nothing may be lost, else grabbed by a thread that never waits for a reader.
 */
final class DefaultFrameSource implements FrameSource {
    /**
     * Where frames of all cameras are handed on, a few at a time: a thread of its own would be a second one for each
     * camera. A reader that blocks, as one does that publishes while Kafka is away, blocks the same way for all.
     */
    private static final Scheduler PUBLISHING = scheduler("publish", 4);

    private final SourceSpec spec;
    private final SourceConfig config;
    private final ReconnectingSession.Opener opener;
    private final Stop stop;
    private final Counters counters;
    private final Patience patience;
    private final StatusBoard board;
    private final PictureTap tap;
    private final AtomicBoolean subscribed = new AtomicBoolean();
    private final AtomicBoolean stoppedInOrder = new AtomicBoolean();

    DefaultFrameSource(
            SourceSpec spec,
            SourceConfig config,
            ReconnectingSession.Opener opener,
            Stop stop,
            Counters counters,
            Patience patience) {
        this.spec = spec;
        this.config = config;
        this.opener = opener;
        this.stop = stop;
        this.counters = counters;
        this.patience = patience;
        this.board = new StatusBoard(spec.camera());
        this.tap = new PictureTap(config.pictures());
    }

    @Override
    public CameraId camera() {
        return spec.camera();
    }

    @Override
    public Flux<Frame> frames() {
        return Flux.defer(() -> {
            if (!subscribed.compareAndSet(false, true)) {
                return Flux.error(new IllegalStateException(
                        "source " + camera() + " has a subscriber already: open another one with FrameSources.open"));
            }
            board.connecting();
            return (onDemand() ? demanded() : grabbed())
                    .doOnComplete(() -> board.ended(stoppedInOrder.get() ? "stopped" : ""))
                    .doOnError(failure -> board.failed(String.valueOf(failure.getMessage())))
                    .doOnCancel(() -> {
                        stop.give();
                        board.ended("stopped");
                    });
        });
    }

    @Override
    public Flux<CameraPicture> pictures() {
        return tap.pictures();
    }

    @Override
    public Flux<CameraStatus> statuses() {
        return board.statuses();
    }

    @Override
    public void stop() {
        stoppedInOrder.set(true);
        stop.give();
    }

    @Override
    public SourceCounts counts() {
        return counters.snapshot();
    }

    private boolean onDemand() {
        return config.pace() == Pace.MAX
                && switch (spec.location().kind()) {
                    case FILE, SCENE, HTTP -> true;
                    case DEVICE, RTSP, STREAM -> false;
                };
    }

    private Flux<Frame> demanded() {
        return Flux.<Frame, FrameSampler>generate(
                        this::reader,
                        (reader, sink) -> {
                            var frame = reader.next();
                            if (frame == null) {
                                sink.complete();
                            } else {
                                sink.next(frame);
                            }
                            return reader;
                        },
                        FrameSampler::close)
                .subscribeOn(scheduler("source-" + camera(), 1));
    }

    private Flux<Frame> grabbed() {
        return Flux.create(this::grab, OverflowStrategy.IGNORE)
                .onBackpressureBuffer(
                        config.buffer(),
                        frame -> counters.dropped(Counters.OVERFLOW),
                        BufferOverflowStrategy.DROP_OLDEST)
                .publishOn(PUBLISHING, 1);
    }

    private void grab(FluxSink<Frame> sink) {
        sink.onDispose(stop::give);
        named("source-" + camera()).newThread(() -> readInto(sink)).start();
    }

    private void readInto(FluxSink<Frame> sink) {
        try (var reader = reader()) {
            for (var frame = reader.next(); frame != null; frame = reader.next()) {
                sink.next(frame);
            }
            sink.complete();
        } catch (RuntimeException | Error failure) {
            sink.error(failure);
        }
    }

    private FrameSampler reader() {
        var sessions = new ReconnectingSession(opener, spec.location(), config, board, stop, patience);
        return new FrameSampler(spec.camera(), config, sessions, counters, board, tap, stop);
    }

    /**
     * Threads that end by themselves when they have nothing to do. They are never disposed of: a reader may ask for
     * more while the last frame is on its way to it, and that must not be refused.
     */
    private static Scheduler scheduler(String name, int threads) {
        var executor =
                new ThreadPoolExecutor(threads, threads, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named(name));
        executor.allowCoreThreadTimeOut(true);
        return Schedulers.fromExecutorService(executor);
    }

    /** Plain threads, on which a reader of the frames may block. */
    private static ThreadFactory named(String name) {
        return task -> {
            var thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
