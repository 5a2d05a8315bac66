package io.framecast.frame;

import java.time.Instant;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** Frames to measure with: a texture that moves by a pixel a frame. */
public final class BenchmarkFrames {
    private BenchmarkFrames() {}

    /** The standard frame of a number. */
    public static Frame of(long number) {
        FrameShape shape = FrameShape.STANDARD;
        var time = new FrameTime(Instant.ofEpochMilli(100 * number), ClockSource.MEDIA, OptionalLong.empty());
        return new Frame(new CameraId("camera"), 1, number, time, shape, pixels(shape, number));
    }

    private static Pixels pixels(FrameShape shape, long number) {
        var bytes = new byte[shape.bytes()];
        IntStream.range(0, bytes.length).forEach(at -> {
            long column = at / shape.channels() % shape.width() - number;
            int row = at / shape.channels() / shape.width();
            bytes[at] = (byte) (128 + 100 * Math.sin(0.3 * column) * Math.cos(0.2 * row + at % shape.channels()));
        });
        return Pixels.copyOf(bytes);
    }
}
