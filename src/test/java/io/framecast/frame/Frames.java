package io.framecast.frame;

import java.time.Instant;
import java.util.Arrays;
import java.util.OptionalLong;

/** Frames for tests: one grey level each, 100 ms apart. */
public final class Frames {
    /** The epoch used where it does not matter. */
    public static final long EPOCH = 1_000_000;

    /** Recent, because Kafka deletes what is older than a topic keeps. */
    @SuppressWarnings("TimeInStaticInitializer") // one start for all frames of a test run
    private static final Instant START = Instant.now();

    private Frames() {}

    /** A standard frame whose every byte is its number, modulo 256. */
    public static Frame of(String camera, long sequence) {
        return of(camera, EPOCH, sequence, FrameShape.STANDARD);
    }

    /** A frame of another epoch and shape. */
    public static Frame of(String camera, long epoch, long sequence, FrameShape shape) {
        var bytes = new byte[shape.bytes()];
        Arrays.fill(bytes, (byte) sequence);
        Instant time = START.plusMillis(100 * sequence);
        return new Frame(
                new CameraId(camera),
                epoch,
                sequence,
                new FrameTime(time, ClockSource.MEDIA, OptionalLong.of(100_000 * sequence)),
                shape,
                Pixels.copyOf(bytes));
    }
}
