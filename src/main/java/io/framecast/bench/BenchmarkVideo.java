package io.framecast.bench;

import io.framecast.frame.FrameShape;
import io.framecast.source.ffmpeg.Mp4File;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A video to measure with: textured, noisy ground and blocks that move over it, 30 pictures a second, about 4 Mbit/s at
 * 720p.
 */
final class BenchmarkVideo {
    private static final Duration INTERVAL = Duration.ofNanos(33_333_333);
    private static final double BITS_PER_PIXEL = 0.15;

    private BenchmarkVideo() {}

    /**
     * Encodes a video.
     *
     * @return the name of its codec
     */
    static String write(Path file, FrameShape shape, int pictures) {
        return Mp4File.write(
                file,
                shape,
                1,
                INTERVAL,
                pictures,
                BITS_PER_PIXEL,
                index -> picture(shape.width(), shape.height(), index));
    }

    /** Noise as a camera's over still texture, and blocks that slide over it at several speeds; RGB. */
    private static byte[] picture(int width, int height, int index) {
        var bytes = new byte[3 * width * height];
        for (var y = 0; y < height; y++) {
            var lane = y * 8 / height;
            var shift = index * (lane - 4) * 2;
            for (var x = 0; x < width; x++) {
                var noise = ((x * 7919 + y * 104_729 + index * 1_299_709) * 0x9E3779B1) >>> 28;
                var texture = 90 + (x * 31 + y * 17 & 15) + noise;
                var isBlock = Math.floorMod(x + shift, width / 4) < width / 12 && y * 8 % height > height / 3;
                var at = 3 * (y * width + x);
                bytes[at] = (byte) (isBlock ? 40 + lane * 20 + noise : texture);
                bytes[at + 1] = (byte) (isBlock ? 200 - lane * 20 + noise : texture);
                bytes[at + 2] = (byte) (isBlock ? 120 + noise : texture);
            }
        }
        return bytes;
    }
}
