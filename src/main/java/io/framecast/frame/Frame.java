package io.framecast.frame;

import java.time.Instant;

/**
 * One picture of a camera.
 *
 * @param camera where it came from
 * @param epoch the uninterrupted stretch it belongs to: the stretch's start in microseconds since 1970, so that a later
 *     stretch always has a larger number
 * @param sequence its number in the epoch, from 0; a missing number is a frame that was dropped
 * @param time when it was captured
 * @param shape its size
 * @param pixels its bytes, H x W x C, RGB
 */
public record Frame(CameraId camera, long epoch, long sequence, FrameTime time, FrameShape shape, Pixels pixels) {
    /**
     * Checks that the pixels fill the shape.
     *
     * @throws IllegalArgumentException if they don't, or if epoch or sequence is negative
     */
    public Frame {
        if (epoch < 0 || sequence < 0) {
            throw new IllegalArgumentException(
                    "frame " + camera + "#" + sequence + " of epoch " + epoch + " has a negative number");
        }
        if (pixels.size() != shape.bytes()) {
            throw new IllegalArgumentException("frame " + camera + "#" + sequence + " has " + pixels.size()
                    + " bytes, its shape " + shape + " needs " + shape.bytes());
        }
    }

    /** Its place in the camera's order. */
    public FrameId id() {
        return new FrameId(epoch, sequence);
    }

    /** When it was captured. */
    public Instant captureTime() {
        return time.captured();
    }
}
