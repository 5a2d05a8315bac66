package io.framecast.worker;

import java.util.Optional;

/** Something that works on a thread of its own until it is told to end. */
public interface Worker extends Runnable, AutoCloseable {
    /** Whether the group has let it in. */
    boolean isAssigned();

    /** What keeps it from working just now, in a few words; empty while it works. */
    Optional<String> obstacle();

    /** Ends when all that is in the input topics now is done. */
    void drain();

    /** Ends after the batch under way; what is left is the next worker's. */
    void stop();

    /**
     * Leaves the group at once, from any thread, while it is at something that nobody wants to wait for. What it makes
     * is never committed, so another worker makes it.
     */
    void abandon();

    /** Gives back what it holds, if it never ran. */
    @Override
    void close();
}
