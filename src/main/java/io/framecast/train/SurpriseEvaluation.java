package io.framecast.train;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.Forecaster;
import io.framecast.forecast.Window;
import io.framecast.frame.CameraId;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.score.CameraScorer;
import io.framecast.score.ErrorMap;
import io.framecast.score.FrameSurprise;
import io.framecast.score.PixelError;
import io.framecast.score.Surprise;
import io.framecast.source.SourceException;
import io.framecast.window.SlidingWindow;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * How well surprise tells planted events from what a camera usually shows, frame by frame: the area under the receiver
 * operating characteristic, beside that of frame differencing. Forecasts, scores and surprise are those of a live run.
 */
public final class SurpriseEvaluation {
    private static final int BATCH = 8;

    /** Added to a difference before its logarithm is taken, as to errors of forecasts. */
    private static final double SMALLEST_ERROR = 1e-6;

    private final Forecaster forecaster;
    private final int every;
    private final int plantings;
    private final Consumer<String> warnings;
    private final List<ClipResult> results = new ArrayList<>();

    /**
     * Prepares an evaluation.
     *
     * @param forecaster whose forecasts are believed
     * @param every frames between forecasts
     * @param plantings how often events are planted into each recording, each time others
     * @param warnings takes a line for each recording that is left out
     */
    public SurpriseEvaluation(Forecaster forecaster, int every, int plantings, Consumer<String> warnings) {
        this.forecaster = forecaster;
        this.every = every;
        this.plantings = plantings;
        this.warnings = warnings;
    }

