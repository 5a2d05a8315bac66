package io.framecast.evaluate;

import io.framecast.data.SyntheticSet;
import io.framecast.forecast.Forecast;
import io.framecast.forecast.Window;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How far from its real place a forecast sees the one thing of a picture, as in {@code synthetic:bouncing-shapes}: the
 * distance between the centres of what differs from the picture's most frequent colour, in pixels.
 */
public final class ShapePlace implements Evaluation.WindowListener {
    private static final int STEP = 16;
    private static final int LEVELS = 24;

    private final Map<String, List<Double>> distances = new LinkedHashMap<>();

    /**
     * The centre of what is not background.
     *
     * @return column and row, or nothing if all is background
     */
    public static Optional<double[]> of(FrameShape shape, Pixels picture) {
        int[] background = background(shape, picture);
        long weight = 0;
        long x = 0;
        long y = 0;
        for (int place = 0; place < shape.height() * shape.width(); place++) {
            int difference = 0;
            for (int channel = 0; channel < shape.channels(); channel++) {
                difference += Math.abs(picture.at(place * shape.channels() + channel) - background[channel]);
            }
            if (difference > LEVELS) {
                weight += difference;
                int column = place % shape.width();
                int row = place / shape.width();
                x += (long) difference * column;
                y += (long) difference * row;
            }
        }
        return weight == 0 ? Optional.empty() : Optional.of(new double[] {(double) x / weight, (double) y / weight});
    }

    /** The median of each channel: a shape covers less than half of the picture. */
    private static int[] background(FrameShape shape, Pixels picture) {
        var medians = new int[shape.channels()];
        int places = shape.height() * shape.width();
        for (int channel = 0; channel < shape.channels(); channel++) {
            var histogram = new int[256];
            for (int place = 0; place < places; place++) {
                histogram[picture.at(place * shape.channels() + channel)]++;
            }
            int below = 0;
            while (below + histogram[medians[channel]] <= places / 2) {
                below += histogram[medians[channel]++];
            }
        }
        return medians;
    }

    @Override
    public void forecast(String clip, Window window, List<Pixels> truth, Map<String, Forecast> forecasts) {
        if (!clip.startsWith(SyntheticSet.PREFIX + "bouncing-shapes") || truth.size() < STEP) {
            return;
        }
        Optional<double[]> real = of(window.shape(), truth.get(STEP - 1));
        forecasts.forEach((model, forecast) -> {
            Optional<double[]> seen = of(window.shape(), forecast.frames().get(STEP - 1));
            distances.computeIfAbsent(model, key -> new ArrayList<>()).add(distance(real, seen));
        });
    }

    private static double distance(Optional<double[]> real, Optional<double[]> seen) {
        return real.isEmpty() || seen.isEmpty()
                ? Double.POSITIVE_INFINITY
                : Math.hypot(real.get()[0] - seen.get()[0], real.get()[1] - seen.get()[1]);
    }

    /** A line for each model, or none if no bouncing shape was seen. */
    public List<String> lines() {
        var lines = new ArrayList<String>();
        if (!distances.isEmpty()) {
            lines.add("Distance between the shape's real place and the forecast's after " + STEP
                    + " steps, the median over windows, in pixels");
        }
        distances.forEach((model, found) ->
                lines.add(String.format(Locale.ROOT, "%-24s%9.2f", model, EvaluationReport.median(found))));
        return lines;
    }
}
