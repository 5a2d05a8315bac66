package io.framecast.source.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_ANSI;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_BINTEXT;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_IDF;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_XBIN;
import static org.bytedeco.ffmpeg.global.avformat.av_find_input_format;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;

import io.framecast.source.SourceConfig;
import io.framecast.source.SourceException;
import io.framecast.source.SourceException.Reason;
import io.framecast.source.SourceLocation;
import io.framecast.source.Stop;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/** An open file, device or connection that gives packets; every blocking call ends at the deadline or the stop. */
final class FfmpegInput implements AutoCloseable {
    private static final int AV_DISPOSITION_ATTACHED_PIC = 0x400;
    /** FFmpeg's names of formats that carry no timestamps. */
    private static final Set<String> UNTIMED =
            Set.of("mpjpeg", "mjpeg", "h264", "hevc", "m4v", "image2pipe", "jpeg_pipe", "png_pipe");

    private final SourceLocation location;
    private final SourceConfig config;
    private final Deadline deadline;
    private final AVFormatContext context;
    private final long interruptKey;
    private boolean freed;

    private FfmpegInput(SourceLocation location, SourceConfig config, Deadline deadline, AVFormatContext context) {
        this.location = location;
        this.config = config;
        this.deadline = deadline;
        this.context = context;
        this.interruptKey = Interrupts.add(context, deadline);
    }

    /** Opens the location, and reads as far into it as it takes to know its streams. */
    static FfmpegInput open(SourceLocation location, SourceConfig config, Stop stop) {
        var context = avformat_alloc_context();
        if (context == null) {
            throw new OutOfMemoryError("no memory for an FFmpeg input");
        }
        var input = new FfmpegInput(location, config, new Deadline(stop, config.openTimeout()), context);
        try {
            input.connect();
            input.probe();
            return input;
        } catch (RuntimeException failure) {
            input.close();
            throw failure;
        }
    }

    private void connect() {
        int result;
        try (var address = InputAddress.of(location)) {
            var options = new AVDictionary(null);
            options(location, config).forEach((name, value) -> av_dict_set(options, name, value, 0));
            result = avformat_open_input(context, address, format(location), options);
            av_dict_free(options);
        }
        if (result < 0) {
            freed = true; // by avformat_open_input
            throw FfmpegFailure.opening(location, result, deadline.missed(), config);
        }
    }

    private static Map<String, String> options(SourceLocation location, SourceConfig config) {
        return switch (location.kind()) {
            case RTSP -> Map.of("rtsp_transport", config.transport().option(), "allowed_media_types", "video");
            // No name is a pattern: a picture may be called %03d.png or *.jpg.
            case FILE -> Map.of("protocol_whitelist", "file,crypto,data", "pattern_type", "none");
            // Enough to find the codecs; the rate is taken from timestamps, so no picture is waited for to guess it.
            case HTTP -> Map.of("analyzeduration", "2000000", "fpsprobesize", "1");
            case DEVICE -> Map.of("fpsprobesize", "1");
            case SCENE -> Map.of();
        };
    }

    private static AVInputFormat format(SourceLocation location) {
        var known = location.kind() == SourceLocation.Kind.DEVICE ? av_find_input_format("video4linux2") : null;
        return known != null ? known : new AVInputFormat(null);
    }

    /** RTSP names its codecs in the session description; probing it would only cost time. */
    private void probe() {
        if (location.kind() == SourceLocation.Kind.RTSP) {
            return;
        }
        var result = avformat_find_stream_info(context, new PointerPointer<>((Pointer) null));
        if (deadline.over() || result < 0) {
            throw FfmpegFailure.opening(location, result, deadline.missed(), config);
        }
    }

    /** The first stream of moving pictures. */
    AVStream video() {
        for (var index = 0; index < context.nb_streams(); index++) {
            var stream = context.streams(index);
            var isCover = (stream.disposition() & AV_DISPOSITION_ATTACHED_PIC) != 0;
            if (stream.codecpar().codec_type() == AVMEDIA_TYPE_VIDEO && !isCover && !isText(stream)) {
                return stream;
            }
        }
        throw new SourceException(
                Reason.NOT_A_VIDEO,
                "source " + location
                        + " is not a video that can be read (it has no video stream): check it with ffprobe");
    }

    /** FFmpeg draws any text as the screen of an old terminal, and calls that a video. */
    private static boolean isText(AVStream stream) {
        int codec = stream.codecpar().codec_id();
        return codec == AV_CODEC_ID_ANSI
                || codec == AV_CODEC_ID_BINTEXT
                || codec == AV_CODEC_ID_XBIN
                || codec == AV_CODEC_ID_IDF;
    }

    /** Whether it goes on forever at its own pace. */
    boolean live() {
        return switch (location.kind()) {
            case RTSP, DEVICE -> true;
            case HTTP -> context.duration() == AV_NOPTS_VALUE || context.duration() <= 0;
            case FILE, SCENE -> false;
        };
    }

    /**
     * Whether timestamps say when a picture was taken: live formats without any get a header's rate, which is a guess.
     */
    boolean timestamped() {
        return !live() || !UNTIMED.contains(context.iformat().name().getString());
    }

    /** The camera's wall clock at timestamp 0, once an RTCP report told. */
    Optional<Instant> clockAtZero() {
        var micros = context.start_time_realtime();
        return location.kind() == SourceLocation.Kind.RTSP && micros != AV_NOPTS_VALUE && micros > 0
                ? Optional.of(Instant.EPOCH.plus(micros, ChronoUnit.MICROS))
                : Optional.empty();
    }

    /**
     * Reads the next packet of any stream.
     *
     * @return 0, or FFmpeg's error
     */
    int read(AVPacket packet) {
        deadline.extend(config.readTimeout());
        return av_read_frame(context, packet);
    }

    /** Why {@link #read} gave {@code error}. */
    SourceException failure(int error) {
        return FfmpegFailure.reading(location, error, deadline.missed(), config);
    }

    @Override
    public void close() {
        if (!freed) {
            freed = true;
            avformat_close_input(context);
        }
        Interrupts.remove(interruptKey);
    }
}
