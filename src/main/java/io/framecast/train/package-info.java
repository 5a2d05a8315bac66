/** Fits networks to clips, on the windows of the live pipeline. It never runs in a live role. */
@NullMarked
package io.framecast.train;

import org.jspecify.annotations.NullMarked;
