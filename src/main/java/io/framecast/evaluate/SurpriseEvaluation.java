package io.framecast.evaluate;

import io.framecast.data.Recording;
import io.framecast.data.SyntheticAnomaly;
import io.framecast.forecast.ErrorMap;
import io.framecast.forecast.Forecast;
import io.framecast.forecast.Forecaster;
import io.framecast.forecast.FrameSurprise;
import io.framecast.forecast.PixelError;
import io.framecast.forecast.Window;
import io.framecast.frame.CameraId;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.predict.SlidingWindow;
import io.framecast.score.CameraScorer;
import io.framecast.score.Surprise;
import io.framecast.source.SourceException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How well surprise tells planted events from what a camera usually shows, frame by frame: the area under the receiver
 * operating characteristic, next to that of frame differencing. Forecasts, scores and surprise are those of a live run.
 */
public final class SurpriseEvaluation {
    private static final int BATCH = 8;

    /** Frames of a second, at the rate of live runs. */
    private static final int SECOND = 10;

    private final Forecaster forecaster;
    private final int every;
    private final int events;
    private final Consumer<String> warnings;
    private final List<ClipResult> results = new ArrayList<>();

    /** What may tell an event: the higher, the less expected. */
    private enum Statistic {
        SURPRISE("surprise"),
        HELD_SURPRISE("highest in a second"),
        ROBUST_Z("robust z"),
        DIFFERENCE("frame difference"),
        HELD_DIFFERENCE("highest in a second");

        private final String title;

        Statistic(String title) {
            this.title = title;
        }
    }

    /**
     * Prepares an evaluation.
     *
     * @param forecaster whose forecasts are believed
     * @param every frames between forecasts
     * @param events of each kind that are planted into each recording, one at a time
     * @param warnings takes a line for each recording that is left out
     */
    public SurpriseEvaluation(Forecaster forecaster, int every, int events, Consumer<String> warnings) {
        this.forecaster = forecaster;
        this.every = every;
        this.events = events;
        this.warnings = warnings;
    }

    /** Evaluates recordings one after the other; one that cannot be read or is too short is named and left out. */
    public void run(List<? extends Recording> recordings) {
        for (Recording recording : recordings) {
            var frames = new ArrayList<Frame>();
            try {
                recording.read(frames::add);
            } catch (SourceException | UncheckedIOException e) {
                warnings.accept(e.getMessage() + " (left out)");
                continue;
            }
            if (SyntheticAnomaly.fits(frames.size())) {
                results.add(new Clip(recording.name(), frames).evaluate());
            } else {
                warnings.accept("clip " + recording.name() + " has " + frames.size()
                        + " frames, too few to plant an event (left out)");
            }
        }
    }

    /**
     * What was found of a kind of event.
     *
     * @param areas under the curve, one per statistic
     * @param events how many there were
     * @param found how many had a surprising frame
     * @param frames of them with a thing in the picture
     * @param placed how many of those are most unusual where the thing is
     */
    private record KindResult(Map<Statistic, Double> areas, int events, int found, int frames, int placed) {}

    /**
     * What was found in a recording.
     *
     * @param name of it
     * @param usual frames without an event
     * @param falseAlarms how many of those are surprising
     * @param kinds what was found of each kind of event
     */
    private record ClipResult(String name, int usual, int falseAlarms, Map<SyntheticAnomaly.Kind, KindResult> kinds) {}

    /** A recording, and what is usual in it. */
    private final class Clip {
        private final CameraId camera = new CameraId("planted");
        private final String name;
        private final List<Frame> places;
        private final List<Pixels> original;
        private final FrameShape shape;
        private final List<FrameSurprise> usual;
        private final Map<Statistic, double[]> usualValues;

        Clip(String name, List<Frame> places) {
            this.name = name;
            this.places = places;
            original = places.stream().map(Frame::pixels).toList();
            shape = places.get(0).shape();
            usual = judge(new CameraScorer(), original, 0, original.size());
            usualValues = statistics(original, usual, 0);
        }

        ClipResult evaluate() {
            var kinds = new EnumMap<SyntheticAnomaly.Kind, KindResult>(SyntheticAnomaly.Kind.class);
            for (SyntheticAnomaly.Kind kind : SyntheticAnomaly.Kind.values()) {
                kinds.put(kind, evaluate(kind));
            }
            int falseAlarms =
                    (int) usual.stream().filter(FrameSurprise::isSurprising).count();
            return new ClipResult(name, usual.size(), falseAlarms, kinds);
        }

