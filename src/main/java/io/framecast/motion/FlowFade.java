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
 * The forecast that lets what moves move on, and fades it into the background the further it looks ahead: the baseline
 * a model must beat.
 *
 * <p>With x the last frame, f the {@linkplain OpticalFlow optical flow} of the last pair, {@linkplain FlowField#carried
 * carried} to step k, and m the {@linkplain RunningAverage running average} of the window, step k is
 *
 * <pre>
 * w warp(x, k f) + (1 - w) ((1 - e) x + e m)      w = exp(-k / 15)   e = 1 - exp(-k / 5)
 * </pre>
 *
 * It works with any window; with one frame it repeats that frame.
 */
public final class FlowFade implements Forecaster {
    private static final ModelVersion MODEL = new ModelVersion("flow-fade", "1");

    /** Over 10 frames the running average has forgotten all but 4 % (0.7^9) of its first one. */
    private static final int CONTEXT = 10;

    /** Steps after which the flow is trusted 1/e; taken over from earlier measurements on recordings, not fitted. */
    private static final double TRUST_STEPS = 15;

    /** Steps after which 1/e of the last frame is left where the flow is not trusted; taken over likewise. */
    private static final double LAST_FRAME_STEPS = 5;

    /** Share of a newer frame in the average, a background about three frames deep; taken over likewise. */
    private static final float NEWER_SHARE = 0.3f;

    private final OpticalFlow opticalFlow = new OpticalFlow();

    /**
     * Loads what optical flow needs.
     *
     * @throws IllegalStateException if this machine cannot
     */
    public FlowFade() {}

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
        return windows.stream().map(this::forecast).toList();
    }

    private Forecast forecast(Window window) {
        Pixels last = window.last().pixels();
        float[] average = RunningAverage.of(window, NEWER_SHARE);
        FlowField flow = flow(window);
        float framesApart = framesApart(window);
        var frames = new ArrayList<Pixels>();
        for (int step = 1; step <= Forecast.HORIZON; step++) {
            float ahead = step / framesApart;
            // Measured on the frame before the last, the flow has one more way to go.
            float[] warped = Warp.along(flow.carried(1 + ahead), last, ahead);
            frames.add(blend(step, warped, last, average));
        }
        return new Forecast(
                window.origin(), MODEL, window.length(), window.interval(), window.shape(), frames, Optional.empty());
    }

    private FlowField flow(Window window) {
        return window.length() == 1
                ? FlowField.still(window.shape())
                : opticalFlow.between(
                        window.shape(),
                        beforeLast(window).pixels(),
                        window.last().pixels());
    }

    /** How many frames the last pair spans: more than one if frames between were dropped. */
    private static long framesApart(Window window) {
        return window.length() == 1
                ? 1
                : window.last().sequence() - beforeLast(window).sequence();
    }

    private static Frame beforeLast(Window window) {
        return window.frames().get(window.length() - 2);
    }

    private static Pixels blend(int step, float[] warped, Pixels last, float[] average) {
        float moved = (float) Math.exp(-step / TRUST_STEPS);
        float aged = (float) (1 - Math.exp(-step / LAST_FRAME_STEPS));
        var blended = new byte[warped.length];
        for (int i = 0; i < blended.length; i++) {
            float unmoved = last.at(i) + aged * (average[i] - last.at(i));
            float value = unmoved + moved * (warped[i] - unmoved);
            blended[i] = (byte) Math.max(0, Math.min(Math.round(value), 255));
        }
        return Pixels.copyOf(blended);
    }
}
