package io.framecast.preview.history;

import io.framecast.forecast.Forecast;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the forecasts of one camera say of moments to come: for each moment the frame whose lead is nearest to
 * {@link #LEAD}. Bounded; for one thread.
 */
final class ForecastFrames {
    /** How long before a moment the forecast is made that is compared with it, if there is one. */
    static final Duration LEAD = Duration.ofSeconds(1);

    private static final int MOST = 4 * Forecast.HORIZON;

    private final TreeMap<Instant, Entry> entries = new TreeMap<>();
    private Instant passed = Instant.MIN;

    /**
     * One frame of a forecast.
     *
     * @param epoch of the frames it was made from
     * @param lead from the last of them to the moment it is for
     * @param interval between the forecast's frames
     */
    record Entry(long epoch, Duration lead, Duration interval, FrameShape shape, Pixels pixels) {
        private boolean isBetterThan(Entry other) {
            return epoch != other.epoch || distance().compareTo(other.distance()) <= 0;
        }

        private Duration distance() {
            return lead.minus(LEAD).abs();
        }
    }

    /** Takes the frames of a forecast whose moments are still to come. */
    void accept(Forecast forecast) {
        for (int step = 0; step < forecast.frames().size(); step++) {
            Instant time = forecast.forTime(step);
            if (time.isAfter(passed)) {
                var lead = Duration.between(forecast.origin().time(), time);
                put(
                        time,
                        new Entry(
                                forecast.origin().epoch(),
                                lead,
                                forecast.interval(),
                                forecast.shape(),
                                forecast.frames().get(step)));
            }
        }
        while (entries.size() > MOST) {
            entries.pollLastEntry();
        }
    }

    private void put(Instant time, Entry entry) {
        var rival = nearest(time);
        if (rival == null || !isWithinHalf(entry.interval, rival.getKey(), time)) {
            entries.put(time, entry);
        } else if (entry.isBetterThan(rival.getValue())) {
            entries.remove(rival.getKey());
            entries.put(time, entry);
        }
    }

    /** What was forecast for the moment of a frame, if anything was; forgets that moment and those before it. */
    Optional<Entry> take(Frame frame) {
        Instant time = frame.captureTime();
        Optional<Entry> found = Optional.ofNullable(nearest(time))
                .filter(entry -> isWithinHalf(entry.getValue().interval, entry.getKey(), time))
                .map(Map.Entry::getValue)
                .filter(entry -> entry.epoch == frame.epoch() && entry.shape.equals(frame.shape()));
        entries.headMap(time, true).clear();
        passed = time;
        return found;
    }

    void clear() {
        entries.clear();
        passed = Instant.MIN;
    }

    private Map.@Nullable Entry<Instant, Entry> nearest(Instant time) {
        var before = entries.floorEntry(time);
        var after = entries.ceilingEntry(time);
        if (before == null || after == null) {
            return before == null ? after : before;
        }
        var sinceBefore = Duration.between(before.getKey(), time);
        return sinceBefore.compareTo(Duration.between(time, after.getKey())) <= 0 ? before : after;
    }

    private static boolean isWithinHalf(Duration interval, Instant one, Instant other) {
        return Duration.between(one, other).abs().multipliedBy(2).compareTo(interval) <= 0;
    }
}