        private KindResult evaluate(SyntheticAnomaly.Kind kind) {
            var values = new EnumMap<Statistic, List<Double>>(Statistic.class);
            int found = 0;
            int frames = 0;
            int placed = 0;
            for (int number = 0; number < events; number++) {
                SyntheticAnomaly event = SyntheticAnomaly.in(original, kind, shape, new Random(number));
                List<FrameSurprise> said = judge(event);
                Map<Statistic, double[]> statistics = statistics(event.frames(), said, event.begin());
                statistics.forEach((statistic, of) -> Arrays.stream(of, event.begin(), event.end())
                        .filter(value -> !Double.isNaN(value))
                        .forEach(value -> values.computeIfAbsent(statistic, key -> new ArrayList<>())
                                .add(value)));
                found += during(event, said).anyMatch(FrameSurprise::isSurprising) ? 1 : 0;
                if (kind == SyntheticAnomaly.Kind.OBJECT) {
                    frames += (int) during(event, said)
                            .filter(frame -> isInside(centre(event, frame)))
                            .count();
                    placed += (int) during(event, said)
                            .filter(frame ->
                                    isInside(centre(event, frame)) && isNear(frame.unusual(), centre(event, frame)))
                            .count();
                }
            }
            var areas = new EnumMap<Statistic, Double>(Statistic.class);
            usualValues.forEach((statistic, of) -> areas.put(
                    statistic,
                    areaUnderCurve(
                            values.getOrDefault(statistic, List.of()),
                            Arrays.stream(of)
                                    .filter(value -> !Double.isNaN(value))
                                    .boxed()
                                    .toList())));
            return new KindResult(areas, events, found, frames, placed);
        }

        private Stream<FrameSurprise> during(SyntheticAnomaly event, List<FrameSurprise> said) {
            return said.stream().filter(frame -> frame.sequence() >= event.begin() && frame.sequence() < event.end());
        }

        /** What is said of the frames until the event is over; until it begins, that is what is usual. */
        private List<FrameSurprise> judge(SyntheticAnomaly event) {
            int first = Math.max(0, event.begin() - forecaster.contextLength() - 2 * every);
            var scorer = new CameraScorer();
            var said = new ArrayList<FrameSurprise>();
            usual.stream().filter(frame -> frame.sequence() < event.begin()).forEach(frame -> {
                scorer.restore(frame);
                said.add(frame);
            });
            said.addAll(judge(scorer, event.frames(), first, Math.min(original.size(), event.end() + 2 * every)));
            return said;
        }

        /** What a scorer says of a part of the recording, with windows as live. */
        private List<FrameSurprise> judge(CameraScorer scorer, List<Pixels> pictures, int from, int to) {
            var window = new SlidingWindow(camera, forecaster.contextLength(), every, forecaster.leastContextLength());
            var frames = new ArrayList<Frame>();
            var due = new ArrayList<Window>();
            for (int i = from; i < to; i++) {
                var frame = new Frame(camera, 0, i, places.get(i).time(), shape, pictures.get(i));
                frames.add(frame);
                window.add(frame);
                window.due()
                        .filter(all -> from == 0 || all.length() == forecaster.contextLength()) // as long as live
                        .ifPresent(due::add);
            }
            int next = 0;
            for (int first = 0; first < due.size(); first += BATCH) {
                List<Window> batch = due.subList(first, Math.min(due.size(), first + BATCH));
                for (Forecast forecast : forecaster.forecast(batch)) {
                    while (from + next <= forecast.origin().sequence()) {
                        scorer.frame(frames.get(next), next++);
                    }
                    scorer.forecast(forecast, next);
                    scorer.through();
                }
            }
            while (next < frames.size()) {
                scorer.frame(frames.get(next), next++);
            }
            scorer.end();
            return scorer.judged();
        }

        private double[] centre(SyntheticAnomaly event, FrameSurprise frame) {
            return event.centres().get((int) frame.sequence() - event.begin());
        }

        private boolean isInside(double[] centre) {
            return centre[0] >= 0 && centre[0] < shape.height() && centre[1] >= 0 && centre[1] < shape.width();
        }

        /** Whether the strongest cell lies within a sixth of the picture of a place. */
        private boolean isNear(ErrorMap map, double[] centre) {
            int strongest = map.levels().indexOf(map.strongest());
            int cellRow = strongest / map.columns();
            int cellColumn = strongest % map.columns();
            double row = (cellRow + 0.5) * shape.height() / map.rows();
            double column = (cellColumn + 0.5) * shape.width() / map.columns();
            return Math.hypot(row - centre[0], column - centre[1]) <= shape.width() / 6.0;
        }
    }

    /** A value for each frame from one on; NaN where nothing is known. */
    private static Map<Statistic, double[]> statistics(List<Pixels> frames, List<FrameSurprise> said, int from) {
        var statistics = new EnumMap<Statistic, double[]>(Statistic.class);
        double[] surprise = unknown(frames.size());
        double[] robustZ = unknown(frames.size());
        double[] difference = unknown(frames.size());
        var z = new RobustZ();
        said.forEach(frame -> {
            surprise[(int) frame.sequence()] = frame.surprise();
            if (frame.sequence() >= from) {
                robustZ[(int) frame.sequence()] = z.of(frame.measure());
            }
            z.remember(frame.measure());
        });
        for (int i = Surprise.LEAST; i < frames.size(); i++) { // as late as the others begin
            difference[i] = PixelError.meanSquare(frames.get(i), frames.get(i - 1));
        }
        statistics.put(Statistic.SURPRISE, surprise);
        statistics.put(Statistic.HELD_SURPRISE, held(surprise));
        statistics.put(Statistic.ROBUST_Z, robustZ);
        statistics.put(Statistic.DIFFERENCE, difference);
        statistics.put(Statistic.HELD_DIFFERENCE, held(difference));
        return statistics;
    }

