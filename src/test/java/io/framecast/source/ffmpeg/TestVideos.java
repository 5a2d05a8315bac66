package io.framecast.source.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
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
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGR0;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;

/**
 * Encodes small videos for tests: lossless FFV1 in Matroska, or in QuickTime with the index at its end where the name
 * ends so; every pixel and timestamp chosen by the test.
 */
public final class TestVideos {
    /** The value of one pixel of one picture. */
    public interface Painter {
        /** 0xRRGGBB at column {@code x}, row {@code y} of picture {@code index}. */
        int colour(int index, int x, int y);
    }

    private TestVideos() {}

    /** A colourful painting that changes from picture to picture. */
    public static final Painter MOVING =
            (index, x, y) -> (x * 3 + index * 7 & 0xFF) << 16 | (y * 5 + index * 3 & 0xFF) << 8 | ((x ^ y) & 0xFF);

    /** {@code count} pictures of {@link #MOVING} at a steady rate. */
    public static Path write(Path file, int width, int height, int count, double fps) {
        var millis = LongStream.range(0, count)
                .map(index -> Math.round(index * 1000 / fps))
                .boxed()
                .toList();
        return write(file, width, height, millis, MOVING);
    }

    /** One picture for each timestamp, in milliseconds. */
    public static Path write(Path file, int width, int height, List<Long> millis, Painter painter) {
        Ffmpeg.load();
        var output = new AVFormatContext(null);
        String format = file.toString().endsWith(".mov") ? "mov" : "matroska";
        check(avformat_alloc_output_context2(output, null, format, file.toString()));
        var encoder = encoder(width, height);
        var stream = avformat_new_stream(output, null);
        check(avcodec_parameters_from_context(stream.codecpar(), encoder));
        stream.time_base(encoder.time_base());
        var bytes = new AVIOContext(null);
        check(avio_open(bytes, file.toString(), AVIO_FLAG_WRITE));
        output.pb(bytes);
        check(avformat_write_header(output, new AVDictionary(null)));
        var frame = frame(width, height);
        for (var index = 0; index < millis.size(); index++) {
            check(av_frame_make_writable(frame));
            paint(frame, index, painter);
            frame.pts(millis.get(index));
            check(avcodec_send_frame(encoder, frame));
            drain(encoder, output, stream);
        }
        check(avcodec_send_frame(encoder, new AVFrame(null)));
        drain(encoder, output, stream);
        check(av_write_trailer(output));
        av_frame_free(frame);
        avcodec_free_context(encoder);
        avio_closep(bytes);
        avformat_free_context(output);
        return file;
    }

    private static AVCodecContext encoder(int width, int height) {
        var codec = avcodec_find_encoder_by_name("ffv1");
        var encoder = avcodec_alloc_context3(codec);
        encoder.width(width).height(height).pix_fmt(AV_PIX_FMT_BGR0);
        encoder.time_base(new AVRational().num(1).den(1000));
        check(avcodec_open2(encoder, codec, new AVDictionary(null)));
        return encoder;
    }

    /** A picture in packed RGB. */
    public static AVFrame frame(int width, int height) {
        var frame = av_frame_alloc();
        frame.width(width).height(height).format(AV_PIX_FMT_BGR0);
        check(av_frame_get_buffer(frame, 0));
        return frame;
    }

    public static void paint(AVFrame frame, int index, Painter painter) {
        for (var y = 0; y < frame.height(); y++) {
            for (var x = 0; x < frame.width(); x++) {
                var colour = painter.colour(index, x, y);
                put(frame, 0, x, y, colour);
                put(frame, 1, x, y, colour >> 8);
                put(frame, 2, x, y, colour >> 16);
            }
        }
    }

    private static void put(AVFrame frame, int part, int x, int y, int value) {
        frame.data(0).put((long) y * frame.linesize(0) + x * 4L + part, (byte) value);
    }

    private static void drain(AVCodecContext encoder, AVFormatContext output, AVStream stream) {
        AVPacket packet = av_packet_alloc();
        while (avcodec_receive_packet(encoder, packet) >= 0) {
            packet.stream_index(stream.index());
            av_packet_rescale_ts(packet, encoder.time_base(), stream.time_base());
            check(av_interleaved_write_frame(output, packet));
        }
        av_packet_free(packet);
    }

    private static void check(int result) {
        assertThat(result).as(() -> Ffmpeg.words(result)).isNotNegative();
    }
}
