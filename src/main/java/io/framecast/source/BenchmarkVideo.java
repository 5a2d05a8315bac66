package io.framecast.source;

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
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;

import io.framecast.frame.FrameShape;
import io.framecast.source.SourceException.Reason;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;

/**
 * A video to measure with: textured, noisy ground and blocks that move over it, 30 pictures a second, about 4 Mbit/s at
 * 720p.
 */
final class BenchmarkVideo implements AutoCloseable {
    private static final int FPS = 30;
    private static final double BITS_PER_PIXEL = 0.15;

    private final Deque<Runnable> toFree = new ArrayDeque<>();
    private final AVCodec codec = codec();
    private final AVCodecContext encoder;
    private final AVFormatContext output = new AVFormatContext(null);
    private final AVStream stream;

    private BenchmarkVideo(Path file, FrameShape shape) {
        encoder = avcodec_alloc_context3(codec);
        toFree.push(() -> avcodec_free_context(encoder));
        encoder.width(shape.width())
                .height(shape.height())
                .pix_fmt(AV_PIX_FMT_YUV420P)
                .thread_count(1);
        encoder.time_base(new AVRational().num(1).den(FPS)).gop_size(FPS);
        encoder.bit_rate(Math.round(BITS_PER_PIXEL * FPS * shape.width() * shape.height()));
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
    }

    /**
     * Encodes a video.
     *
     * @return the name of its codec
     */
    static String write(Path file, FrameShape shape, int pictures) {
        Ffmpeg.load();
        try (var video = new BenchmarkVideo(file, shape)) {
            video.encode(shape, pictures);
            return video.codec.id() == AV_CODEC_ID_H264 ? "h264" : "mpeg4";
        }
    }

    private static AVCodec codec() {
        var h264 = avcodec_find_encoder_by_name("libopenh264");
        return h264 != null && !h264.isNull() ? h264 : avcodec_find_encoder_by_name("mpeg4");
    }

    private void encode(FrameShape shape, int pictures) {
        check(avformat_write_header(output, new AVDictionary(null)));
        var frame = av_frame_alloc();
        toFree.push(() -> av_frame_free(frame));
        frame.width(shape.width()).height(shape.height()).format(AV_PIX_FMT_YUV420P);
        check(av_frame_get_buffer(frame, 0));
        for (var index = 0; index < pictures; index++) {
            check(av_frame_make_writable(frame));
            paint(frame, 0, shape.width(), shape.height(), index);
            paint(frame, 1, shape.width() / 2, shape.height() / 2, index);
            paint(frame, 2, shape.width() / 2, shape.height() / 2, -index);
            frame.pts(index);
            check(avcodec_send_frame(encoder, frame));
            drain();
        }
        check(avcodec_send_frame(encoder, new AVFrame(null)));
        drain();
        check(av_write_trailer(output));
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

    private void drain() {
        AVPacket packet = av_packet_alloc();
        while (avcodec_receive_packet(encoder, packet) >= 0) {
            packet.stream_index(stream.index());
            av_packet_rescale_ts(packet, encoder.time_base(), stream.time_base());
            check(av_interleaved_write_frame(output, packet));
        }
        av_packet_free(packet);
    }

    private static void check(int result) {
        if (result < 0) {
            throw new SourceException(
                    Reason.UNSUPPORTED,
                    "the benchmark's video could not be written (" + Ffmpeg.words(result)
                            + "): give a folder with 50 MB free");
        }
    }

    @Override
    public void close() {
        toFree.forEach(Runnable::run);
    }
}
