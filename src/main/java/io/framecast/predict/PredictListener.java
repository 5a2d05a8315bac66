package io.framecast.predict;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.LatencyStamps;
import io.framecast.frame.CameraId;
import java.time.Duration;

/** Is told what becomes of a camera's frames. */
public interface PredictListener {
    /** A forecast was committed; {@code stamps} are its own. */
    void forecast(Forecast forecast, LatencyStamps stamps);

    /** A frame or window was dropped; {@code cause} is {@code stale} or {@code window-skipped}. */
    void dropped(CameraId camera, String cause);

    /**
     * The model was called.
     *
     * @param windows how many it forecast in this call
     * @param waiting how many still wait
     * @param time how long the call took
     */
    default void batch(int windows, int waiting, Duration time) {}
}
