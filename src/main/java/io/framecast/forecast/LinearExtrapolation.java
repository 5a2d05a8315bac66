package io.framecast.forecast;

import io.framecast.frame.Frame;
import io.framecast.frame.Pixels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The forecast that lets each value change on as it did between the last two frames: x + k (x - x'), cut to 0 to 255.
 */
public final class LinearExtrapolation implements Forecaster {
    private static final ModelVersion MODEL = new ModelVersion("linear", "1");

    @Override
    public ModelVersion model() {
        return MODEL;
    }

    @Override
    public int contextLength() {
        return 2;
    }

    /** It works with any window; with one frame it repeats that frame. */
    @Override
    public List<Forecast> forecast(List<Window> windows) {
        return windows.stream().map(LinearExtrapolation::extrapolate).toList();
    }

    private static Forecast extrapolate(Window window) {
        Frame last = window.last();
        Frame before = window.frames().get(Math.max(0, window.length() - 2));
        double framesApart = Math.max(1, last.sequence() - before.sequence());
        var frames = new ArrayList<Pixels>();
        for (int step = 1; step <= Forecast.HORIZON; step++) {
            frames.add(ahead(before.pixels(), last.pixels(), step / framesApart));
        }
        return new Forecast(
                window.origin(), MODEL, window.length(), window.interval(), window.shape(), frames, Optional.empty());
    }

    private static Pixels ahead(Pixels before, Pixels last, double steps) {
        var values = new byte[last.size()];
        for (int i = 0; i < values.length; i++) {
            long value = Math.round(last.at(i) + steps * (last.at(i) - before.at(i)));
            values[i] = (byte) Math.max(0, Math.min(value, 255));
        }
        return Pixels.copyOf(values);
    }
}
