/** A Kafka broker inside the process, and the guard of its disk. It knows no topic of ours. */
@NullMarked
package io.framecast.topic.broker;

import org.jspecify.annotations.NullMarked;
