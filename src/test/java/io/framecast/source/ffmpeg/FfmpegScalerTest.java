package io.framecast.source.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.source.Fit;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FfmpegScalerTest {
    private static final TestVideos.Painter NOISE =
            (index, x, y) -> new SplittableRandom(1_000L * y + x).nextInt(1 << 24);
    private static final TestVideos.Painter WHITE = (index, x, y) -> 0xFFFFFF;

    @BeforeAll
    static void load() {
        Ffmpeg.load();
    }

    private static Pixels scaled(TestVideos.Painter painter, int width, int height, FrameShape shape, Fit fit) {
        var frame = TestVideos.frame(width, height);
        TestVideos.paint(frame, 3, painter);
        try (var scaler = new FfmpegScaler(shape, fit)) {
            return scaler.scale(frame);
        } finally {
            av_frame_free(frame);
        }
    }

    /** The area average in float64, as slow and plain as can be. */
    private static double reference(TestVideos.Painter painter, int width, int height, FrameShape shape, int index) {
        var channel = index % 3;
        var x = index / 3 % shape.width();
        var y = index / 3 / shape.width();
        var left = (double) x * width / shape.width();
        var right = (double) (x + 1) * width / shape.width();
        var top = (double) y * height / shape.height();
        var bottom = (double) (y + 1) * height / shape.height();
        var sum = 0.0;
        var area = 0.0;
        for (var row = (int) top; row < Math.min(height, Math.ceil(bottom)); row++) {
            for (var column = (int) left; column < Math.min(width, Math.ceil(right)); column++) {
                var weight = (Math.min(right, column + 1) - Math.max(left, column))
                        * (Math.min(bottom, row + 1) - Math.max(top, row));
                sum += weight * (painter.colour(3, column, row) >> (16 - 8 * channel) & 0xFF);
                area += weight;
            }
        }
        return sum / area;
    }

    @ParameterizedTest
    // Uniform noise is the worst there is: a border between two areas that is not where it should be shows in it.
    @CsvSource({
        "640, 480, 64, 64",
        "1280, 720, 64, 64",
        "1920, 1080, 64, 64",
        "333, 217, 64, 64",
        "128, 128, 64, 64",
        "576, 448, 96, 64",
        "500, 400, 64, 64",
        "500, 400, 90, 70",
    })
    void scale_anySize_isTheAreaAverage(int width, int height, int toWidth, int toHeight) {
        var shape = new FrameShape(toHeight, toWidth, 3);

        assertThat(error(TestVideos.MOVING, width, height, shape)).isLessThan(0.6);
        assertThat(error(NOISE, width, height, shape)).isLessThan(0.5);
    }

    /** Mean absolute difference from the reference, in levels. */
    private static double error(TestVideos.Painter painter, int width, int height, FrameShape shape) {
        var pixels = scaled(painter, width, height, shape, Fit.STRETCH);
        var total = 0.0;
        for (var index = 0; index < pixels.size(); index++) {
            total += Math.abs(pixels.at(index) - reference(painter, width, height, shape, index));
        }
        return total / pixels.size();
    }

    @Test
    void scale_letterbox_leavesBlackBars() {
        var pixels = scaled(WHITE, 320, 160, FrameShape.STANDARD, Fit.LETTERBOX);

        assertThat(at(pixels, 32, 5)).isZero();
        assertThat(at(pixels, 32, 15)).isZero();
        assertThat(at(pixels, 0, 16)).isEqualTo(255);
        assertThat(at(pixels, 63, 47)).isEqualTo(255);
        assertThat(at(pixels, 32, 48)).isZero();
    }

    @Test
    void scale_crop_keepsTheMiddle() {
        TestVideos.Painter thirds = (index, x, y) -> x >= 80 && x < 240 ? 0xFFFFFF : 0;
        var pixels = scaled(thirds, 320, 160, FrameShape.STANDARD, Fit.CROP);

        for (var x = 0; x < 64; x++) {
            assertThat(at(pixels, x, 32)).isEqualTo(255);
        }
    }

    private static int at(Pixels pixels, int x, int y) {
        return pixels.at((y * 64 + x) * 3);
    }

    @ParameterizedTest
    // Colour space and range as FFmpeg numbers them, and what pure (Y, U, V) = (81, 90, 240) means there.
    @CsvSource({"2, 0, 254, 0, 0", "5, 1, 254, 0, 0", "1, 1, 255, 24, 0", "5, 2, 238, 14, 14"})
    void scale_taggedColours_areConvertedAsTagged(int colours, int range, int red, int green, int blue) {
        var frame = av_frame_alloc();
        frame.width(128).height(128).format(AV_PIX_FMT_YUV420P);
        assertThat(av_frame_get_buffer(frame, 0)).isZero();
        frame.colorspace(colours).color_range(range);
        Pointer.memset(frame.data(0), 81, (long) frame.linesize(0) * 128);
        Pointer.memset(frame.data(1), 90, (long) frame.linesize(1) * 64);
        Pointer.memset(frame.data(2), 240, (long) frame.linesize(2) * 64);
        try (var scaler = new FfmpegScaler(FrameShape.STANDARD, Fit.STRETCH)) {
            var pixels = scaler.scale(frame);
            assertThat(pixels.at(0)).isCloseTo(red, within(2));
            assertThat(pixels.at(1)).isCloseTo(green, within(2));
            assertThat(pixels.at(2)).isCloseTo(blue, within(2));
        } finally {
            av_frame_free(frame);
        }
    }

    @Test
    void scale_sizeChanges_goesOn() {
        try (var scaler = new FfmpegScaler(FrameShape.STANDARD, Fit.STRETCH)) {
            for (var side : new int[] {64, 640, 17, 64}) {
                var frame = TestVideos.frame(side, side);
                TestVideos.paint(frame, 0, WHITE);
                assertThat(scaler.scale(frame).at(12_287)).isEqualTo(255);
                av_frame_free(frame);
            }
        }
    }
}
