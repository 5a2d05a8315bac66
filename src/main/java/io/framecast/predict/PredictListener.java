package io.framecast.predict;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.LatencyStamps;
import io.framecast.forecast.Window;
import io.framecast.frame.CameraId;
import io.framecast.frame.Frame;
import java.time.Duration;
import java.util.List;

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

    /** A frame counts for the windows of its camera; also one that is read again. */
    default void frame(Frame frame) {}

    /** The model is about to be called. */
    default void modelCalled() {}

    /**
     * The model has forecast windows, which are not committed yet. Nothing waits for what the listener does with them.
     *
     * @param forecasts of each window, in the same order
     * @param waiting how many windows still wait
     */
    default void forecasts(List<Window> windows, List<Forecast> forecasts, int waiting) {}

    /** The frames of a camera are read again, or by another worker. */
    default void forgotten(CameraId camera) {}
}
