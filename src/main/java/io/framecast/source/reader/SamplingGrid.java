package io.framecast.source.reader;

/**
 * Chooses the pictures of one epoch by their timestamps: the first that reaches each point of a grid of 1/fps. A source
 * slower than the grid gives all its pictures; none is given twice.
 */
final class SamplingGrid {
    /**
     * How early a picture may come, as a part of an interval and in microseconds: timestamps are rounded and jitter.
     */
    private static final double EARLY_PART = 0.1;

    private static final double EARLY_MICROS = 20_000;

    private final double interval;
    private final double early;
    private long next;

    SamplingGrid(double fps) {
        this.interval = 1e6 / fps;
        this.early = Math.min(EARLY_PART * interval, EARLY_MICROS);
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
        var point = (long) Math.floor((micros + early) / interval);
        if (point < next) {
            return false;
        }
        next = point + 1;
        return true;
    }
}
