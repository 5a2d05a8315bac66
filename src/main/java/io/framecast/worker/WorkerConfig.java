package io.framecast.worker;

import io.framecast.topic.KafkaConnection;

/**
 * Where an exactly-once worker works.
 *
 * @param connection the cluster
 * @param group the consumer group whose workers share out the cameras
 * @param transactionalId stable for a worker's slot, so that its successor ends what it left open
 * @param fromBeginning whether a group without a commit starts at the oldest record, or at the newest
 */
public record WorkerConfig(KafkaConnection connection, String group, String transactionalId, boolean fromBeginning) {}
