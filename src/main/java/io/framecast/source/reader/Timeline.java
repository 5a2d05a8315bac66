package io.framecast.source.reader;

import io.framecast.frame.ClockSource;
import io.framecast.source.Picture;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Places pictures in epochs. Their spacing comes from the stream's own timestamps wherever it has any; the clock of
 * this machine says only where an epoch stands (see {@link ArrivalOffset}). A camera's own wall clock is not used.
 *
 * <p>A new epoch starts with a new session, another resolution, timestamps that jump back by more than 0.1 s, a gap
 * (see {@link UsualStep}), timestamps that stood still while time passed, or a clock of this machine that was set.
 */
final class Timeline {
    private static final long DISORDER = 100_000;

    /** A clock that is this far from where it would be by the other clock of this machine was set. */
    private static final long CLOCK_SET = 2_000_000;

    /**
     * A picture's place.
     *
     * @param epoch its epoch
     * @param first whether it is the epoch's first
     * @param micros its time since the epoch's first picture, never falling
     * @param start when the epoch began to play
     * @param captured its capture time, always rising
     * @param clock where that was read
     * @param pts {@code micros}, if its stream gave a timestamp
     */
    record Place(
            long epoch,
            boolean first,
            long micros,
            Moment start,
            Instant captured,
            ClockSource clock,
            OptionalLong pts) {}

    /** The picture before, with its timestamp or what stands for it. */
    private record Before(Picture picture, long pts, Moment arrival, long micros, long captured) {}

    private final boolean live;
    private final UsualStep usual = new UsualStep();
    private final ArrivalOffset offset = new ArrivalOffset();
    private long epoch;
    private long firstPts;
    private Moment start = Moment.now();
    private @Nullable Before last;

    /** @param live whether pictures come at their own pace, so that their arrival says something */
    Timeline(boolean live) {
        this.live = live;
    }

    /** Places the next picture, which arrived at {@code arrival}. */
    Place place(Picture picture, Moment arrival) {
        var before = last;
        var pts = picture.pts()
                .orElseGet(() -> before == null ? 0 : before.pts() + arrival.microsSince(before.arrival()));
        var first = true;
        var floor = 0L;
        if (before != null && !breaks(before, picture, pts, arrival)) {
            first = false;
            floor = before.micros();
            usual.add(pts - before.pts());
        } else {
            begin(before, pts, arrival);
        }
        var micros = Math.max(floor, pts - firstPts);
        var captured = live ? offset.wallMicros(pts, arrival.wallMicros()) : epoch + micros;
        if (before != null && captured <= before.captured()) {
            captured = before.captured() + 1;
        }
        last = new Before(picture, pts, arrival, micros, captured);
        return new Place(
                epoch,
                first,
                micros,
                start,
                Instant.EPOCH.plus(captured, ChronoUnit.MICROS),
                live ? ClockSource.ARRIVAL : ClockSource.MEDIA,
                picture.pts().isPresent() ? OptionalLong.of(micros) : OptionalLong.empty());
    }

    private boolean breaks(Before before, Picture picture, long pts, Moment arrival) {
        var step = pts - before.pts();
        return picture.session() != before.picture().session()
                || picture.width() != before.picture().width()
                || picture.height() != before.picture().height()
                || step < -DISORDER
                || usual.isBrokenBy(step)
                || (live && (isClockSet(arrival) || offset.isLost()));
    }

    private boolean isClockSet(Moment arrival) {
        var passed = arrival.wallMicros() - start.wallMicros();
        return Math.abs(passed - arrival.microsSince(start)) > CLOCK_SET;
    }

    private void begin(@Nullable Before before, long pts, Moment arrival) {
        usual.restart();
        offset.restart(pts, arrival.wallMicros());
        firstPts = pts;
        start = arrival;
        epoch = Math.max(arrival.wallMicros(), epoch + 1);
        if (!live && before != null) {
            epoch = Math.max(epoch, before.captured() + 1);
        }
    }
}
