package io.framecast.frame;

import java.util.Comparator;

/**
 * Which frame of a camera: by epoch, and in an epoch by sequence, later ones are greater.
 *
 * @param epoch the uninterrupted stretch it belongs to: the stretch's start in microseconds since 1970
 * @param sequence its number in the epoch, from 0
 */
public record FrameId(long epoch, long sequence) implements Comparable<FrameId> {
    private static final Comparator<FrameId> ORDER =
            Comparator.comparingLong(FrameId::epoch).thenComparingLong(FrameId::sequence);

    @Override
    public int compareTo(FrameId other) {
        return ORDER.compare(this, other);
    }

    /** Whether it is later than another. */
    public boolean isAfter(FrameId other) {
        return compareTo(other) > 0;
    }
}
