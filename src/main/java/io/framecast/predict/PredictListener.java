package io.framecast.predict;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.LatencyStamps;
import io.framecast.frame.CameraId;

/** Is told what becomes of a camera's frames. */
public interface PredictListener {
    /** A forecast was committed; {@code stamps} are its own. */
    void forecast(Forecast forecast, LatencyStamps stamps);

    /** A frame or window was dropped; {@code cause} is {@code stale} or {@code window-skipped}. */
    void dropped(CameraId camera, String cause);
}
