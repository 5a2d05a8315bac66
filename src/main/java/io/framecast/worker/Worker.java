package io.framecast.worker;

/** Something that works on a thread of its own until it is told to end. */
public interface Worker extends Runnable {
    /** Whether the group has given it partitions. */
    boolean isAssigned();

    /** Ends when all that is in the input topics now is done. */
    void drain();

    /** Ends after the batch under way; what is left is the next worker's. */
    void stop();

    /**
     * Leaves the group at once, from any thread, while it is at something that nobody wants to wait for. What it makes
     * is never committed, so another worker makes it.
     */
    void abandon();
}
