/** Compares forecasts with what really came: metrics, baselines, calibration, reports. It never changes a model. */
@NullMarked
package io.framecast.evaluate;

import org.jspecify.annotations.NullMarked;
