/**
 * Cameras, network streams, files and rendered scenes as streams of frames: opening, decoding, sampling, scaling,
 * reconnecting. It never stores, sends or forecasts a frame, and it never lets a password out.
 */
@NullMarked
package io.framecast.source;

import org.jspecify.annotations.NullMarked;
