package io.framecast.source.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_from_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avformat.AVIO_FLAG_WRITE;
import static org.bytedeco.ffmpeg.global.avformat.av_interleaved_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avformat.avio_closep;
import static org.bytedeco.ffmpeg.global.avformat.avio_open;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_SMPTE170M;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.source.SourceException;
import io.framecast.source.SourceException.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;

/** A video in an mp4 file, H.264 where the build of FFmpeg has an encoder for it, else MPEG-4. */
public final class Mp4File implements AutoCloseable {
    private static final int MICROS = 1_000_000;
    /** A few times what such pictures need: they are small, and looked at closely. */
    private static final double BITS_PER_PIXEL = 2;

    private static final int SCALE = 4;

    private final Deque<Runnable> toFree = new ArrayDeque<>();
    private final AVCodec codec = codec();
    private final AVFrame frame;
    private final AVCodecContext encoder;
    private final AVFormatContext output = new AVFormatContext(null);
    private final AVStream stream;

    /** Fills the planes of a picture: YUV, 4:2:0. */
    @FunctionalInterface
    public interface Painter {
        void paint(AVFrame frame, int index);
    }

    private Mp4File(Path file, FrameShape shape, Duration interval, double bitsPerPixel) {
        try {
            double rate = (double) MICROS / micros(interval);
            frame = av_frame_alloc();
            toFree.push(() -> av_frame_free(frame));
            frame.width(shape.width()).height(shape.height()).format(AV_PIX_FMT_YUV420P);
            check(av_frame_get_buffer(frame, 0));
            encoder = avcodec_alloc_context3(codec);
            toFree.push(() -> avcodec_free_context(encoder));
            encoder.width(shape.width())
                    .height(shape.height())
                    .pix_fmt(AV_PIX_FMT_YUV420P)
                    .colorspace(AVCOL_SPC_SMPTE170M)
                    .color_range(AVCOL_RANGE_MPEG)
                    .thread_count(1);
            encoder.time_base(new AVRational().num(micros(interval)).den(MICROS))
                    .gop_size((int) Math.max(1, rate));
            encoder.framerate(new AVRational().num(MICROS).den(micros(interval)));
            encoder.bit_rate(Math.round(bitsPerPixel * rate * shape.width() * shape.height()));
            encoder.flags(encoder.flags() | AV_CODEC_FLAG_GLOBAL_HEADER);
            check(avcodec_open2(encoder, codec, new AVDictionary(null)));
            check(avformat_alloc_output_context2(output, null, "mp4", file.toString()));
            toFree.push(() -> avformat_free_context(output));
            stream = avformat_new_stream(output, null);
            check(avcodec_parameters_from_context(stream.codecpar(), encoder));
            stream.time_base(encoder.time_base());
            var bytes = new AVIOContext(null);
            check(avio_open(bytes, file.toString(), AVIO_FLAG_WRITE));
            toFree.push(() -> avio_closep(bytes));
            output.pb(bytes);
        } catch (SourceException e) {
            close();
            throw e;
        }
    }

    private static int micros(Duration interval) {
        return (int) Math.max(1, Math.min(MICROS, interval.toNanos() / 1000));
    }

    /**
     * Writes pictures, each pixel as a square of 4 by 4.
     *
     * @param shape of the pictures, RGB or grey, with sides of at least 4
     * @param interval between them, at most a second
     * @throws SourceException if the file cannot be written
     */
    public static void write(Path file, FrameShape shape, List<Pixels> pictures, Duration interval) {
        var large = new FrameShape(SCALE * shape.height(), SCALE * shape.width(), shape.channels());
        write(
                file,
                large,
                interval,
                pictures.size(),
                BITS_PER_PIXEL,
                (frame, index) -> paint(frame, shape, pictures.get(index)));
    }

    /**
     * Encodes a video.
     *
     * @return the name of its codec
     */
    public static String write(
            Path file, FrameShape shape, Duration interval, int pictures, double bitsPerPixel, Painter painter) {
        Ffmpeg.load();
        try (var video = new Mp4File(file, shape, interval, bitsPerPixel)) {
            video.encode(pictures, painter);
            return video.codec.id() == AV_CODEC_ID_H264 ? "h264" : "mpeg4";
        }
    }

    private static AVCodec codec() {
        var h264 = avcodec_find_encoder_by_name("libopenh264");
        return h264 != null && !h264.isNull() ? h264 : avcodec_find_encoder_by_name("mpeg4");
    }

    private void encode(int pictures, Painter painter) {
        check(avformat_write_header(output, new AVDictionary(null)));
        for (var index = 0; index < pictures; index++) {
            check(av_frame_make_writable(frame));
            painter.paint(frame, index);
            frame.pts(index);
            check(avcodec_send_frame(encoder, frame));
            drain();
        }
        check(avcodec_send_frame(encoder, new AVFrame(null)));
        drain();
        check(av_write_trailer(output));
    }

    /** RGB to YUV of BT.601 in its limited range, enlarged. */
    private static void paint(AVFrame frame, FrameShape shape, Pixels picture) {
        int width = shape.width();
        var luma = new byte[SCALE * width];
        var blue = new byte[SCALE / 2 * width];
        var red = new byte[SCALE / 2 * width];
        for (int row = 0; row < shape.height(); row++) {
            for (int column = 0; column < width; column++) {
                int at = (row * width + column) * shape.channels();
                int r = picture.at(at);
                int g = picture.at(at + Math.min(1, shape.channels() - 1)); // one channel is grey
                int b = picture.at(at + Math.min(2, shape.channels() - 1));
                int from = column * SCALE;
                Arrays.fill(luma, from, from + SCALE, (byte) (16 + ((66 * r + 129 * g + 25 * b + 128) >> 8)));
                Arrays.fill(
                        blue, from / 2, (from + SCALE) / 2, (byte) (128 + ((-38 * r - 74 * g + 112 * b + 128) >> 8)));
                Arrays.fill(red, from / 2, (from + SCALE) / 2, (byte) (128 + ((112 * r - 94 * g - 18 * b + 128) >> 8)));
            }
            for (int line = row * SCALE; line < (row + 1) * SCALE; line++) {
                put(frame, 0, line, luma);
            }
            for (int line = row * SCALE / 2; line < (row + 1) * SCALE / 2; line++) {
                put(frame, 1, line, blue);
                put(frame, 2, line, red);
            }
        }
    }

    private static void put(AVFrame frame, int plane, int line, byte[] values) {
        frame.data(plane).position((long) line * frame.linesize(plane)).put(values, 0, values.length);
    }

    private void drain() {
        AVPacket packet = av_packet_alloc();
        while (avcodec_receive_packet(encoder, packet) >= 0) {
            packet.stream_index(stream.index());
            packet.duration(1);
            av_packet_rescale_ts(packet, encoder.time_base(), stream.time_base());
            check(av_interleaved_write_frame(output, packet));
        }
        av_packet_free(packet);
    }

    private static void check(int result) {
        if (result < 0) {
            throw new SourceException(
                    Reason.UNSUPPORTED,
                    "the video could not be written (" + Ffmpeg.words(result) + "): give a folder with room for it");
        }
    }

    @Override
    public void close() {
        toFree.forEach(Runnable::run);
    }
}
