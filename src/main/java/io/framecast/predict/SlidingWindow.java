package io.framecast.predict;

import io.framecast.forecast.Window;
import io.framecast.frame.CameraId;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameOrder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Optional;

/**
 * The last K frames of one camera. What it holds and when it is due is a pure function of those frames, so that a
 * worker that reads them again has the same windows.
 *
 * <p>It takes the frames that count, see {@link FrameOrder}. One of another epoch or shape, after a leap, or that is
 * not later than the last empties it, so that no window spans a gap.
 */
public final class SlidingWindow {
    /**
     * What a window spans at most that holds more frames than it must: frames that were captured longer ago say little
     * of a slow camera's next ones, and are soon kept nowhere to be read again.
     */
    static final Duration LONGEST = Duration.ofMinutes(5);

    private final CameraId camera;
    private final int every;
    private final int first;
    private final Deque<Frame> frames = new ArrayDeque<>();
    private int least;
    private int length;
    private boolean beginsPeriod;

    /**
     * Starts empty.
     *
     * @param camera whose frames it takes
     * @param length how many frames a window holds, K, at least 1
     * @param every how many frames lie between windows that are due, at least 1
     */
    public SlidingWindow(CameraId camera, int length, int every) {
        this(camera, length, every, length);
    }

    /**
     * Starts empty, likewise.
     *
     * @param first how many frames of an epoch there are when its first window is due; windows grow from there until
     *     they hold {@code length}, as far as they span no more than {@link #LONGEST}
     */
    public SlidingWindow(CameraId camera, int length, int every, int first) {
        if (length < 1 || every < 1) {
            throw new IllegalArgumentException(
                    "window of " + length + " frames every " + every + ": both must be 1 or more");
        }
        this.camera = camera;
        this.length = length;
        this.every = every;
        this.first = first;
        least = Math.min(first, length);
    }

    /**
     * Changes how many frames it holds, from the next frame on.
     *
     * @param fewest which it keeps however long ago they were captured, at least 1
     * @param most at least as many
     */
    void resize(int fewest, int most) {
        least = fewest;
        length = most;
    }

    /** Takes a frame. */
    public void add(Frame frame) {
        Frame last = frames.peekLast();
        if (last != null && !goesOn(frame, last)) {
            frames.clear();
            last = null;
        }
        frames.addLast(frame);
        while (frames.size() > length || (frames.size() > least && isLongAgo(frames.getFirst(), frame))) {
            frames.removeFirst();
        }
        beginsPeriod = last == null || period(frame) > period(last);
    }

    private static boolean isLongAgo(Frame frame, Frame newest) {
        return Duration.between(frame.captureTime(), newest.captureTime()).compareTo(LONGEST) > 0;
    }

    /** Drops the oldest frame, if it holds more than it must. */
    boolean dropOldest() {
        boolean mayDrop = frames.size() > least;
        if (mayDrop) {
            frames.removeFirst();
        }
        return mayDrop;
    }

    private static boolean goesOn(Frame frame, Frame last) {
        return frame.epoch() == last.epoch()
                && frame.sequence() > last.sequence()
                && frame.sequence() - last.sequence() <= FrameOrder.LEAP
                && frame.captureTime().isAfter(last.captureTime())
                && frame.shape().equals(last.shape());
    }

    /**
     * The number of the period a frame lies in: the first begins where the first window of an epoch is due. A window is
     * due at the first frame of a period, which a dropped frame only moves to the next.
     */
    private long period(Frame frame) {
        return Math.floorDiv(frame.sequence() - (first - 1), every);
    }

    /** The window that ends with the newest frame, if it is long enough and a forecast is due from it. */
    public Optional<Window> due() {
        return atPeriod().filter(window -> window.length() >= least);
    }

    /** What it holds, long enough or not, if its newest frame is one at which windows are due. */
    Optional<Window> atPeriod() {
        return beginsPeriod ? Optional.of(new Window(camera, new ArrayList<>(frames))) : Optional.empty();
    }

    /** How many frames it holds, at most {@code length}. */
    public int size() {
        return frames.size();
    }
}
