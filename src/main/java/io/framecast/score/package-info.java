/**
 * How good a forecast was: squared and absolute error, PSNR, SSIM and skill, of pictures and over a horizon. It never
 * forecasts, and knows nothing of where pictures come from.
 */
@NullMarked
package io.framecast.score;

import org.jspecify.annotations.NullMarked;
