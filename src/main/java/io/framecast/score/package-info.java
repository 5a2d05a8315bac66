/**
 * How good forecasts were and how surprising frames are: SSIM, surprise, and the processor that a worker runs. It never
 * forecasts, and knows nothing of where pictures come from.
 */
@NullMarked
package io.framecast.score;

import org.jspecify.annotations.NullMarked;
