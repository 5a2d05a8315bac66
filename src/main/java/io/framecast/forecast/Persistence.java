package io.framecast.forecast;

import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The forecast that repeats the last frame: the baseline that everything is compared with. */
public final class Persistence implements Forecaster {
    private static final ModelVersion MODEL = new ModelVersion("persistence", "1");

    @Override
    public ModelVersion model() {
        return MODEL;
    }

    @Override
    public int contextLength() {
        return 1;
    }

    @Override
    public List<Forecast> forecast(List<Window> windows) {
        return windows.stream().map(Persistence::repeatLast).toList();
    }

    private static Forecast repeatLast(Window window) {
        var frames = Collections.nCopies(Forecast.HORIZON, window.last().pixels());
        return new Forecast(
                window.origin(), MODEL, window.length(), window.interval(), window.shape(), frames, Optional.empty());
    }
}
