/**
 * Opens sources, again and again where they are live, and turns their pictures into frames: placed on the time line,
 * sampled, numbered. It never stores, sends or forecasts a frame.
 */
@NullMarked
package io.framecast.source.reader;

import org.jspecify.annotations.NullMarked;
