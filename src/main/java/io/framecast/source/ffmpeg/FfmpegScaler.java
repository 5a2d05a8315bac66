package io.framecast.source.ffmpeg;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AV_FRAME_CROP_UNALIGNED;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB48;
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
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Brings decoded pictures of any size and format to RGB of one shape, upright, by averaging the area under each pixel.
 * Colours are converted as the picture's tags say, BT.601 where it has none; high dynamic range is brought to BT.709.
 */
final class FfmpegScaler implements AutoCloseable {
    private static final int UNIT = 1 << 16;
    private static final Set<Integer> FULL_RANGE_FORMATS =
            Set.of(AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_YUVJ440P, AV_PIX_FMT_YUVJ444P);

    /** What a conversion depends on. */
    private record Input(
            int width,
            int height,
            int format,
            int colours,
            int primaries,
            int transfer,
            boolean fullRange,
            Orientation orientation,
            Placement placement) {}

    private final FrameShape shape;
    private final Fit fit;
    private @Nullable SwsContext context;
    private @Nullable PictureBuffer target;
    private @Nullable HdrToSdr hdr;
    private @Nullable Input input;

    FfmpegScaler(FrameShape shape, Fit fit) {
        this.shape = shape;
        this.fit = fit;
    }

    /** Scales one picture; the frame may be cropped by it. */
    Pixels scale(AVFrame frame) {
        var orientation = Orientation.of(frame);
        var aspect = orientation.transposed() ? 1 / aspect(frame) : aspect(frame);
        var seen = Placement.of(fit, shape, orientation.width(frame), orientation.height(frame), aspect);
        var placement = orientation.decoded(seen, shape);
        crop(frame, placement);
        var wanted = new Input(
                frame.width(),
                frame.height(),
                frame.format(),
                colours(frame),
                frame.color_primaries(),
                frame.color_trc(),
                isFullRange(frame),
                orientation,
                placement);
        var picture = target;
        if (picture == null || !wanted.equals(input)) {
            picture = prepare(wanted, frame);
        }
        sws_scale(context, frame.data(), frame.linesize(), 0, frame.height(), picture.planes(), picture.strides());
        var scaled = hdr == null ? picture : hdr.map();
        return Pixels.copyOf(orientation.turn(scaled.bytes(), shape));
    }

    /** How much wider than high a pixel is. */
    static double aspect(AVFrame frame) {
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

    private PictureBuffer prepare(Input wanted, AVFrame frame) {
        release();
        var placement = wanted.placement();
        var isHdr = HdrToSdr.isFor(frame);
        var fresh = sws_getContext(
                wanted.width(),
                wanted.height(),
                wanted.format(),
                placement.width(),
                placement.height(),
                isHdr ? AV_PIX_FMT_RGB48 : AV_PIX_FMT_RGB24,
                SWS_AREA | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP,
                new SwsFilter(null),
                new SwsFilter(null),
                new DoublePointer((Pointer) null));
        if (fresh == null || fresh.isNull()) {
            throw new SourceException(
                    Reason.UNSUPPORTED,
                    "pictures of " + wanted.width() + "x" + wanted.height() + " in pixel format " + wanted.format()
                            + " cannot be scaled to " + shape);
        }
        context = fresh;
        var range = wanted.fullRange() ? 1 : 0;
        var coefficients = sws_getCoefficients(wanted.colours());
        sws_setColorspaceDetails(fresh, coefficients, range, coefficients, 1, 0, UNIT, UNIT);
        var picture = buffer(wanted.orientation().decoded(shape), isHdr ? frame : null);
        picture.startAt(placement.x(), placement.y());
        target = picture;
        input = wanted;
        return picture;
    }

    private PictureBuffer buffer(FrameShape decoded, @Nullable AVFrame hdrTags) {
        if (hdrTags == null) {
            return new PictureBuffer(decoded, AV_PIX_FMT_RGB24, 3);
        }
        var mapping = new HdrToSdr(decoded, hdrTags);
        hdr = mapping;
        return mapping.wide();
    }

    private void release() {
        sws_freeContext(context);
        context = null;
        input = null;
        if (hdr != null) {
            hdr.close();
        } else if (target != null) {
            target.close();
        }
        hdr = null;
        target = null;
    }

    @Override
    public void close() {
        release();
    }
}
