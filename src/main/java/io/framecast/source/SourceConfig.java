package io.framecast.source;

import io.framecast.frame.FrameShape;
import java.time.Duration;

/**
 * How every source of a run is read.
 *
 * @param fps frames wanted a second of the source's own time, above 0 up to 240; a slower source gives all it has
 * @param shape size of the frames, 3 channels
 * @param fit what happens to pictures of another aspect ratio
 * @param pace how fast files and scenes are played
 * @param loop whether a finite source begins again at its end
 * @param transport how RTSP pictures travel
 * @param openTimeout how long connecting may take, more than zero
 * @param readTimeout how long a stream may stay silent before it counts as lost, more than zero
 * @param buffer frames kept for a slow reader before the oldest is dropped, at least 1
 * @param backoff the waits between tries to reach a lost camera
 */
public record SourceConfig(
        double fps,
        FrameShape shape,
        Fit fit,
        Pace pace,
        boolean loop,
        RtspTransport transport,
        Duration openTimeout,
        Duration readTimeout,
        int buffer,
        Backoff backoff) {
    private static final double MAX_FPS = 240;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is outside its range
     */
    public SourceConfig {
        if (!(fps > 0 && fps <= MAX_FPS)) {
            throw new IllegalArgumentException("fps " + fps + " is out of range: above 0, up to 240");
        }
        if (shape.channels() != 3) {
            throw new IllegalArgumentException(
                    "frame shape " + shape + " cannot be read: sources give 3 channels, RGB");
        }
        requirePositive("open timeout", openTimeout);
        requirePositive("read timeout", readTimeout);
        if (buffer < 1) {
            throw new IllegalArgumentException("buffer of " + buffer + " frames is too small: use 1 or more");
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(name + " " + value + " is out of range: more than zero, as in PT3S");
        }
    }

    /** 10 fps, 64x64x3, stretched, at the source's pace, once; RTSP over TCP. */
    public static SourceConfig defaults() {
        return new SourceConfig(
                10,
                FrameShape.STANDARD,
                Fit.STRETCH,
                Pace.REALTIME,
                false,
                RtspTransport.TCP,
                Duration.ofSeconds(5),
                Duration.ofSeconds(3), // FACTS: a frozen server is noticed in 3.0 s
                32, // 3.2 s at 10 fps
                // An unanswered try lasts 5 s and resends at 1 and 3 s: with waits up to 2 s, a camera that is back
                // shows pictures again within 5 s whenever it comes.
                new Backoff(Duration.ofMillis(250), Duration.ofSeconds(2)));
    }

    /** This, at another frame rate. */
    public SourceConfig withFps(double value) {
        return new SourceConfig(value, shape, fit, pace, loop, transport, openTimeout, readTimeout, buffer, backoff);
    }

    /** This, with frames of another size. */
    public SourceConfig withShape(FrameShape value) {
        return new SourceConfig(fps, value, fit, pace, loop, transport, openTimeout, readTimeout, buffer, backoff);
    }

    /** This, fitting pictures another way. */
    public SourceConfig withFit(Fit value) {
        return new SourceConfig(fps, shape, value, pace, loop, transport, openTimeout, readTimeout, buffer, backoff);
    }

    /** This, at another pace. */
    public SourceConfig withPace(Pace value) {
        return new SourceConfig(fps, shape, fit, value, loop, transport, openTimeout, readTimeout, buffer, backoff);
    }

    /** This, repeating or not. */
    public SourceConfig withLoop(boolean value) {
        return new SourceConfig(fps, shape, fit, pace, value, transport, openTimeout, readTimeout, buffer, backoff);
    }

    /** This, over another RTSP transport. */
    public SourceConfig withTransport(RtspTransport value) {
        return new SourceConfig(fps, shape, fit, pace, loop, value, openTimeout, readTimeout, buffer, backoff);
    }

    /** This, with other limits on connecting and on silence. */
    public SourceConfig withTimeouts(Duration open, Duration read) {
        return new SourceConfig(fps, shape, fit, pace, loop, transport, open, read, buffer, backoff);
    }

    /** This, keeping another number of frames for a slow reader. */
    public SourceConfig withBuffer(int value) {
        return new SourceConfig(fps, shape, fit, pace, loop, transport, openTimeout, readTimeout, value, backoff);
    }
}
