/**
 * The vocabulary of forecasting: a window of real frames, the forecast made from it, and who makes it. It never knows
 * where frames come from or where forecasts go.
 */
@NullMarked
package io.framecast.forecast;

import org.jspecify.annotations.NullMarked;
