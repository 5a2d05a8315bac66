package io.framecast.train;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.Window;
import io.framecast.frame.Pixels;
import io.framecast.score.PixelError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Whether the errors that models expect are those that occur: frames are ordered by the expected error and cut into
 * tenths; in each, the mean real error should be the mean expected one.
 */
public final class Reliability implements Evaluation.WindowListener {
    private static final int PARTS = 10;

    private final Map<String, List<Pair>> pairs = new LinkedHashMap<>();

    private record Pair(double expected, double real) {}

    @Override
    public void forecast(String clip, Window window, List<Pixels> truth, Map<String, Forecast> forecasts) {
        forecasts.forEach((model, forecast) -> {
            for (int step = 0;
                    step < Math.min(truth.size(), forecast.expectedErrors().size());
                    step++) {
                double real = PixelError.meanSquare(forecast.frames().get(step), truth.get(step));
                pairs.computeIfAbsent(model, key -> new ArrayList<>())
                        .add(new Pair(forecast.expectedErrors().get(step), real));
            }
        });
    }

    /** A line a tenth for each model that expects errors; none if no model does. */
    public List<String> lines() {
        var lines = new ArrayList<String>();
        pairs.forEach((model, all) -> {
            lines.add("Expected and real MSE of " + model
                    + ", frames in tenths by what was expected (x1e3, values 0 to 1)");
            for (double[] part : parts(all)) {
                lines.add(String.format(Locale.ROOT, "%12.3f%12.3f", 1e3 * part[0], 1e3 * part[1]));
            }
        });
        return lines;
    }

    /** Draws the same as PSNR, if there is anything to draw. */
    public void write(Path file) {
        var curves = new LinkedHashMap<String, Plots.Curve>();
        pairs.forEach((model, all) -> {
            List<double[]> parts = parts(all);
            double[] expected =
                    parts.stream().mapToDouble(part -> PixelError.psnr(part[0])).toArray();
            double[] real =
                    parts.stream().mapToDouble(part -> PixelError.psnr(part[1])).toArray();
            curves.put(model, new Plots.Curve(expected, real));
            curves.putIfAbsent("as expected", new Plots.Curve(expected, expected));
        });
        if (!curves.isEmpty()) {
            Plots.write(
                    file,
                    "Reliability: expected and real error, frames in tenths",
                    "expected PSNR in dB",
                    "real PSNR in dB",
                    OptionalDouble.empty(),
                    curves);
        }
    }

    /** Mean expected and mean real error of each tenth, the smallest first. */
    private static List<double[]> parts(List<Pair> all) {
        List<Pair> sorted =
                all.stream().sorted(Comparator.comparingDouble(Pair::expected)).toList();
        var parts = new ArrayList<double[]>();
        for (int part = 0; part < PARTS; part++) {
            List<Pair> some = sorted.subList(sorted.size() * part / PARTS, sorted.size() * (part + 1) / PARTS);
            if (!some.isEmpty()) {
                parts.add(new double[] {
                    some.stream().mapToDouble(Pair::expected).average().orElse(0),
                    some.stream().mapToDouble(Pair::real).average().orElse(0)
                });
            }
        }
        return parts;
    }
}
