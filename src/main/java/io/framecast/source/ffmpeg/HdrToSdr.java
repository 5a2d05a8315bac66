package io.framecast.source.ffmpeg;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_PRI_BT2020;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_PRI_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_PRI_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_RGB;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_ARIB_STD_B67;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_SMPTE2084;
import static org.bytedeco.ffmpeg.global.avutil.AV_FRAME_DATA_MASTERING_DISPLAY_METADATA;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB48;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_copy_props;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_side_data;
import static org.bytedeco.ffmpeg.global.avutil.av_mastering_display_metadata_create_side_data;
import static org.bytedeco.ffmpeg.global.swscale.SWS_INTENT_PERCEPTUAL;
import static org.bytedeco.ffmpeg.global.swscale.sws_alloc_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_free_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale_frame;
import static org.bytedeco.ffmpeg.global.swscale.sws_test_primaries;
import static org.bytedeco.ffmpeg.global.swscale.sws_test_transfer;

import io.framecast.frame.FrameShape;
import io.framecast.source.SourceException;
import io.framecast.source.SourceException.Reason;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.swscale.SwsContext;

/**
 * Brings scaled pictures of high dynamic range (PQ, HLG) or wide gamut (BT.2020) to what a common screen shows, BT.709,
 * by the perceptual tone mapping of FFmpeg's swscale.
 */
final class HdrToSdr implements AutoCloseable {
    private static final int USUAL_PEAK_NITS = 1000;

    private final SwsContext context = sws_alloc_context();
    private final PictureBuffer wide;
    private final PictureBuffer narrow;

    /**
     * Prepares to map.
     *
     * @param shape of the scaled pictures
     * @param tags a decoded picture that says which colours, and how bright, they are
     */
    HdrToSdr(FrameShape shape, AVFrame tags) {
        context.intent(SWS_INTENT_PERCEPTUAL);
        wide = new PictureBuffer(shape, AV_PIX_FMT_RGB48, 6);
        av_frame_copy_props(wide.frame(), tags);
        wide.frame().colorspace(AVCOL_SPC_RGB).color_range(AVCOL_RANGE_JPEG);
        if (tags.color_primaries() == AVCOL_PRI_UNSPECIFIED) {
            wide.frame().color_primaries(AVCOL_PRI_BT2020);
        }
        requirePeak(wide.frame());
        narrow = new PictureBuffer(shape, AV_PIX_FMT_RGB24, 3);
        narrow.frame().colorspace(AVCOL_SPC_RGB).color_range(AVCOL_RANGE_JPEG);
        narrow.frame().color_primaries(AVCOL_PRI_BT709).color_trc(AVCOL_TRC_BT709);
    }

    /** PQ reaches to 10,000 nits, which no camera uses: mapping all of that would leave everything else dark. */
    private static void requirePeak(AVFrame frame) {
        var known = av_frame_get_side_data(frame, AV_FRAME_DATA_MASTERING_DISPLAY_METADATA);
        if (frame.color_trc() == AVCOL_TRC_SMPTE2084 && (known == null || known.isNull())) {
            var usual = av_mastering_display_metadata_create_side_data(frame);
            usual.has_luminance(1);
            usual.min_luminance(new AVRational().num(0).den(1));
            usual.max_luminance(new AVRational().num(USUAL_PEAK_NITS).den(1));
        }
    }

    /** Whether a picture has colours that a common screen does not show, and that can be mapped. */
    static boolean isFor(AVFrame frame) {
        boolean isHdr = frame.color_trc() == AVCOL_TRC_SMPTE2084 || frame.color_trc() == AVCOL_TRC_ARIB_STD_B67;
        return (isHdr || frame.color_primaries() == AVCOL_PRI_BT2020)
                && sws_test_primaries(frame.color_primaries(), 0) != 0
                && sws_test_transfer(frame.color_trc(), 0) != 0;
    }

    /** Where the scaled picture belongs: RGB, 16 bits a value. */
    PictureBuffer wide() {
        return wide;
    }

    /** Maps what is in {@link #wide()} to RGB, 8 bits a value. */
    PictureBuffer map() {
        if (sws_scale_frame(context, narrow.frame(), wide.frame()) < 0) {
            throw new SourceException(
                    Reason.UNSUPPORTED,
                    "pictures of high dynamic range in these colours cannot be mapped: record in standard range (SDR)");
        }
        return narrow;
    }

    @Override
    public void close() {
        sws_free_context(context);
        wide.close();
        narrow.close();
    }
}
