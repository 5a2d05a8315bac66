package io.framecast.node;

import io.framecast.worker.Worker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A worker on a thread of its own, which closes what the worker uses when nothing uses it any more. */
final class WorkerRole implements Role {
    private static final Logger log = LoggerFactory.getLogger(WorkerRole.class);
    private static final Duration CLOSE = Duration.ofSeconds(8);
    private static final Duration UNDER_WAY = Duration.ofSeconds(2);

    private final String name;
    private final Worker worker;
    private final Runnable release;
    private final boolean vital;
    private final Duration longestClose;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean started;
    private volatile boolean outOfMemory;

    /**
     * Makes the role.
     *
     * @param name one word
     * @param release closes what the worker uses; called once, never while the worker runs
     * @param vital whether the node ends with it
     */
    WorkerRole(String name, Worker worker, Runnable release, boolean vital) {
        this(name, worker, release, vital, CLOSE);
    }

    WorkerRole(String name, Worker worker, Runnable release, boolean vital, Duration longestClose) {
        this.name = name;
        this.worker = worker;
        this.release = release;
        this.vital = vital;
        this.longestClose = longestClose;
    }

    @Override
    public void start() {
        started = true;
        new Thread(this::run, name).start();
    }

    private void run() {
        try {
            worker.run();
            ended.complete(null);
        } catch (OutOfMemoryError full) { // others may be hit next, so this process does not go on
            outOfMemory = true;
            ended.completeExceptionally(new IllegalStateException(
                    "out of memory in " + name + " (" + full.getMessage() + "); " + wayOut(full), full));
        } catch (RuntimeException | Error broken) { // told to those who wait for the end
            if (!vital) {
                log.error("{} ended: {}; the other roles go on, restart to go on with it", name, broken.getMessage());
            }
            ended.completeExceptionally(broken);
        } finally {
            release.run();
        }
    }

    private static String wayOut(OutOfMemoryError full) {
        String words = String.valueOf(full.getMessage());
        return words.contains("heap space") || words.contains("GC overhead")
                ? "give more with FRAMECAST_JAVA_OPTIONS=-Xmx4g"
                : "let this process have more memory and threads, or give it fewer cameras";
    }

    @Override
    public Mono<Void> ended() {
        return Mono.fromFuture(ended, true);
    }

    @Override
    public boolean isVital() {
        return vital;
    }

    @Override
    public Mono<Void> endsNode() {
        return vital
                ? ended()
                : ended().onErrorComplete(failure -> !outOfMemory).then(Mono.never());
    }

    private boolean isFatal() {
        return vital || outOfMemory;
    }

    @Override
    public Optional<String> obstacle() {
        if (ended.isCompletedExceptionally()) {
            return Optional.of(name + ": ended, the log says why; restart it");
        }
        return worker.obstacle()
                .map(words -> name + ": " + words)
                .or(() -> vital && !worker.isAssigned()
                        ? Optional.of(name + ": the group has given it no cameras yet")
                        : Optional.empty());
    }

    @Override
    public Optional<RuntimeException> failure() {
        return isFatal() || !ended.isCompletedExceptionally()
                ? Optional.empty()
                : failure(Duration.ZERO).map(WorkerRole::unchecked);
    }

    /** Finishes what is left, or ends after the batch under way; the rest is the next worker's. */
    @Override
    public void end(Ending ending) {
        if (ending.drains()) {
            worker.drain();
        } else {
            worker.stop();
        }
        var hurried = ending.hurry()
                .doOnSuccess(nothing -> worker.stop())
                .then(Mono.delay(UNDER_WAY, Schedulers.boundedElastic()))
                .subscribe(nothing -> abandon());
        Optional<Throwable> failure = failure(ending.longest());
        hurried.dispose();
        if (isFatal() && failure.isPresent()) {
            throw unchecked(failure.get());
        }
    }

    /** A model call cannot be broken off, but need not be waited for. */
    private void abandon() {
        try {
            worker.abandon();
        } finally {
            ended.complete(null);
        }
    }

    private static RuntimeException unchecked(Throwable failure) {
        return failure instanceof RuntimeException broken ? broken : new IllegalStateException(failure);
    }

    /** Waits for the end; empty if that came in order. */
    private Optional<Throwable> failure(Duration longest) {
        try {
            ended.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException broken) {
            return Optional.ofNullable(broken.getCause());
        } catch (TimeoutException late) {
            worker.stop();
            return Optional.of(new IllegalStateException(
                    name + " was not done within " + longest.toSeconds() + " s; the next worker goes on"));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            worker.stop();
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        if (!started) {
            worker.close();
            release.run();
            return;
        }
        worker.stop();
        failure(longestClose).ifPresent(broken -> log.debug("{} did not end in order", name, broken));
    }
}
