package io.framecast.worker;

import io.framecast.topic.TopicKind;
import java.time.Instant;

/**
 * A record to publish.
 *
 * @param topic where
 * @param key its key in UTF-8
 * @param time its timestamp
 * @param schema the name of its message in {@code framecast.proto}
 * @param trace the W3C trace context that it continues, or empty to start one
 * @param value its bytes; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, from a codec to the producer
public record Output(TopicKind topic, String key, Instant time, String schema, String trace, byte[] value) {}
