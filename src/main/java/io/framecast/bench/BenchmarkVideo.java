package io.framecast.bench;

import io.framecast.frame.FrameShape;
import io.framecast.source.ffmpeg.Mp4File;
import java.nio.file.Path;
import java.time.Duration;
import org.bytedeco.ffmpeg.avutil.AVFrame;

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
        return Mp4File.write(file, shape, INTERVAL, pictures, BITS_PER_PIXEL, (frame, index) -> {
            paint(frame, 0, shape.width(), shape.height(), index);
            paint(frame, 1, shape.width() / 2, shape.height() / 2, index);
            paint(frame, 2, shape.width() / 2, shape.height() / 2, -index);
        });
    }

    /** Noise as a camera's over still texture, and blocks that slide over it at several speeds. */
    private static void paint(AVFrame frame, int plane, int width, int height, int index) {
        var row = new byte[width];
        for (var y = 0; y < height; y++) {
            var lane = y * 8 / height;
            var shift = index * (lane - 4) * 2;
            for (var x = 0; x < width; x++) {
                var noise = ((x * 7919 + y * 104_729 + index * 1_299_709) * 0x9E3779B1) >>> 28;
                var texture = 90 + (x * 31 + y * 17 & 15) + noise;
                var isBlock = Math.floorMod(x + shift, width / 4) < width / 12 && y * 8 % height > height / 3;
                row[x] = (byte) (isBlock ? 40 + lane * 20 + noise : texture);
            }
            frame.data(plane).position((long) y * frame.linesize(plane)).put(row, 0, width);
        }
    }
}
