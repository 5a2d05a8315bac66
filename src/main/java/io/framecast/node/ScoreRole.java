package io.framecast.node;

import io.framecast.topic.KafkaConnection;
import io.framecast.worker.ScoreLoop;
import io.framecast.worker.WorkerConfig;
import io.framecast.worker.WorkerSlot;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** The score role: every forecast against what really came, exactly once, on a thread of its own. */
final class ScoreRole implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ScoreRole.class);
    private static final Duration CLOSE = Duration.ofSeconds(8);

    private final ScoreLoop loop;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    ScoreRole(KafkaConnection connection, WorkerSlot slot, Ledger ledger) {
        this(loop(connection, slot, ledger));
    }

    ScoreRole(ScoreLoop loop) {
        this.loop = loop;
    }

    private static ScoreLoop loop(KafkaConnection connection, WorkerSlot slot, Ledger ledger) {
        String group = connection.prefix() + ".score";
        return new ScoreLoop(
                new WorkerConfig(connection, group, group + "." + slot.name(), true),
                score -> ledger.scored(score.origin().camera()));
    }

    void start() {
        new Thread(this::runLoop, "score").start();
    }

    private void runLoop() {
        try {
            loop.run();
            ended.complete(null);
        } catch (RuntimeException | Error e) { // forecasting and preview, if they are here, go on without scores
            log.error("scoring broke off; what comes stays unscored until a restart: {}", e.toString());
            ended.completeExceptionally(e);
        }
    }

    /** Whether it broke off before it was told to end. */
    boolean isBroken() {
        return ended.isCompletedExceptionally();
    }

    /** Completes when the loop has ended; fails if it broke. */
    Mono<Void> ended() {
        return Mono.fromFuture(ended, true);
    }

    /** Scores what is in the topics now, and ends. */
    void drain(Duration longest) {
        loop.drain();
        await(longest);
    }

    private void await(Duration longest) {
        try {
            ended.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            log.warn("scoring ended early: {}", e.getMessage());
        } catch (TimeoutException e) {
            log.debug("not everything was scored within {} s; the next worker goes on", longest.toSeconds());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        loop.stop();
        await(CLOSE);
    }
}
