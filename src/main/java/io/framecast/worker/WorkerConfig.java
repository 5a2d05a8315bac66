package io.framecast.worker;

import io.framecast.topic.KafkaConnection;
import java.time.Duration;

/**
 * Where a worker works.
 *
 * @param connection the cluster
 * @param group the consumer group whose workers share out the cameras
 * @param transactionalId stable for a worker's slot, so that its successor ends what it left open
 * @param fromBeginning whether a group without a commit starts at the oldest record, or at the newest
 * @param deniedForNow whether a denied write may pass, as on an embedded broker whose disk is full
 * @param tuning how it reads and commits
 */
public record WorkerConfig(
        KafkaConnection connection,
        String group,
        String transactionalId,
        boolean fromBeginning,
        boolean deniedForNow,
        Tuning tuning) {
    /**
     * How a worker reads and commits.
     *
     * @param sharing how the group shares out partitions
     * @param pollRecords the most records of one poll
     * @param fetchBytes the most bytes of one partition in one fetch
     * @param longestRead how long to read on towards the newest records before anything is made due, when there are
     *     more than a poll gives; so what newer ones overtake is not made first
     * @param commitInterval the least time between two commits
     */
    public record Tuning(
            Sharing sharing, int pollRecords, int fetchBytes, Duration longestRead, Duration commitInterval) {}

    /** How a group shares out partitions. */
    public enum Sharing {
        /** Few partitions move when a worker comes or goes (KIP-429). */
        STICKY,
        /** The same partitions of all inputs come to the same worker. */
        CO_PARTITIONED
    }
}
