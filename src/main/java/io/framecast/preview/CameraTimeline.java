package io.framecast.preview;

import io.framecast.forecast.ErrorMap;
import io.framecast.forecast.ForecastScore;
import io.framecast.forecast.FrameSurprise;
import io.framecast.forecast.StepScore;
import io.framecast.forecast.SurprisingStretch;
import io.framecast.frame.FrameOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The last minutes of one camera, in slots of half a second: how surprising its frames were and how good the forecasts
 * made then, with the stretches that stood out. Bounded; safe for any number of threads.
 */
public final class CameraTimeline {
    /** How far back it goes. */
    public static final Duration SPAN = Duration.ofMinutes(5);

    /** How long a slot is. */
    public static final Duration SLOT = Duration.ofMillis(500);

    /** How many stretches it keeps. */
    static final int MOST_STRETCHES = 20;

    private static final long SLOTS = SPAN.dividedBy(SLOT);

    private final TreeMap<Long, Filled> slots = new TreeMap<>();
    private final Map<String, Noted> stretches = new LinkedHashMap<>();
    private ErrorMap map = ErrorMap.none();
    private Instant mapTime = Instant.EPOCH;
    private double surprise = Double.NaN;
    private FrameOrder<FrameSurprise> order = FrameOrder.start();
    private long version;

    /** What fell into a slot. */
    private static final class Filled {
        private double surprise = Double.NaN;
        private double error;
        private double persistenceError;
        private long version;
    }

    private record Noted(SurprisingStretch stretch, long version) {}

    /**
     * A slot as it is now.
     *
     * @param start of it
     * @param surprise the highest of its frames; NaN if none is known
     * @param skill of the forecasts made in it, over all steps; NaN if none is known
     */
    public record Slot(Instant start, double surprise, double skill) {}

    /**
     * What is new since a version.
     *
     * @param version the newest
     * @param slots those that changed, in order
     * @param stretches those that changed, in the order they began
     * @param map where the newest judged frame was unlike its forecast, more than usual
     * @param mapTime when that frame was captured
     */
    public record News(
            long version, List<Slot> slots, List<SurprisingStretch> stretches, ErrorMap map, Instant mapTime) {}

    synchronized void accept(FrameSurprise frame) {
        FrameOrder.Step<FrameSurprise> step = order.next(frame.frame(), frame.time(), frame);
        order = step.order();
        if (step.restarts()) {
            slots.tailMap(slot(step.follows().get(0).time()), false).clear(); // where a clock was set back
        }
        step.follows().forEach(this::show);
    }

    private void show(FrameSurprise frame) {
        surprise = frame.surprise();
        map = frame.unusual();
        mapTime = frame.time();
        Filled slot = slot(slot(frame.time()));
        slot.surprise = Double.isNaN(slot.surprise) ? surprise : Math.max(slot.surprise, surprise);
        trim();
    }

    synchronized void accept(ForecastScore score) {
        double error = 0;
        double persistenceError = 0;
        for (StepScore step : score.steps()) {
            if (!step.isMissing() && !Double.isNaN(step.persistenceMse())) {
                error += step.mse();
                persistenceError += step.persistenceMse();
            }
        }
        Filled slot = slot(slot(score.origin().time()));
        slot.error += error;
        slot.persistenceError += persistenceError;
        trim();
    }

    synchronized void accept(SurprisingStretch stretch) {
        stretches.put(stretch.id(), new Noted(stretch, ++version));
        if (stretches.size() > MOST_STRETCHES) {
            stretches.remove(stretches.keySet().iterator().next());
        }
    }

    /** How surprising the newest frame was; NaN if that is not known. */
    public synchronized double surprise() {
        return surprise;
    }

    /** Whether a surprising stretch goes on. */
    public synchronized boolean isSurprising() {
        return stretches.values().stream().anyMatch(noted -> !noted.stretch().ended());
    }

    /** What changed after a version; after 0, all there is. */
    public synchronized News since(long known) {
        var changedSlots = new ArrayList<Slot>();
        slots.forEach((number, filled) -> {
            if (filled.version > known) {
                changedSlots.add(
                        new Slot(Instant.ofEpochMilli(number * SLOT.toMillis()), filled.surprise, skill(filled)));
            }
        });
        List<SurprisingStretch> changedStretches = stretches.values().stream()
                .filter(noted -> noted.version() > known)
                .map(Noted::stretch)
                .toList();
        return new News(version, changedSlots, changedStretches, map, mapTime);
    }

    private static double skill(Filled slot) {
        return slot.persistenceError > 0 ? 1 - slot.error / slot.persistenceError : Double.NaN;
    }

    private static long slot(Instant time) {
        return Math.floorDiv(time.toEpochMilli(), SLOT.toMillis());
    }

    private Filled slot(long number) {
        Filled slot = slots.computeIfAbsent(number, key -> new Filled());
        slot.version = ++version;
        return slot;
    }

    private void trim() {
        slots.headMap(slots.lastKey() - SLOTS, true).clear();
    }
}
