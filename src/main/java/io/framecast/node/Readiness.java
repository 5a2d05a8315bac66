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
    /** What an obstacle of Kafka's begins with. */
    static final String KAFKA = "kafka: ";

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

    /** From now on Kafka must take records, and every role must do its work. */
    void watch(Broker broker, List<Role> roles, Overloads overloads) {
        obstacles = () -> obstacles(broker.shortOfSpace(), roles, overloads.obstacle());
        watching.update(Flux.interval(Duration.ZERO, CHECK, Schedulers.boundedElastic())
                .onBackpressureDrop()
                .map(tick -> kafkaTrouble(obstacles()))
                .distinctUntilChanged(Optional::isPresent)
                .skipWhile(Optional::isEmpty)
                .subscribe(words -> out.accept("kafka     " + words.orElse("takes records again"))));
    }

    static List<String> obstacles(Optional<String> shortOfSpace, List<Role> roles, Optional<String> overload) {
        var all = new ArrayList<String>();
        shortOfSpace.ifPresent(words -> all.add(KAFKA + words));
        roles.forEach(role -> role.obstacle().ifPresent(all::add));
        overload.ifPresent(all::add);
        return List.copyOf(all);
    }

    private static Optional<String> kafkaTrouble(List<String> obstacles) {
        return obstacles.stream()
                .filter(words -> words.startsWith(KAFKA))
                .map(words -> words.substring(KAFKA.length()))
                .findFirst();
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
