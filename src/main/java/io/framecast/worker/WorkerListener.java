package io.framecast.worker;

import io.framecast.topic.MalformedRecordException;
import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/** Is told what a worker does, for those who watch it. Called on the worker's threads, so it must return at once. */
public interface WorkerListener {
    /** Wants to know nothing. */
    WorkerListener NONE = new WorkerListener() {};

    /** The worker reads with this consumer. */
    default void reads(Consumer<?, ?> consumer) {}

    /** From now on the worker writes with this producer, and no more with one before. */
    default void writes(Producer<?, ?> producer) {}

    /**
     * Records were read.
     *
     * @param behind how many more there are in its partitions
     * @param age how long before they were read the newest of a partition was captured, of the partition that is
     *     furthest behind; never negative
     */
    default void read(long behind, Duration age) {}

    /** A transaction was committed, which took so long. */
    default void committed(Duration time) {}

    /** A transaction failed; the worker starts again from the last one. */
    default void notCommitted() {}

    /** A malformed record was passed for good. */
    default void malformed(MalformedRecordException.Kind kind) {}
}
