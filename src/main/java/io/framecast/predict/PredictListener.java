package io.framecast.predict;

import io.framecast.forecast.LatencyStamps;
import io.framecast.frame.CameraId;

/** Is told what becomes of a camera's frames. */
public interface PredictListener {
    /** A forecast was committed. */
    void forecast(CameraId camera, LatencyStamps stamps);

    /** A frame or window was dropped; {@code cause} is {@code stale} or {@code window-skipped}. */
    void dropped(CameraId camera, String cause);
}
