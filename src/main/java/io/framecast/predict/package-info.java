/**
 * Frames into forecasts: sliding windows, micro-batches, and the processor that a worker runs. It never touches Kafka
 * and never runs a network itself.
 */
@NullMarked
package io.framecast.predict;

import org.jspecify.annotations.NullMarked;
