package io.framecast.motion;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.Forecaster;
import io.framecast.forecast.ModelVersion;
import io.framecast.forecast.Window;
import io.framecast.frame.Frame;
import io.framecast.frame.Pixels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The forecast that moves the last frame on along the optical flow of the last pair, and trusts that flow forever: what
 * {@link io.framecast.motion.FlowFade} is without its fading.
 */
public final class OpticalFlowExtrapolation implements Forecaster {
    private static final ModelVersion MODEL = new ModelVersion("optical-flow", "1");

    private final OpticalFlow opticalFlow = new OpticalFlow();

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
        return windows.stream().map(this::forecast).toList();
    }

    private Forecast forecast(Window window) {
        Frame last = window.last();
        Frame before = window.frames().get(Math.max(0, window.length() - 2));
        FlowField flow = opticalFlow.between(window.shape(), before.pixels(), last.pixels());
        float framesApart = Math.max(1, last.sequence() - before.sequence());
        var frames = new ArrayList<Pixels>();
        for (int step = 1; step <= Forecast.HORIZON; step++) {
            float ahead = step / framesApart;
            // Measured on the frame before the last, the flow has one more way to go.
            frames.add(rounded(Warp.along(flow.carried(1 + ahead), last.pixels(), ahead)));
        }
        return new Forecast(
                window.origin(), MODEL, window.length(), window.interval(), window.shape(), frames, Optional.empty());
    }

    private static Pixels rounded(float[] values) {
        var bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Math.max(0, Math.min(Math.round(values[i]), 255));
        }
        return Pixels.copyOf(bytes);
    }
}
