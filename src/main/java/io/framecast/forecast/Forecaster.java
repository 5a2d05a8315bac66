package io.framecast.forecast;

import io.framecast.frame.FrameShape;
import java.util.List;
import java.util.Optional;

/** Looks ahead: turns windows of real frames into forecasts of the next {@value Forecast#HORIZON} frames. */
public interface Forecaster extends AutoCloseable {
    /** What it is called in records and on the page. */
    ModelVersion model();

    /** How many real frames a window holds at most. */
    int contextLength();

    /** How many real frames a window must hold, at most {@link #contextLength()}; which is the default. */
    default int leastContextLength() {
        return contextLength();
    }

    /** The only shape of frames it can take; empty if it takes any. */
    default Optional<FrameShape> takes() {
        return Optional.empty();
    }

    /**
     * Forecasts each window, as many in one model call as serve it.
     *
     * @param windows any number of windows of {@link #leastContextLength()} to {@link #contextLength()} frames, of one
     *     shape
     * @return one forecast a window, in the same order, without latency stamps
     */
    List<Forecast> forecast(List<Window> windows);

    @Override
    default void close() {}
}
