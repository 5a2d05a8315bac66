/** Frames and forecasts as the bytes of files: PNG, JPEG, GIF, mp4, numpy. It never decides where a file goes. */
@NullMarked
package io.framecast.export;

import org.jspecify.annotations.NullMarked;
