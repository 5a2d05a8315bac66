package io.framecast.frame;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * In which order the frames of a camera count, for everybody who reads them. It is a pure function of the frames so
 * far, so that every reader decides alike, and whatever comes, a camera that goes on is followed in the end:
 *
 * <ul>
 *   <li>In an epoch each frame follows that has a larger sequence.
 *   <li>A frame that leaps, to a later epoch or far ahead in this one, is held until the next: if that leaps too, they
 *       are where the camera goes on; if the epoch goes on as before, it was a stray record and is dropped.
 *   <li>Frames of earlier epochs, and repeated or late ones of this, are refused, until nothing else has come for
 *       {@link #PATIENCE} of their own time or {@value #MOST_REFUSED} of them: then the clock of the camera's host was
 *       set back, or stray frames had been believed.
 *   <li>An epoch of one frame, which may be a stray one itself, gives way to a later epoch at once, and to an earlier
 *       one at the second frame.
 * </ul>
 *
 * @param <T> what is put in order
 */
public final class FrameOrder<T> {
    /** Frames of earlier epochs that are refused in a row before the next is believed: ten seconds at 10 fps. */
    public static final int MOST_REFUSED = 100;

    /** How long, by their capture times, frames of an earlier epoch come in a row before they are believed. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Fewer frames are not believed, however much time lies between them. */
    private static final int FEWEST_REFUSED = 3;

    /** More frames than this are not lost at once while an epoch goes on: over a minute at 10 fps. */
    public static final long LEAP = 1_000;

    /** A frame that leaped. */
    private record Held<T>(FrameId id, T item) {}

    /**
     * Frames of earlier epochs in a row.
     *
     * @param epoch of the last ones
     * @param since when the first of that epoch was captured
     * @param count of them all
     */
    private record Refused(long epoch, Instant since, int count) {}

    private final Optional<FrameId> newest;
    private final boolean established;
    private final Optional<Held<T>> held;
    private final Optional<Refused> refused;

    /**
     * What a frame does.
     *
     * @param order the order from here on
     * @param follows what counts now, oldest first: nothing, the frame, or with it the one that was held before
     * @param restarts whether the first of these begins anew, and belongs to nothing before it
     * @param dropped how many frames, this one or the one held before it, turn out not to count
     */
    public record Step<T>(FrameOrder<T> order, List<T> follows, boolean restarts, int dropped) {
        /** Copies the list. */
        public Step {
            follows = List.copyOf(follows);
        }
    }

    private FrameOrder(
            Optional<FrameId> newest, boolean established, Optional<Held<T>> held, Optional<Refused> refused) {
        this.newest = newest;
        this.established = established;
        this.held = held;
        this.refused = refused;
    }

    /** Before the first frame. */
    public static <T> FrameOrder<T> start() {
        return new FrameOrder<>(Optional.empty(), false, Optional.empty(), Optional.empty());
    }

    /** The last frame that counted. */
    public Optional<FrameId> newest() {
        return newest;
    }

    /** The frame that waits for the next one to tell whether it counts. */
    public Optional<T> held() {
        return held.map(Held::item);
    }

    /**
     * Takes the next frame.
     *
     * @param id which frame
     * @param captured when it was captured
     * @param item the frame, or what is said of it
     */
    public Step<T> next(FrameId id, Instant captured, T item) {
        if (newest.isEmpty()) {
            return restart(id, item);
        }
        FrameId before = newest.get();
        if (id.equals(before)) {
            return new Step<>(this, List.of(), false, 1);
        }
        if (id.epoch() == before.epoch() && id.sequence() - before.sequence() <= LEAP) {
            return id.isAfter(before) ? goOn(id, item) : earlier(id, captured, item);
        }
        return id.isAfter(before) ? leap(id, item) : earlier(id, captured, item);
    }

    private Step<T> goOn(FrameId id, T item) {
        return new Step<>(at(id, true), List.of(item), false, held.isPresent() ? 1 : 0);
    }

    private Step<T> restart(FrameId id, T item) {
        return new Step<>(at(id, false), List.of(item), true, held.isPresent() ? 1 : 0);
    }

    private FrameOrder<T> at(FrameId id, boolean isEstablished) {
        return new FrameOrder<>(Optional.of(id), isEstablished, Optional.empty(), Optional.empty());
    }

    private Step<T> leap(FrameId id, T item) {
        if (!established) {
            return restart(id, item);
        }
        if (held.isEmpty()) {
            var holding = new FrameOrder<>(newest, true, Optional.of(new Held<>(id, item)), refused);
            return new Step<>(holding, List.of(), false, 0);
        }
        Held<T> first = held.get();
        boolean together = id.epoch() == first.id().epoch()
                && id.isAfter(first.id())
                && id.sequence() - first.id().sequence() <= LEAP;
        return together ? new Step<>(at(id, true), List.of(first.item(), item), true, 0) : restart(id, item);
    }

    private Step<T> earlier(FrameId id, Instant captured, T item) {
        Refused run = refused.map(before -> new Refused(
                        id.epoch(), before.epoch() == id.epoch() ? before.since() : captured, before.count() + 1))
                .orElse(new Refused(id.epoch(), captured, 1));
        boolean lasts = Duration.between(run.since(), captured).compareTo(PATIENCE) > 0;
        boolean isClockReset =
                established ? run.count() > MOST_REFUSED || (lasts && run.count() >= FEWEST_REFUSED) : run.count() > 1;
        return isClockReset
                ? restart(id, item)
                : new Step<>(new FrameOrder<>(newest, established, held, Optional.of(run)), List.of(), false, 1);
    }
}
