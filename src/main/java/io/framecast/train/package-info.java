/** Offline training and evaluation, on the windows and networks of the live pipeline. It never runs in a live role. */
@NullMarked
package io.framecast.train;

import org.jspecify.annotations.NullMarked;
