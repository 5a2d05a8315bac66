package io.framecast.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** Whether a node does what it is there for, and what is in the way; a change of Kafka's is told in a line as well. */
final class Readiness implements AutoCloseable {
    private static final Duration CHECK = Duration.ofMillis(500);

    private final Consumer<String> out;
    private final Disposable.Swap watching = Disposables.swap();
    private volatile Supplier<List<String>> obstacles = () -> List.of("starting");

    Readiness(Consumer<String> out) {
        this.out = out;
    }

    /** What is in the way, in a few words each; empty when nothing is. */
    List<String> obstacles() {
        return obstacles.get();
    }

    /** From now on Kafka must take records, the group must have given a predictor its cameras, a scorer must score. */
    void watch(
            Broker broker, Optional<CaptureRole> capture, Optional<PredictRole> predictor, Optional<ScoreRole> scorer) {
        Supplier<Optional<String>> trouble =
                () -> broker.shortOfSpace().or(() -> capture.flatMap(CaptureRole::unanswered));
        obstacles = () -> obstacles(trouble.get(), predictor, scorer);
        watching.update(Flux.interval(Duration.ZERO, CHECK, Schedulers.boundedElastic())
                .onBackpressureDrop()
                .map(tick -> trouble.get())
                .distinctUntilChanged(Optional::isPresent)
                .skipWhile(Optional::isEmpty)
                .subscribe(words -> out.accept("kafka     " + words.orElse("takes records again"))));
    }

    static List<String> obstacles(
            Optional<String> trouble, Optional<PredictRole> predictor, Optional<ScoreRole> scorer) {
        var all = new ArrayList<String>();
        trouble.ifPresent(words -> all.add("kafka: " + words));
        predictor
                .filter(role -> !role.isReady())
                .ifPresent(role -> all.add("predict: the group has given it no cameras yet"));
        scorer.filter(ScoreRole::isBroken).ifPresent(role -> all.add("score: broke off, the log says why; restart it"));
        return List.copyOf(all);
    }

    /** The node ends. */
    void stopping() {
        obstacles = () -> List.of("stopping");
    }

    @Override
    public void close() {
        watching.dispose();
    }
}
