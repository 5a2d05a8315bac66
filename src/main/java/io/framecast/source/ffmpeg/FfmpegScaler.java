package io.framecast.source.ffmpeg;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AV_FRAME_CROP_UNALIGNED;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ422P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ440P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ444P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_apply_cropping;
import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_AREA;
import static org.bytedeco.ffmpeg.global.swscale.SWS_CS_ITU601;
import static org.bytedeco.ffmpeg.global.swscale.SWS_FULL_CHR_H_INP;
import static org.bytedeco.ffmpeg.global.swscale.SWS_FULL_CHR_H_INT;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCoefficients;
import static org.bytedeco.ffmpeg.global.swscale.sws_getContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;
import static org.bytedeco.ffmpeg.global.swscale.sws_setColorspaceDetails;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.source.Fit;
import io.framecast.source.SourceException;
import io.framecast.source.SourceException.Reason;
import java.util.Set;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.ffmpeg.swscale.SwsFilter;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/**
 * Brings decoded pictures of any size and format to RGB of one shape, by averaging the area under each pixel. Colours
 * are converted as the picture's tags say, BT.601 where it has none.
 */
final class FfmpegScaler implements AutoCloseable {
    private static final int ALIGNMENT = 64;
    private static final int UNIT = 1 << 16;
    private static final Set<Integer> FULL_RANGE_FORMATS =
            Set.of(AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_YUVJ440P, AV_PIX_FMT_YUVJ444P);

    /** What a conversion depends on. */
    private record Input(int width, int height, int format, int colours, boolean fullRange, Placement placement) {}

    private final FrameShape shape;
    private final Fit fit;
    private final int stride;
    private final BytePointer picture;
    private final PointerPointer<BytePointer> planes = new PointerPointer<>(4);
    private final IntPointer strides = new IntPointer(4);
    private @Nullable SwsContext context;
    private @Nullable Input input;

    FfmpegScaler(FrameShape shape, Fit fit) {
        this.shape = shape;
        this.fit = fit;
        this.stride = (shape.width() * 3 + 2 * ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        this.picture = new BytePointer((long) stride * (shape.height() + 1));
    }

    /** Scales one picture; the frame may be cropped by it. */
    Pixels scale(AVFrame frame) {
        var placement = Placement.of(fit, shape, frame.width(), frame.height(), aspect(frame));
        crop(frame, placement);
        var wanted =
                new Input(frame.width(), frame.height(), frame.format(), colours(frame), isFullRange(frame), placement);
        if (!wanted.equals(input)) {
            prepare(wanted);
        }
        sws_scale(context, frame.data(), frame.linesize(), 0, frame.height(), planes, strides);
        return pixels();
    }

    private static double aspect(AVFrame frame) {
        var pixel = frame.sample_aspect_ratio();
        return pixel.num() > 0 && pixel.den() > 0 ? (double) pixel.num() / pixel.den() : 1;
    }

    private static void crop(AVFrame frame, Placement placement) {
        if (placement.cropX() > 0 || placement.cropY() > 0) {
            frame.crop_left(placement.cropX()).crop_right(placement.cropX());
            frame.crop_top(placement.cropY()).crop_bottom(placement.cropY());
            av_frame_apply_cropping(frame, AV_FRAME_CROP_UNALIGNED);
        }
    }

    private static int colours(AVFrame frame) {
        return frame.colorspace() == AVCOL_SPC_UNSPECIFIED ? SWS_CS_ITU601 : frame.colorspace();
    }

    private static boolean isFullRange(AVFrame frame) {
        return frame.color_range() == AVCOL_RANGE_JPEG || FULL_RANGE_FORMATS.contains(frame.format());
    }

    private void prepare(Input wanted) {
        sws_freeContext(context);
        var target = wanted.placement();
        var fresh = sws_getContext(
                wanted.width(),
                wanted.height(),
                wanted.format(),
                target.width(),
                target.height(),
                AV_PIX_FMT_RGB24,
                SWS_AREA | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP,
                new SwsFilter(null),
                new SwsFilter(null),
                new DoublePointer((Pointer) null));
        if (fresh == null || fresh.isNull()) {
            context = null;
            input = null;
            throw new SourceException(
                    Reason.UNSUPPORTED,
                    "pictures of " + wanted.width() + "x" + wanted.height() + " in pixel format " + wanted.format()
                            + " cannot be scaled to " + shape);
        }
        var range = wanted.fullRange() ? 1 : 0;
        var coefficients = sws_getCoefficients(wanted.colours());
        sws_setColorspaceDetails(fresh, coefficients, range, coefficients, 1, 0, UNIT, UNIT);
        Pointer.memset(picture, 0, picture.capacity());
        planes.put(0, picture.getPointer((long) target.y() * stride + target.x() * 3L));
        strides.put(0, stride);
        context = fresh;
        input = wanted;
    }

    /** Without the padding at the end of each row. */
    private Pixels pixels() {
        var bytes = new byte[shape.bytes()];
        var row = shape.width() * 3;
        for (var y = 0; y < shape.height(); y++) {
            picture.position((long) y * stride).get(bytes, y * row, row);
        }
        picture.position(0);
        return Pixels.copyOf(bytes);
    }

    @Override
    public void close() {
        sws_freeContext(context);
        context = null;
        input = null;
        planes.close();
        strides.close();
        picture.close();
    }
}
