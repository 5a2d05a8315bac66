/**
 * Kafka: the topics and their records, the embedded broker, publishing, reading and the exactly-once loop. It never
 * looks at pictures and never decides what to forecast.
 */
@NullMarked
package io.framecast.topic;

import org.jspecify.annotations.NullMarked;
