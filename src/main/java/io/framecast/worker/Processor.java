package io.framecast.worker;

import io.framecast.topic.MalformedRecordException;
import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What a {@link TransactionalWorker} runs: records in, records out, and how far each partition is done. It knows no
 * Kafka and no time of day. Always called on the worker's one thread.
 *
 * <p>Its state of a partition must be a pure function of the records since {@link #resume}: when a transaction fails,
 * or a partition comes from another worker, those are read again.
 *
 * @param <I> what its inputs say
 * @param <O> what it publishes
 */
public interface Processor<I, O> {
    /**
     * Takes up a partition where it was left.
     *
     * @param left what was committed last, or where reading starts if nothing was
     * @return the first offset needed to rebuild the state, at most {@code left.next()}
     */
    long resume(InputPartition place, Checkpoint left);

    /** Takes back something that was published for the partition before, oldest first; after {@link #resume}. */
    default void restore(int partition, O earlier) {}

    /**
     * Takes a record.
     *
     * @throws MalformedRecordException if nothing can be made of it; nothing has changed then
     */
    void accept(Input<I> input) throws MalformedRecordException;

    /**
     * Whether more of a partition may come; if not, it stays in its topic for now.
     *
     * @param lag how many records of a place are still to be read
     */
    boolean wants(InputPartition place, ToLongFunction<InputPartition> lag);

    /** How long records may be waited for before something is due. */
    Duration timeUntilDue();

    /**
     * What is to be published now; may take long.
     *
     * @param draining whether to wait no longer for a fuller batch
     */
    List<O> due(boolean draining);

    /**
     * How far a partition is done, once everything that was {@link #due} is published.
     *
     * @param position the offset after the last record that was read
     */
    Checkpoint checkpoint(InputPartition place, long position);

    /** Tells that what was due is committed. */
    void committed(List<O> outputs);

    /** Forgets a partition of every input: another worker has it, or it is read again. */
    void forget(int partition);

    /** Whether nothing that was accepted waits to become due. */
    default boolean isIdle() {
        return true;
    }

    /**
     * Takes over what has been set anew, between two batches.
     *
     * @return whether all partitions must be read again from the last commit, because the state is not what those
     *     records would make now; never while something that was accepted waits to become due
     */
    default boolean reconfigure() {
        return false;
    }

    /** All inputs have ended: what waits for more of them becomes due. */
    default void end() {}
}
