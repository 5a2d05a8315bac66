package io.framecast.worker;

import io.framecast.topic.TopicKind;

/**
 * A partition of an input topic.
 *
 * @param topic which topic
 * @param partition its number there
 */
public record InputPartition(TopicKind topic, int partition) {}
