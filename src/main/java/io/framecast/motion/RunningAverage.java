package io.framecast.motion;

import io.framecast.forecast.Window;
import io.framecast.frame.Frame;
import io.framecast.frame.Pixels;

/** What a window shows on average, the newer frames counting more: its background, as far as it can know. */
public final class RunningAverage {
    private RunningAverage() {}

    /**
     * The exponential moving average of the window's frames, which starts as the first.
     *
     * @param share how much each newer frame counts against all before it, 0 to 1
     * @return H x W x C values, 0 to 255, a fresh array
     */
    public static float[] of(Window window, float share) {
        var average = new float[window.shape().bytes()];
        Pixels first = window.frames().get(0).pixels();
        for (int i = 0; i < average.length; i++) {
            average[i] = first.at(i);
        }
        for (Frame frame : window.frames()) {
            Pixels newer = frame.pixels();
            for (int i = 0; i < average.length; i++) {
                average[i] += share * (newer.at(i) - average[i]);
            }
        }
        return average;
    }
}
