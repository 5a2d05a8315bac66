/**
 * The learned forecasters: ConvLSTM cells, the networks built of them, and the folders they are kept in. It never reads
 * video and never talks to Kafka.
 */
@NullMarked
package io.framecast.model;

import org.jspecify.annotations.NullMarked;
