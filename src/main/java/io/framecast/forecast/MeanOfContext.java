package io.framecast.forecast;

import io.framecast.frame.Frame;
import io.framecast.frame.Pixels;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The forecast that repeats the mean of the window's frames: right about the background, blind to what moves. */
public final class MeanOfContext implements Forecaster {
    private static final ModelVersion MODEL = new ModelVersion("mean", "1");
    private static final int CONTEXT = 10;

    @Override
    public ModelVersion model() {
        return MODEL;
    }

    @Override
    public int contextLength() {
        return CONTEXT;
    }

    @Override
    public List<Forecast> forecast(List<Window> windows) {
        return windows.stream().map(MeanOfContext::repeatMean).toList();
    }

    private static Forecast repeatMean(Window window) {
        var frames = Collections.nCopies(Forecast.HORIZON, mean(window));
        return new Forecast(
                window.origin(), MODEL, window.length(), window.interval(), window.shape(), frames, Optional.empty());
    }

    private static Pixels mean(Window window) {
        var values = new byte[window.shape().bytes()];
        for (int i = 0; i < values.length; i++) {
            int sum = 0;
            for (Frame frame : window.frames()) {
                sum += frame.pixels().at(i);
            }
            values[i] = (byte) Math.round((float) sum / window.length());
        }
        return Pixels.copyOf(values);
    }
}
