package io.framecast.forecast;

import io.framecast.frame.CameraId;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.IntStream;

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

    /** The number of frames, K. */
    public int length() {
        return frames.size();
    }

    /**
     * The usual time between its frames: the median of the steps between them, which one dropped frame does not move; a
     * tenth of a second if there is only one frame.
     */
    public Duration interval() {
        long[] steps = IntStream.range(1, frames.size())
                .mapToLong(i -> ChronoUnit.MICROS.between(
                        frames.get(i - 1).captureTime(), frames.get(i).captureTime()))
                .sorted()
                .toArray();
        return steps.length == 0 ? USUAL_INTERVAL : Duration.of(steps[steps.length / 2], ChronoUnit.MICROS);
    }

    /** Where the forecast starts. */
    public Origin origin() {
        return new Origin(camera, last().epoch(), last().sequence(), last().captureTime());
    }
}
