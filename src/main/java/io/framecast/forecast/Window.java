package io.framecast.forecast;

import io.framecast.frame.CameraId;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalLong;

/**
 * A camera's newest context: K real frames of one epoch, oldest first.
 *
 * @param camera whose frames they are
 * @param frames at least one frame, of one epoch and one shape, in rising sequence
 */
public record Window(CameraId camera, List<Frame> frames) {
    private static final Duration USUAL_INTERVAL = Duration.ofMillis(100);

    /**
     * Checks that the frames belong together.
     *
     * @throws IllegalArgumentException if there is none, or one is of another camera, epoch or shape, or out of order
     */
    public Window {
        frames = List.copyOf(frames);
        if (frames.isEmpty()) {
            throw new IllegalArgumentException("window of " + camera + " has no frames");
        }
        for (int i = 0; i < frames.size(); i++) {
            checkBelongs(camera, frames.get(i), frames.get(Math.max(0, i - 1)), i);
        }
    }

    private static void checkBelongs(CameraId camera, Frame frame, Frame previous, int place) {
        boolean follows = place == 0 || frame.sequence() > previous.sequence();
        if (!frame.camera().equals(camera)
                || frame.epoch() != previous.epoch()
                || !frame.shape().equals(previous.shape())
                || !follows) {
            throw new IllegalArgumentException("window of " + camera + " cannot hold frame " + frame.camera() + "#"
                    + frame.sequence() + " (epoch " + frame.epoch() + ", " + frame.shape() + ") at place " + place
                    + " after #" + previous.sequence() + " (epoch " + previous.epoch() + ", " + previous.shape() + ")");
        }
    }

    /** The last frame: what the forecast goes on from. */
    public Frame last() {
        return frames.get(frames.size() - 1);
    }

    /** The shape of every frame. */
    public FrameShape shape() {
        return last().shape();
    }

    /**
     * The window of its newest frames.
     *
     * @param most how many, or all if it has fewer
     */
    public Window newest(int most) {
        return most >= length() ? this : new Window(camera, frames.subList(length() - most, length()));
    }

    /** The number of frames, K. */
    public int length() {
        return frames.size();
    }

    /**
     * The time between its frames: what they span, divided by the steps from the first to the last, of which a dropped
     * frame leaves out none. The stream's own timestamps count where both have one, else the capture times; a tenth of
     * a second if there is only one frame.
     */
    public Duration interval() {
        Frame first = frames.get(0);
        long steps = last().sequence() - first.sequence();
        return steps == 0
                ? USUAL_INTERVAL
                : Duration.of(Math.round((double) microsBetween(first, last()) / steps), ChronoUnit.MICROS);
    }

    private static long microsBetween(Frame first, Frame last) {
        OptionalLong begin = first.time().pts();
        OptionalLong end = last.time().pts();
        boolean isTimed = begin.isPresent() && end.isPresent() && end.getAsLong() > begin.getAsLong();
        return isTimed
                ? end.getAsLong() - begin.getAsLong()
                : ChronoUnit.MICROS.between(first.captureTime(), last.captureTime());
    }

    /** Where the forecast starts. */
    public Origin origin() {
        return new Origin(camera, last().epoch(), last().sequence(), last().captureTime());
    }
}
