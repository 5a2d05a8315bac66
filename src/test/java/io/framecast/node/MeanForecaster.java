package io.framecast.node;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.Forecaster;
import io.framecast.forecast.ModelVersion;
import io.framecast.forecast.Window;
import io.framecast.frame.Pixels;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Forecasts the mean grey of the whole context, so that a test sees which frames a window had. */
final class MeanForecaster implements Forecaster {
    private final String name;
    private final int contextLength;
    private volatile boolean closed;

    MeanForecaster(String name, int contextLength) {
        this.name = name;
        this.contextLength = contextLength;
    }

    @Override
    public ModelVersion model() {
        return new ModelVersion(name, "1");
    }

    @Override
    public int contextLength() {
        return contextLength;
    }

    @Override
    public List<Forecast> forecast(List<Window> windows) {
        if (closed) {
            throw new IllegalStateException(name + " is closed and asked for a forecast");
        }
        return windows.stream().map(this::mean).toList();
    }

    private Forecast mean(Window window) {
        var bytes = new byte[window.shape().bytes()];
        int sum =
                window.frames().stream().mapToInt(frame -> frame.pixels().at(0)).sum();
        Arrays.fill(bytes, (byte) (sum / window.length()));
        return new Forecast(
                window.origin(),
                model(),
                window.length(),
                window.interval(),
                window.shape(),
                Collections.nCopies(Forecast.HORIZON, Pixels.copyOf(bytes)),
                Optional.empty());
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
    }
}
