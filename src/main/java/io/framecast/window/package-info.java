/**
 * Sliding windows: a camera's last frames, and when a forecast is due from them. It never waits and never forecasts.
 */
@NullMarked
package io.framecast.window;

import org.jspecify.annotations.NullMarked;