    /** The highest of each frame and those of the second before it. */
    private static double[] held(double[] values) {
        double[] held = unknown(values.length);
        for (int i = 0; i < values.length; i++) {
            held[i] = Arrays.stream(values, Math.max(0, i - SECOND + 1), i + 1)
                    .filter(value -> !Double.isNaN(value))
                    .max()
                    .orElse(Double.NaN);
        }
        return held;
    }

    private static double[] unknown(int frames) {
        var values = new double[frames];
        Arrays.fill(values, Double.NaN);
        return values;
    }

    /**
     * The chance that a value of an event is higher than one of none, ties counted half: the area under the receiver
     * operating characteristic (J. Hanley, B. McNeil 1982).
     */
    static double areaUnderCurve(List<Double> events, List<Double> usual) {
        double[] sorted =
                usual.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        double sum = 0;
        for (double value : events) {
            int below = firstNotBelow(sorted, value);
            int through = firstNotBelow(sorted, Math.nextUp(value));
            sum += (below + through) / 2.0;
        }
        return sum / ((double) events.size() * sorted.length);
    }

    private static int firstNotBelow(double[] sorted, double value) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The table: a line for each recording and statistic, then how often the threshold is passed. */
    public List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add("ROC AUC of telling frames of planted events from usual ones, " + events
                + " events of each kind a clip");
        lines.add(String.format(Locale.ROOT, "%-28s%-20s", "clip", "statistic") + headings() + "     mean");
        for (ClipResult result : results) {
            for (Statistic statistic : Statistic.values()) {
                lines.add(String.format(Locale.ROOT, "%-28.27s%-20s", result.name(), statistic.title)
                        + areas(result, statistic));
            }
        }
        lines.add(String.format(
                Locale.ROOT, "share of events with a frame at surprise %.0f or more", FrameSurprise.THRESHOLD));
        for (ClipResult result : results) {
            lines.add(String.format(Locale.ROOT, "%-48.47s", result.name())
                    + each(result, kind -> String.format(Locale.ROOT, "%9.2f", (double) kind.found() / kind.events()))
                    + String.format(
                            Locale.ROOT,
                            "   false alarms: %d of %d frames, %.2f in a thousand",
                            result.falseAlarms(),
                            result.usual(),
                            1000.0 * result.falseAlarms() / result.usual()));
        }
        int frames = results.stream()
                .flatMap(result -> result.kinds().values().stream())
                .mapToInt(KindResult::frames)
                .sum();
        int placed = results.stream()
                .flatMap(result -> result.kinds().values().stream())
                .mapToInt(KindResult::placed)
                .sum();
        lines.add(String.format(
                Locale.ROOT,
                "what is unusual is strongest at the planted object in %d of %d frames of it (%.0f %%)",
                placed,
                frames,
                100.0 * placed / frames));
        return lines;
    }

    private static String headings() {
        return Arrays.stream(SyntheticAnomaly.Kind.values())
                .map(kind -> String.format(Locale.ROOT, "%9s", kind.name().toLowerCase(Locale.ROOT)))
                .collect(Collectors.joining());
    }

    private static String areas(ClipResult result, Statistic statistic) {
        double mean = result.kinds().values().stream()
                .mapToDouble(kind -> kind.areas().getOrDefault(statistic, Double.NaN))
                .average()
                .orElse(Double.NaN);
        return each(
                        result,
                        kind -> String.format(Locale.ROOT, "%9.3f", kind.areas().getOrDefault(statistic, Double.NaN)))
                + String.format(Locale.ROOT, "%9.3f", mean);
    }

    private static String each(ClipResult result, Function<KindResult, String> words) {
        return result.kinds().values().stream().map(words).collect(Collectors.joining());
    }

    /** Distance from the running median in median absolute deviations: the literature's simple rival of a quantile. */
    private static final class RobustZ {
        private final List<Double> before = new ArrayList<>();

        double of(double value) {
            if (before.size() < Surprise.LEAST) {
                return Double.NaN;
            }
            double median = EvaluationReport.median(before);
            List<Double> deviations =
                    before.stream().map(one -> Math.abs(one - median)).toList();
            return (value - median) / (1.4826 * EvaluationReport.median(deviations) + 1e-3);
        }

        void remember(double value) {
            before.add(value);
            if (before.size() > Surprise.MEMORY) {
                before.remove(0);
            }
        }
    }
}