    /**
     * What was found in a recording.
     *
     * @param clip its name
     * @param events how many were planted
     * @param found how many had a frame that passes the threshold
     * @param usual frames without an event
     * @param falseAlarms how many of those pass the threshold
     * @param places frames of a planted thing
     * @param placesFound how many of those have the strongest error where the thing is
     * @param areas for each statistic and kind of event, the area under the curve
     */
    private record ClipResult(
            String clip,
            int events,
            int found,
            int usual,
            int falseAlarms,
            int places,
            int placesFound,
            Map<String, Map<PlantedEvents.Kind, Double>> areas) {}

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
            if (PlantedEvents.fit(frames.size())) {
                results.add(evaluate(recording.name(), frames));
            } else {
                warnings.accept("clip " + recording.name() + " has " + frames.size()
                        + " frames, too few to plant an event (left out)");
            }
        }
    }

    private ClipResult evaluate(String clip, List<Frame> frames) {
        FrameShape shape = frames.get(0).shape();
        var sum = new Tally();
        for (int planting = 0; planting < plantings; planting++) {
            var random = new Random(planting);
            PlantedEvents planted =
                    PlantedEvents.in(frames.stream().map(Frame::pixels).toList(), shape, random);
            sum.add(planted, judged(frames, planted.frames(), shape), shape);
        }
        return sum.result(clip);
    }

    /** What is said of every frame, as live; nothing of those that no forecast saw coming. */
    private FrameSurprise[] judged(List<Frame> places, List<Pixels> pictures, FrameShape shape) {
        var camera = new CameraId("planted");
        var window = new SlidingWindow(camera, forecaster.contextLength(), every);
        var frames = new ArrayList<Frame>();
        var due = new ArrayList<Window>();
        for (int i = 0; i < pictures.size(); i++) {
            var frame = new Frame(camera, 0, i, places.get(i).time(), shape, pictures.get(i));
            frames.add(frame);
            window.add(frame);
            window.due().ifPresent(due::add);
        }
        var scorer = new CameraScorer();
        var said = new FrameSurprise[pictures.size()];
        int next = 0;
        for (int from = 0; from < due.size(); from += BATCH) {
            for (Forecast forecast : forecaster.forecast(due.subList(from, Math.min(due.size(), from + BATCH)))) {
                while (next <= forecast.origin().sequence()) {
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
        scorer.judged().forEach(frame -> said[(int) frame.sequence()] = frame);
        return said;
    }

    /** What is counted over the plantings of a recording. */
    private static final class Tally {
        private final Map<String, List<Double>> usualValues = new LinkedHashMap<>();
        private final Map<String, Map<PlantedEvents.Kind, List<Double>>> eventValues = new LinkedHashMap<>();
        private int events;
        private int found;
        private int usual;
        private int falseAlarms;
        private int places;
        private int placesFound;

        void add(PlantedEvents planted, FrameSurprise[] said, FrameShape shape) {
            Map<String, double[]> statistics = statistics(planted.frames(), said);
            int first = firstKnown(statistics);
            statistics.forEach((name, values) -> {
                List<Double> usualOnes = usualValues.computeIfAbsent(name, key -> new ArrayList<>());
                for (int i = first; i < values.length; i++) {
                    if (planted.label(i) == PlantedEvents.Label.USUAL && !Double.isNaN(values[i])) {
                        usualOnes.add(values[i]);
                    }
                }
                for (PlantedEvents.Event event : planted.events()) {
                    List<Double> eventOnes = eventValues
                            .computeIfAbsent(name, key -> new EnumMap<>(PlantedEvents.Kind.class))
                            .computeIfAbsent(event.kind(), key -> new ArrayList<>());
                    for (int i = event.begin(); i < event.end(); i++) {
                        if (!Double.isNaN(values[i])) {
                            eventOnes.add(values[i]);
                        }
                    }
                }
            });
            for (int i = first; i < said.length; i++) {
                if (said[i] != null && planted.label(i) == PlantedEvents.Label.USUAL) {
                    usual++;
                    falseAlarms += said[i].isSurprising() ? 1 : 0;
                }
            }
            planted.events().forEach(event -> look(event, said, shape));
        }

        private void look(PlantedEvents.Event event, FrameSurprise[] said, FrameShape shape) {
            events++;
            boolean seen = false;
            for (int i = event.begin(); i < event.end(); i++) {
                if (said[i] != null) {
                    seen |= said[i].isSurprising();
                    if (event.kind() == PlantedEvents.Kind.OBJECT
                            && isInside(event.centres().get(i - event.begin()), shape)) {
                        places++;
                        placesFound += isNear(said[i].map(), event.centres().get(i - event.begin()), shape) ? 1 : 0;
                    }
                }
            }
            found += seen ? 1 : 0;
        }

        private static boolean isInside(double[] centre, FrameShape shape) {
            return centre[0] >= 0 && centre[0] < shape.height() && centre[1] >= 0 && centre[1] < shape.width();
        }

        /** Whether the strongest cell lies within a sixth of the picture of a place. */
        private static boolean isNear(ErrorMap map, double[] centre, FrameShape shape) {
            int strongest = map.levels().indexOf(map.strongest());
            int cellRow = strongest / map.columns();
            int cellColumn = strongest % map.columns();
            double row = (cellRow + 0.5) * shape.height() / map.rows();
            double column = (cellColumn + 0.5) * shape.width() / map.columns();
            return Math.hypot(row - centre[0], column - centre[1]) <= shape.width() / 6.0;
        }

        ClipResult result(String clip) {
            var areas = new LinkedHashMap<String, Map<PlantedEvents.Kind, Double>>();
            eventValues.forEach((name, kinds) -> {
                var each = new EnumMap<PlantedEvents.Kind, Double>(PlantedEvents.Kind.class);
                kinds.forEach((kind, values) ->
                        each.put(kind, areaUnderCurve(values, usualValues.getOrDefault(name, List.of()))));
                areas.put(name, each);
            });
            return new ClipResult(clip, events, found, usual, falseAlarms, places, placesFound, areas);
        }
    }

    private static int firstKnown(Map<String, double[]> statistics) {
        return statistics.values().stream()
                .mapToInt(values -> {
                    int at = 0;
                    while (at < values.length && Double.isNaN(values[at])) {
                        at++;
                    }
                    return at;
                })
                .max()
                .orElse(0);
    }

    /** By name, a value for each frame: the higher, the less expected. */
    private static Map<String, double[]> statistics(List<Pixels> frames, FrameSurprise[] said) {
        double[] surprise = unknown(frames.size());
        double[] robustZ = unknown(frames.size());
        double[] difference = unknown(frames.size());
        double[] rareDifference = unknown(frames.size());
        var z = new RobustZ();
        var rarity = new Surprise();
        for (int i = 1; i < frames.size(); i++) {
            difference[i] = PixelError.meanSquare(frames.get(i), frames.get(i - 1));
            rareDifference[i] = rarity.next(Math.log(difference[i] + SMALLEST_ERROR));
            if (said[i] != null) {
                surprise[i] = said[i].surprise();
                robustZ[i] = z.next(said[i].measure());
            }
        }
        var statistics = new LinkedHashMap<String, double[]>();
        statistics.put("surprise", surprise);
        statistics.put("robust z", robustZ);
        statistics.put("difference", difference);
        statistics.put("difference's rarity", rareDifference);
        return statistics;
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

    /** The table: a line for each recording and statistic. */
    public List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add("ROC AUC of telling planted events from usual frames, " + plantings + " plantings a clip");
        lines.add(String.format(Locale.ROOT, "%-34s%-20s", "clip", "statistic")
                + Arrays.stream(PlantedEvents.Kind.values())
                        .map(kind ->
                                String.format(Locale.ROOT, "%9s", kind.name().toLowerCase(Locale.ROOT)))
                        .collect(Collectors.joining())
                + String.format(Locale.ROOT, "%9s", "mean"));
        for (ClipResult result : results) {
            result.areas().forEach((name, kinds) -> lines.add(line(result.clip(), name, kinds)));
        }
        for (ClipResult result : results) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%s: %d of %d events have a frame at surprise %.0f or more; of %d usual frames %d have (%.2f in a"
                            + " thousand); of %d frames of a planted object the strongest error lies at it in %d",
                    result.clip(),
                    result.found(),
                    result.events(),
                    Surprise.THRESHOLD,
                    result.usual(),
                    result.falseAlarms(),
                    1000.0 * result.falseAlarms() / result.usual(),
                    result.places(),
                    result.placesFound()));
        }
        return lines;
    }

    private static String line(String clip, String statistic, Map<PlantedEvents.Kind, Double> kinds) {
        var line = new StringBuilder(String.format(Locale.ROOT, "%-34.33s%-20s", clip, statistic));
        double sum = 0;
        for (PlantedEvents.Kind kind : PlantedEvents.Kind.values()) {
            double area = kinds.getOrDefault(kind, Double.NaN);
            sum += area;
            line.append(String.format(Locale.ROOT, "%9.3f", area));
        }
        return line.append(String.format(Locale.ROOT, "%9.3f", sum / PlantedEvents.Kind.values().length))
                .toString();
    }

    /** Distance from the running median in median absolute deviations: the literature's simple rival of a quantile. */
    private static final class RobustZ {
        private final List<Double> before = new ArrayList<>();

        double next(double value) {
            double z = Double.NaN;
            if (before.size() >= Surprise.LEAST) {
                double median = EvaluationReport.median(before);
                List<Double> deviations =
                        before.stream().map(one -> Math.abs(one - median)).toList();
                z = (value - median) / (1.4826 * EvaluationReport.median(deviations) + 1e-3);
            }
            before.add(value);
            if (before.size() > Surprise.MEMORY) {
                before.remove(0);
            }
            return z;
        }
    }
}
