package io.framecast.source;

/**
 * Chooses the pictures of one epoch by their timestamps: the first that reaches each point of a grid of 1/fps. A source
 * slower than the grid gives all its pictures; none is given twice.
 */
final class SamplingGrid {
    /** A picture may come this part of an interval early: timestamps are rounded and cameras jitter. */
    private static final double EARLY = 0.1;

    private final double interval;
    private long next;

    SamplingGrid(double fps) {
        this.interval = 1e6 / fps;
    }

    /** Begins again at the first picture of an epoch. */
    void restart() {
        next = 0;
    }

    /**
     * Whether to take the picture.
     *
     * @param micros its time since the start of the epoch
     */
    boolean takes(long micros) {
        var point = (long) Math.floor(micros / interval + EARLY);
        if (point < next) {
            return false;
        }
        next = point + 1;
        return true;
    }
}
