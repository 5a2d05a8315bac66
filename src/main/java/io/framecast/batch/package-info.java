/** Micro-batches: what waits for the model, and when it is enough. It never looks inside what waits. */
@NullMarked
package io.framecast.batch;

import org.jspecify.annotations.NullMarked;
