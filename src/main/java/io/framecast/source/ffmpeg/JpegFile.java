package io.framecast.source.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_QSCALE;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MJPEG;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.avutil.FF_QP2LAMBDA;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BILINEAR;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;

import io.framecast.frame.EncodedImage;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.source.SourceException;
import io.framecast.source.SourceException.Reason;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsFilter;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/** Pictures as JPEG files in memory, small rather than fine: people look at them for a fifth of a second. */
public final class JpegFile {
    /** The encoder's scale of coarseness, from 2 (fine) to 31. */
    private static final int COARSENESS = 5;

    private JpegFile() {}

    /**
     * Encodes a picture.
     *
     * @param shape its size, RGB
     * @throws SourceException if FFmpeg cannot
     */
    public static EncodedImage encode(FrameShape shape, Pixels pixels) {
        Ffmpeg.load();
        AVFrame picture = av_frame_alloc();
        AVCodecContext encoder = avcodec_alloc_context3(avcodec_find_encoder(AV_CODEC_ID_MJPEG));
        try {
            convert(shape, pixels, picture);
            encoder.width(shape.width()).height(shape.height());
            encoder.pix_fmt(AV_PIX_FMT_YUVJ420P).color_range(AVCOL_RANGE_JPEG);
            encoder.time_base().num(1).den(1);
            encoder.flags(encoder.flags() | AV_CODEC_FLAG_QSCALE).global_quality(FF_QP2LAMBDA * COARSENESS);
            encoder.thread_count(1);
            require(avcodec_open2(encoder, encoder.codec(), (AVDictionary) null), shape);
            picture.quality(encoder.global_quality());
            require(avcodec_send_frame(encoder, picture), shape);
            return packet(encoder, shape);
        } finally {
            avcodec_free_context(encoder);
            av_frame_free(picture);
        }
    }

    /** The picture in the encoder's format. */
    private static void convert(FrameShape shape, Pixels pixels, AVFrame picture) {
        picture.format(AV_PIX_FMT_YUVJ420P).width(shape.width()).height(shape.height());
        picture.color_range(AVCOL_RANGE_JPEG);
        require(av_frame_get_buffer(picture, 0), shape);
        var context = sws_getContext(
                shape.width(),
                shape.height(),
                AV_PIX_FMT_RGB24,
                shape.width(),
                shape.height(),
                AV_PIX_FMT_YUVJ420P,
                SWS_BILINEAR,
                new SwsFilter(null),
                new SwsFilter(null),
                new DoublePointer((Pointer) null));
        require(context == null ? -1 : 0, shape);
        try (var bytes = new BytePointer(pixels.toByteArray());
                var planes = new PointerPointer<BytePointer>(4);
                var strides = new IntPointer(shape.width() * 3, 0, 0, 0)) {
            planes.put(0, bytes);
            sws_scale(context, planes, strides, 0, shape.height(), picture.data(), picture.linesize());
        } finally {
            sws_freeContext(context);
        }
    }

    private static EncodedImage packet(AVCodecContext encoder, FrameShape shape) {
        var packet = av_packet_alloc();
        try {
            require(avcodec_receive_packet(encoder, packet), shape);
            var bytes = new byte[packet.size()];
            packet.data().get(bytes);
            return EncodedImage.copyOf(bytes);
        } finally {
            av_packet_free(packet);
        }
    }

    private static void require(int result, FrameShape shape) {
        if (result < 0) {
            throw new SourceException(
                    Reason.UNSUPPORTED, "no JPEG of a picture of " + shape + ": " + Ffmpeg.words(result));
        }
    }
}
