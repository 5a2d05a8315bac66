package io.framecast.source.reader;

/**
 * Where a live stream's timestamps stand on the clock of this machine: at the arrivals that were delayed least. So
 * bursts and jitter of the network move nothing; a camera's clock that runs fast or slow is followed too slowly for
 * anyone to see.
 *
 * <p>Times are in microseconds.
 */
final class ArrivalOffset {
    /** The least delay is looked for in so much time. */
    private static final long WINDOW = 30_000_000;

    /** And among so many pictures, as one alone may be late. */
    private static final int FEWEST = 5;

    /** How fast a slower clock is followed: five times as fast as a clock of a camera drifts, 100 ppm. */
    private static final double SLEW = 500e-6;

    /** Timestamps that stand so far behind all arrivals of a window stood still meanwhile. */
    private static final long LOST = 2_000_000;

    private long offset;
    private long windowBegin;
    private long least;
    private int pictures;
    private boolean lost;

    /** Begins with a picture. */
    void restart(long pts, long arrival) {
        offset = arrival - pts;
        windowBegin = arrival;
        least = Long.MAX_VALUE;
        pictures = 0;
        lost = false;
    }

    /**
     * When a picture was captured.
     *
     * @param pts its timestamp
     * @param arrival when it arrived, on the wall clock
     * @return on the wall clock, never later than it arrived
     */
    long wallMicros(long pts, long arrival) {
        long delay = arrival - pts;
        least = Math.min(least, delay);
        offset = Math.min(offset, delay);
        pictures++;
        if (arrival - windowBegin >= WINDOW && pictures >= FEWEST) {
            lost = least - offset > LOST;
            offset += Math.min(least - offset, (long) (SLEW * (arrival - windowBegin)));
            windowBegin = arrival;
            least = Long.MAX_VALUE;
            pictures = 0;
        }
        return pts + offset;
    }

    /** Whether the stream's timestamps have fallen behind for good, so that it stands elsewhere. */
    boolean isLost() {
        return lost;
    }
}
