package io.framecast.source.reader;

import io.framecast.frame.ClockSource;
import io.framecast.source.Picture;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Places pictures in epochs. A new one starts with a new session, another resolution, timestamps that jump back by more
 * than 0.1 s or ahead by more than 2 s of what really passed, a silence of more than 2 s, or a wall clock set back.
 */
final class Timeline {
    private static final long GAP = 2_000_000;
    private static final long DISORDER = 100_000;
    private static final long CAMERA_CLOCK_OFF = 60_000_000;

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
    private record Seen(Picture picture, long pts, Moment arrival, long micros, long captured) {}

    private final boolean live;
    private long epoch;
    private long firstPts;
    private Moment start = Moment.now();
    private @Nullable Seen last;

    /** @param live whether pictures come at their own pace, so that their arrival says something */
    Timeline(boolean live) {
        this.live = live;
    }

    /** Places the next picture, which arrived at {@code arrival}. */
    Place place(Picture picture, Moment arrival) {
        var before = last;
        var pts = picture.pts()
                .orElseGet(() -> before == null ? 0 : before.pts() + arrival.microsSince(before.arrival()));
        var first = before == null || breaks(before, picture, pts, arrival);
        if (first) {
            begin(before, pts, arrival);
        }
        var floor = first || before == null ? 0 : before.micros();
        var micros = Math.max(floor, pts - firstPts);
        var clock = clock(picture, arrival);
        var captured = captured(clock, picture, arrival, micros);
        if (before != null && captured <= before.captured()) {
            captured = before.captured() + 1;
        }
        last = new Seen(picture, pts, arrival, micros, captured);
        return new Place(
                epoch,
                first,
                micros,
                start,
                Instant.EPOCH.plus(captured, ChronoUnit.MICROS),
                clock,
                picture.pts().isPresent() ? OptionalLong.of(micros) : OptionalLong.empty());
    }

    private boolean breaks(Seen before, Picture picture, long pts, Moment arrival) {
        var step = pts - before.pts();
        var passed = arrival.microsSince(before.arrival());
        return picture.session() != before.picture().session()
                || picture.width() != before.picture().width()
                || picture.height() != before.picture().height()
                || step < -DISORDER
                || (live ? step - passed > GAP || passed > GAP : step > GAP)
                || (live && arrival.wallMicros() < before.captured() - GAP);
    }

    private void begin(@Nullable Seen before, long pts, Moment arrival) {
        firstPts = pts;
        start = arrival;
        epoch = Math.max(arrival.wallMicros(), epoch + 1);
        if (!live && before != null) {
            epoch = Math.max(epoch, before.captured() + 1);
        }
    }

    private ClockSource clock(Picture picture, Moment arrival) {
        if (!live) {
            return ClockSource.MEDIA;
        }
        return picture.captured()
                .filter(time -> Math.abs(ChronoUnit.MICROS.between(time, arrival.wall())) < CAMERA_CLOCK_OFF)
                .map(time -> ClockSource.CAMERA)
                .orElse(ClockSource.ARRIVAL);
    }

    private long captured(ClockSource clock, Picture picture, Moment arrival, long micros) {
        return switch (clock) {
            case MEDIA -> epoch + micros;
            case CAMERA ->
                ChronoUnit.MICROS.between(Instant.EPOCH, picture.captured().orElse(arrival.wall()));
            case ARRIVAL -> arrival.wallMicros();
        };
    }
}
