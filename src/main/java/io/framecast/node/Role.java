package io.framecast.node;

import java.time.Duration;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** One of the things that a node does. Every role reads from and writes to Kafka only. */
interface Role extends AutoCloseable {
    /** Begins; once. */
    void start();

    /** Completes when it has ended by itself or was told to, and fails if it broke; never for a role that goes on. */
    Mono<Void> ended();

    /** Whether the node is to end when this role does. */
    default boolean isVital() {
        return true;
    }

    /** Ends or fails when the node is to end because of this role. */
    default Mono<Void> endsNode() {
        return isVital() ? ended() : Mono.never();
    }

    /** What keeps it from doing its work, in a few words for {@code /health/ready}; empty while it does it. */
    default Optional<String> obstacle() {
        return Optional.empty();
    }

    /** Why it could not do all of its work, though the node went on; known when it has ended. */
    default Optional<RuntimeException> failure() {
        return Optional.empty();
    }

    /**
     * Ends in order, and waits for that.
     *
     * @param ending how
     * @throws RuntimeException what broke the role, if it was vital
     */
    void end(Ending ending);

    @Override
    void close();

    /**
     * How roles end.
     *
     * @param drains whether everything that feeds a role has ended in this node, so that it may finish what is left
     * @param longest how long that may take at most
     * @param hurry completes when it is to end at once, whatever is left
     */
    record Ending(boolean drains, Duration longest, Mono<Void> hurry) {}
}
