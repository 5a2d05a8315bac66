package io.framecast.preview.history;

import io.framecast.export.ImageFile;
import io.framecast.export.PixelImage;
import io.framecast.forecast.Forecast;
import io.framecast.forecast.FrameSurprise;
import io.framecast.forecast.PixelError;
import io.framecast.frame.EncodedImage;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameOrder;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The last minutes of one camera, moment by moment. Bounded; safe for any number of threads. */
public final class CameraHistory {
    /** By how much a time may miss the moment that is meant. */
    public static final Duration NEAR = Duration.ofSeconds(2);

    private final TreeMap<Instant, Moment> moments = new TreeMap<>();
    private final ForecastFrames forecasts = new ForecastFrames();
    private FrameOrder<Frame> order = FrameOrder.start();
    private long bytes;

    /**
     * How much is kept.
     *
     * @param spacing the time between moments, roughly
     * @param bytes of all pictures
     */
    record Limit(Duration spacing, long bytes) {}

    synchronized void accept(Frame frame, Limit limit) {
        FrameOrder.Step<Frame> step = order.next(frame.id(), frame.captureTime(), frame);
        order = step.order();
        if (step.restarts()) {
            forecasts.clear();
            forgetFrom(step.follows().get(0).captureTime()); // where a clock was set back
        }
        for (Frame follows : step.follows()) {
            if (isDue(follows, limit.spacing)) {
                keep(follows);
                trim(limit);
            }
        }
    }

    synchronized void accept(Forecast forecast) {
        forecasts.accept(forecast);
    }

    synchronized void accept(FrameSurprise surprise) {
        var before = moments.floorEntry(surprise.time());
        if (before != null
                && before.getValue().frame().epoch() == surprise.epoch()
                && !Double.isNaN(surprise.surprise())) {
            moments.put(before.getKey(), before.getValue().withSurprise(surprise.surprise()));
        }
    }

    /** The moments between two times, both included, in their order. */
    public synchronized List<Moment> between(Instant from, Instant to) {
        return from.isAfter(to)
                ? List.of()
                : List.copyOf(moments.subMap(from, true, to, true).values());
    }

    /** The moment nearest to a time, if one is within {@link #NEAR}. */
    public synchronized Optional<Moment> nearest(Instant time) {
        var before = moments.floorEntry(time);
        var after = moments.ceilingEntry(time);
        boolean isBefore = before != null
                && (after == null
                        || Duration.between(before.getKey(), time).compareTo(Duration.between(time, after.getKey()))
                                <= 0);
        return Optional.ofNullable(isBefore ? before : after)
                .filter(found -> Duration.between(found.getKey(), time).abs().compareTo(NEAR) <= 0)
                .map(found -> found.getValue());
    }

    /** When the oldest moment was; empty if there is none. */
    public synchronized Optional<Instant> oldest() {
        return moments.isEmpty() ? Optional.empty() : Optional.of(moments.firstKey());
    }

    synchronized Instant newest() {
        return moments.isEmpty() ? Instant.MIN : moments.lastKey();
    }

    synchronized long bytes() {
        return bytes;
    }

    /** A frame may come a quarter early, so that every second one of a camera is due, say, and not every third. */
    private boolean isDue(Frame frame, Duration spacing) {
        var last = moments.lastEntry();
        return last == null
                || last.getValue().frame().epoch() != frame.epoch()
                || Duration.between(last.getKey(), frame.captureTime())
                                .compareTo(spacing.multipliedBy(3).dividedBy(4))
                        >= 0;
    }

    private void keep(Frame frame) {
        var last = moments.lastEntry();
        var moment = new Moment(
                frame.id(),
                frame.captureTime(),
                last == null || last.getValue().frame().epoch() != frame.epoch(),
                jpeg(frame.shape(), frame.pixels()),
                forecasts.take(frame).map(forecast -> expected(forecast, frame)),
                Double.NaN);
        moments.put(moment.time(), moment);
        bytes += moment.bytes();
    }

    private static Moment.Expected expected(ForecastFrames.Entry forecast, Frame frame) {
        double error = Math.sqrt(PixelError.meanSquare(forecast.pixels(), frame.pixels()));
        return new Moment.Expected(jpeg(forecast.shape(), forecast.pixels()), forecast.lead(), error);
    }

    private static EncodedImage jpeg(FrameShape shape, Pixels pixels) {
        return EncodedImage.copyOf(ImageFile.jpeg(PixelImage.of(shape, pixels)));
    }

    private void forgetFrom(Instant time) {
        var gone = moments.tailMap(time, true);
        gone.values().forEach(moment -> bytes -= moment.bytes());
        gone.clear();
    }

    synchronized void trim(Limit limit) {
        while (!moments.isEmpty() && (bytes > limit.bytes || isTooOld(moments.firstKey()))) {
            bytes -= moments.pollFirstEntry().getValue().bytes();
        }
    }

    private boolean isTooOld(Instant time) {
        return Duration.between(time, moments.lastKey()).compareTo(CameraHistories.SPAN) > 0;
    }
}
