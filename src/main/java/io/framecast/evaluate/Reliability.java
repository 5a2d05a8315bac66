package io.framecast.evaluate;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.PixelError;
import io.framecast.forecast.RecentErrors;
import io.framecast.forecast.Window;
import io.framecast.frame.Frame;
import io.framecast.frame.Pixels;
import io.framecast.score.RecentErrorTracker;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Whether the errors that models expect are those that occur: frames are ordered by the expected error and cut into
 * tenths; in each, the mean real error should be the mean expected one. The same of what is expected after what came
 * before on that camera, see {@link RecentErrors}: a forecast counts for that once all its frames are older than the
 * next one's origin, as live.
 */
public final class Reliability implements Evaluation.WindowListener {
    private static final int PARTS = 10;
    private static final String AFTER = ", after what came before";

    private final Map<String, List<Pair>> pairs = new LinkedHashMap<>();
    private final Map<List<String>, Past> pasts = new HashMap<>(); // of a clip's camera and a model

    private record Pair(double expected, double real) {}

    /** A forecast, the last frame of its horizon, and the errors that occurred. */
    private record Through(long epoch, long end, List<Double> expected, List<Double> real) {}

    /** What a scorer would know of a camera. */
    private static final class Past {
        private final RecentErrorTracker recent = new RecentErrorTracker();
        private final Deque<Through> waiting = new ArrayDeque<>();

        private List<Double> correct(Frame origin, List<Double> expected) {
            while (!waiting.isEmpty()
                    && (waiting.getFirst().epoch() != origin.epoch()
                            || waiting.getFirst().end() <= origin.sequence())) {
                Through through = waiting.removeFirst();
                recent.next(through.expected(), through.real());
            }
            return recent.recent().correct(expected);
        }
    }

    @Override
    public void forecast(String clip, Window window, List<Pixels> truth, Map<String, Forecast> forecasts) {
        forecasts.forEach((model, forecast) -> {
            int steps = Math.min(truth.size(), forecast.expectedErrors().size());
            if (steps > 0) {
                add(clip, window.last(), model, forecast, truth.subList(0, steps));
            }
        });
    }

    private void add(String clip, Frame origin, String model, Forecast forecast, List<Pixels> truth) {
        List<Double> expected = forecast.expectedErrors().subList(0, truth.size());
        var real = new ArrayList<Double>();
        for (int step = 0; step < truth.size(); step++) {
            real.add(PixelError.meanSquare(forecast.frames().get(step), truth.get(step)));
        }
        Past past = pasts.computeIfAbsent(List.of(clip, origin.camera().value(), model), key -> new Past());
        add(model, expected, real);
        add(model + AFTER, past.correct(origin, expected), real);
        past.waiting.addLast(new Through(origin.epoch(), origin.sequence() + truth.size(), expected, real));
    }

    private void add(String curve, List<Double> expected, List<Double> real) {
        List<Pair> all = pairs.computeIfAbsent(curve, key -> new ArrayList<>());
        for (int step = 0; step < real.size(); step++) {
            all.add(new Pair(expected.get(step), real.get(step)));
        }
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
