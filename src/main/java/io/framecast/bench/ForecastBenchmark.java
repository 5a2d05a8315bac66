package io.framecast.bench;

import io.framecast.forecast.Forecaster;
import io.framecast.forecast.Window;
import io.framecast.frame.CameraId;
import io.framecast.frame.Frame;
import io.framecast.source.Pace;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceSpec;
import io.framecast.source.reader.FrameSources;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** How long a model takes for forecasts of all steps, of one window and of several in one call. */
public final class ForecastBenchmark {
    private static final int WARM_UP = 3;
    private static final int DIFFERENT = 16;

    private final Forecaster forecaster;
    private final int calls;

    /**
     * What is found of a batch size.
     *
     * @param batch windows in a call
     * @param medianMillis of a call
     * @param worstMillis of a call, 19 of 20 taking less
     */
    public record Row(int batch, double medianMillis, double worstMillis) {
        /** Forecasts of all steps a second. */
        public double forecastsPerSecond() {
            return 1000 * batch / medianMillis;
        }
    }

    /**
     * Prepares to measure.
     *
     * @param forecaster what is measured
     * @param calls of each batch size
     */
    public ForecastBenchmark(Forecaster forecaster, int calls) {
        this.forecaster = forecaster;
        this.calls = calls;
    }

    /** Measures one batch size, on windows of the rendered street. */
    public Row run(int batch) {
        List<Window> windows = windows();
        var millis = new double[calls];
        for (int call = -WARM_UP; call < calls; call++) {
            var some = new ArrayList<Window>();
            for (int i = 0; i < batch; i++) {
                some.add(windows.get(Math.floorMod(call * batch + i, windows.size())));
            }
            long started = System.nanoTime();
            forecaster.forecast(some);
            if (call >= 0) {
                millis[call] = (System.nanoTime() - started) / 1e6;
            }
        }
        Arrays.sort(millis);
        return new Row(batch, millis[calls / 2], millis[calls * 19 / 20]);
    }

    private List<Window> windows() {
        int length = forecaster.contextLength();
        List<Frame> frames = FrameSources.open(
                        SourceSpec.parse("bench=test:street"),
                        SourceConfig.defaults().withPace(Pace.MAX))
                .frames()
                .take(length + DIFFERENT - 1L)
                .collectList()
                .blockOptional()
                .orElse(Collections.emptyList());
        var windows = new ArrayList<Window>();
        for (int start = 0; start < DIFFERENT; start++) {
            windows.add(new Window(new CameraId("bench"), frames.subList(start, start + length)));
        }
        return windows;
    }
}
