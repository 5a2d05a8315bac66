package io.framecast.source.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_NONREF;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_NONE;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import io.framecast.source.SourceFailure;
import io.framecast.source.SourceLocation;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

/** Decodes one video stream on the calling thread: a second thread would hold every picture back by one. */
final class FfmpegDecoder implements AutoCloseable {
    private static final int AV_FRAME_FLAG_CORRUPT = 1;

    /**
     * Pixels of H.264 pictures that are made so much smaller that nobody sees whether the edges of blocks were
     * smoothed: by at most a fifth of a level (BENCHMARKS.md). Only pictures that no other is decoded from are spared
     * that.
     */
    private static final long LARGE = 1280 * 720;

    private final AVCodecContext context;
    private final AVFrame frame;

    private FfmpegDecoder(AVCodecContext context, AVFrame frame) {
        this.context = context;
        this.frame = frame;
    }

    static FfmpegDecoder open(AVStream stream, SourceLocation location) {
        var parameters = stream.codecpar();
        var codec = avcodec_find_decoder(parameters.codec_id());
        if (codec == null || codec.isNull()) {
            throw SourceFailure.CODEC_UNKNOWN.of(location, name(parameters.codec_id()));
        }
        var context = avcodec_alloc_context3(codec);
        var decoder = new FfmpegDecoder(context, av_frame_alloc());
        avcodec_parameters_to_context(context, parameters);
        context.thread_count(1);
        context.pkt_timebase(stream.time_base());
        boolean isLarge = (long) parameters.width() * parameters.height() >= LARGE;
        if (isLarge && parameters.codec_id() == AV_CODEC_ID_H264) {
            context.skip_loop_filter(AVDISCARD_NONREF);
        }
        var result = avcodec_open2(context, codec, new AVDictionary(null));
        if (result < 0) {
            decoder.close();
            throw SourceFailure.CODEC_REFUSED.of(location, Ffmpeg.words(result));
        }
        return decoder;
    }

    private static String name(int codec) {
        return codec == AV_CODEC_ID_NONE
                ? "one that FFmpeg does not know"
                : avcodec_get_name(codec).getString();
    }

    /**
     * Takes a packet, or the end of the stream.
     *
     * @return whether it could be used
     */
    boolean send(@Nullable AVPacket packet) {
        return avcodec_send_packet(context, packet == null ? new AVPacket(null) : packet) >= 0;
    }

    /**
     * The next decoded picture, valid until the next call.
     *
     * @return {@code null} if it takes more packets
     */
    @Nullable
    AVFrame receive() {
        return avcodec_receive_frame(context, frame) >= 0 ? frame : null;
    }

    /** Whether the picture was decoded from damaged or missing data. */
    static boolean isDamaged(AVFrame frame) {
        return (frame.flags() & AV_FRAME_FLAG_CORRUPT) != 0 || frame.decode_error_flags() != 0;
    }

    @Override
    public void close() {
        av_frame_free(frame);
        avcodec_free_context(context);
    }
}
