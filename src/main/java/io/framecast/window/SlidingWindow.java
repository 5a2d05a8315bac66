package io.framecast.window;

import io.framecast.forecast.Window;
import io.framecast.frame.CameraId;
import io.framecast.frame.Frame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Optional;

/**
 * The last K frames of one camera. What it holds and when it is due is a pure function of those frames, so that whoever
 * reads them again has the same windows.
 *
 * <p>A frame of a later epoch empties it, so that no window spans a gap; one of an earlier epoch, or that is not newer
 * than the last, is refused. But when nothing else comes for a while, an earlier epoch is believed: else one record
 * with an epoch far in the future would silence its camera for good.
 */
public final class SlidingWindow {
    /** Frames of earlier epochs that are refused in a row before the next is believed: ten seconds at 10 fps. */
    static final int DISBELIEF = 100;

    /** No stretch leaves out so many frames: eleven days at 10 fps. */
    private static final long LONGEST_HOLE = 10_000_000;

    private final CameraId camera;
    private final int length;
    private final int every;
    private final Deque<Frame> frames = new ArrayDeque<>();
    private boolean due;
    private int disbelieved;

    /**
     * Starts empty.
     *
     * @param camera whose frames it takes
     * @param length how many frames a window holds, K, at least 1
     * @param every how many frames lie between windows that are due, at least 1
     */
    public SlidingWindow(CameraId camera, int length, int every) {
        if (length < 1 || every < 1) {
            throw new IllegalArgumentException(
                    "window of " + length + " frames every " + every + ": both must be 1 or more");
        }
        this.camera = camera;
        this.length = length;
        this.every = every;
    }

    /**
     * Takes a frame.
     *
     * @return whether it was taken; if not, nothing has changed
     */
    public boolean add(Frame frame) {
        Frame last = frames.peekLast();
        if (last != null && !follows(frame, last) && !isBelieved(frame, last)) {
            return false;
        }
        disbelieved = 0;
        if (last != null && isNewStretch(frame, last)) {
            frames.clear();
            last = null;
        }
        frames.addLast(frame);
        if (frames.size() > length) {
            frames.removeFirst();
        }
        due = frames.size() == length && (last == null || period(frame) > period(last));
        return true;
    }

    private static boolean follows(Frame frame, Frame last) {
        return frame.epoch() > last.epoch()
                || (frame.epoch() == last.epoch()
                        && frame.sequence() > last.sequence()
                        && frame.sequence() - last.sequence() <= LONGEST_HOLE
                        && frame.captureTime().isAfter(last.captureTime()));
    }

    private boolean isBelieved(Frame frame, Frame last) {
        return frame.epoch() < last.epoch() && ++disbelieved > DISBELIEF;
    }

    private static boolean isNewStretch(Frame frame, Frame last) {
        return frame.epoch() != last.epoch() || !frame.shape().equals(last.shape());
    }

    /**
     * The number of the period a frame lies in: the first begins where an epoch's first full window ends. A window is
     * due at the first frame of a period, which a dropped frame only moves to the next.
     */
    private long period(Frame frame) {
        return Math.floorDiv(frame.sequence() - (length - 1), every);
    }

    /** The window that ends with the newest frame, if a forecast is due from it. */
    public Optional<Window> due() {
        return due ? Optional.of(new Window(camera, new ArrayList<>(frames))) : Optional.empty();
    }

    /** How many frames it holds, at most {@code length}. */
    public int size() {
        return frames.size();
    }
}
