package io.framecast.source.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_ALL;
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
import static org.bytedeco.ffmpeg.global.avformat.avio_size;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.AV_OPT_SEARCH_CHILDREN;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_opt_get;

import io.framecast.frame.FrameShape;
import io.framecast.source.Nature;
import io.framecast.source.Patience;
import io.framecast.source.PrintableName;
import io.framecast.source.RtspTransport;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceException;
import io.framecast.source.SourceException.Reason;
import io.framecast.source.SourceFailure;
import io.framecast.source.SourceLocation;
import io.framecast.source.Stop;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/** An open file, device or connection that gives packets; every blocking call ends at the deadline or the stop. */
final class FfmpegInput implements AutoCloseable {
    private static final int AV_DISPOSITION_ATTACHED_PIC = 0x400;
    /** FFmpeg's names of formats that carry no timestamps. */
    private static final Set<String> UNTIMED =
            Set.of("mpjpeg", "mjpeg", "h264", "hevc", "m4v", "image2pipe", "jpeg_pipe", "png_pipe");

    /** Streams cut into files; one playlist may offer the same pictures in several sizes. */
    private static final Set<String> SEGMENTED = Set.of("hls", "dash");

    /** JPEG after JPEG as parts of one answer. */
    private static final String MULTIPART = "mpjpeg";

    private static final Duration LONGEST_PART = Duration.ofSeconds(3);

    /** Finds pictures between whatever else is sent, each when the next begins. */
    private static final String RAW_JPEG = "mjpeg";

    private final SourceLocation location;
    private final RtspTransport transport;
    private final Patience patience;
    private final Deadline deadline;
    private final AVFormatContext context;
    private final long interruptKey;
    private @Nullable AVStream video;
    private Duration limit = Duration.ZERO;
    /** A transport stream in RTP: it names its streams itself, and has timestamps of its own. */
    private boolean isWrapped;

    private boolean freed;

    private FfmpegInput(
            SourceLocation location,
            RtspTransport transport,
            Patience patience,
            Deadline deadline,
            AVFormatContext context) {
        this.location = location;
        this.transport = transport;
        this.patience = patience;
        this.deadline = deadline;
        this.context = context;
        this.interruptKey = Interrupts.add(context, deadline);
    }

    /**
     * Opens the location, and reads as far into it as it takes to know its streams. What is no video at first sight is
     * looked at again: many cameras send JPEG after JPEG in ways that no demuxer knows.
     */
    static FfmpegInput open(SourceLocation location, SourceConfig config, Stop stop, Patience patience) {
        try {
            return open(location, config, stop, patience, "");
        } catch (SourceException failure) {
            if (location.kind() != SourceLocation.Kind.HTTP || failure.reason() != Reason.NOT_A_VIDEO || stop.given()) {
                throw failure;
            }
            return openAsRawJpeg(location, config, stop, patience, failure);
        }
    }

    private static FfmpegInput openAsRawJpeg(
            SourceLocation location, SourceConfig config, Stop stop, Patience patience, SourceException asVideo) {
        try {
            return open(location, config, stop, patience, RAW_JPEG);
        } catch (SourceException neither) {
            if (neither.is(SourceFailure.WEB_PAGE) || neither.is(SourceFailure.PLAYLIST_EMPTY)) {
                throw neither;
            }
            asVideo.addSuppressed(neither);
            throw asVideo;
        }
    }

    private static FfmpegInput open(
            SourceLocation location, SourceConfig config, Stop stop, Patience patience, String format) {
        var context = avformat_alloc_context();
        if (context == null) {
            throw new OutOfMemoryError("no memory for an FFmpeg input");
        }
        var limit = patience.open();
        var input = new FfmpegInput(location, config.transport(), patience, new Deadline(stop, limit), context);
        try {
            input.connect(config, format, limit);
            if (input.format().equals(MULTIPART)) {
                input.probeParts(limit);
            } else if (location.kind() != SourceLocation.Kind.RTSP) {
                input.probe(limit);
            } else if (input.videos().isEmpty()) {
                input.isWrapped = true;
                input.probe(limit);
            }
            input.choose(config.shape());
            return input;
        } catch (SourceException failure) {
            SourceException told = format.equals(RAW_JPEG) && !stop.given() ? input.byMediaType(failure) : failure;
            input.close();
            throw told;
        } catch (RuntimeException broken) {
            input.close();
            throw broken;
        }
    }

    /** Why there is no video, by what the server calls its answer; known only once that was opened as something. */
    private SourceException byMediaType(SourceException failure) {
        var type = freed ? "" : mediaType();
        if (type.contains("mpegurl") || type.startsWith("application/dash")) {
            return SourceFailure.PLAYLIST_EMPTY.of(location);
        }
        boolean isText = type.startsWith("text/") || type.contains("json") || type.contains("xml");
        return isText ? SourceFailure.WEB_PAGE.of(location, PrintableName.of(type)) : failure;
    }

    private void connect(SourceConfig config, String format, Duration limit) {
        int result;
        try (var address = InputAddress.of(location)) {
            var options = new AVDictionary(null);
            options(location, config).forEach((name, value) -> av_dict_set(options, name, value, 0));
            result = avformat_open_input(context, address, format(location, format), options);
            av_dict_free(options);
        }
        if (result < 0) {
            freed = true; // by avformat_open_input
            throw deadline.missed()
                    ? FfmpegFailure.notAnswering(location, limit, limit.compareTo(config.openTimeout()) < 0)
                    : FfmpegFailure.opening(location, result, transport);
        }
    }

    private static Map<String, String> options(SourceLocation location, SourceConfig config) {
        return switch (location.kind()) {
            case RTSP -> rtspOptions(config.transport());
            // No name is a pattern: a picture may be called %03d.png or *.jpg.
            case FILE -> Map.of("protocol_whitelist", "file,crypto,data", "pattern_type", "none");
            // Enough to find the codecs; the rate is taken from timestamps, so no picture is waited for to guess it.
            case HTTP, STREAM -> Map.of("analyzeduration", "2000000", "fpsprobesize", "1");
            case DEVICE -> Map.of("fpsprobesize", "1");
            case SCENE -> Map.of();
        };
    }

    private static Map<String, String> rtspOptions(RtspTransport transport) {
        var options = new HashMap<>(Map.of("allowed_media_types", "video"));
        switch (transport) {
            case AUTO -> options.put("rtsp_flags", "prefer_tcp");
            case TCP -> options.put("rtsp_transport", "tcp");
            case UDP -> options.put("rtsp_transport", "udp");
        }
        return options;
    }

    private static AVInputFormat format(SourceLocation location, String name) {
        var wanted = location.kind() == SourceLocation.Kind.DEVICE ? "video4linux2" : name;
        var known = wanted.isEmpty() ? null : av_find_input_format(wanted);
        return known != null ? known : new AVInputFormat(null);
    }

    /** RTSP names its codecs in the session description, where probing would only cost time. */
    private void probe(Duration limit) {
        var result = avformat_find_stream_info(context, new PointerPointer<>((Pointer) null));
        if (deadline.missed()) {
            throw SourceFailure.NO_PICTURE_IN_TIME.of(location, FfmpegFailure.seconds(limit));
        }
        if (deadline.over() || result < 0) {
            throw FfmpegFailure.opening(location, result, transport);
        }
    }

    /** Parts without a length may have no end that FFmpeg finds; then it reads on and on. */
    private void probeParts(Duration limit) {
        var brief = limit.compareTo(LONGEST_PART) < 0 ? limit : LONGEST_PART;
        deadline.extend(brief);
        var result = avformat_find_stream_info(context, new PointerPointer<>((Pointer) null));
        if (deadline.over() || result < 0) {
            throw SourceFailure.PARTS_WITHOUT_END.of(location);
        }
    }

    /** The streams of moving pictures. */
    private List<AVStream> videos() {
        var found = new ArrayList<AVStream>();
        for (var index = 0; index < context.nb_streams(); index++) {
            var stream = context.streams(index);
            var isCover = (stream.disposition() & AV_DISPOSITION_ATTACHED_PIC) != 0;
            if (stream.codecpar().codec_type() == AVMEDIA_TYPE_VIDEO && !isCover && !isText(stream)) {
                found.add(stream);
            }
        }
        return found;
    }

    /**
     * Takes the stream to read, and has FFmpeg leave out all others, which of a playlist are not fetched then: the
     * least that is large enough where a playlist offers several qualities, else the first.
     */
    private void choose(FrameShape shape) {
        var videos = videos();
        var formats = format();
        var isUnknown = formats.equals(RAW_JPEG)
                && videos.stream().allMatch(stream -> stream.codecpar().width() <= 0);
        if (videos.isEmpty() && context.nb_streams() > 0 && isText(context.streams(0))) {
            throw SourceFailure.TEXT.of(location);
        }
        if (videos.isEmpty() || isUnknown) {
            throw SourceFailure.NO_VIDEO_STREAM.of(location);
        }
        var chosen = SEGMENTED.contains(formats)
                ? videos.stream()
                        .filter(stream -> stream.codecpar().width() >= shape.width()
                                && stream.codecpar().height() >= shape.height())
                        .min(Comparator.comparing(FfmpegInput::size))
                        .or(() -> videos.stream().max(Comparator.comparing(FfmpegInput::size)))
                        .orElseThrow()
                : videos.get(0);
        for (var index = 0; index < context.nb_streams(); index++) {
            if (index != chosen.index()) {
                context.streams(index).discard(AVDISCARD_ALL);
            }
        }
        video = chosen;
    }

    private static long size(AVStream stream) {
        return (long) stream.codecpar().width() * stream.codecpar().height();
    }

    /** The stream that is read. */
    AVStream video() {
        return Objects.requireNonNull(video);
    }

    private String format() {
        return context.iformat().name().getString();
    }

    /** FFmpeg draws any text as the screen of an old terminal, and calls that a video. */
    private static boolean isText(AVStream stream) {
        int codec = stream.codecpar().codec_id();
        return codec == AV_CODEC_ID_ANSI
                || codec == AV_CODEC_ID_BINTEXT
                || codec == AV_CODEC_ID_XBIN
                || codec == AV_CODEC_ID_IDF;
    }

    /** What it is, by its demuxer, its media type, its duration and its length. */
    Nature nature() {
        return switch (location.kind()) {
            case RTSP, DEVICE, STREAM -> Nature.LIVE;
            case FILE, SCENE -> Nature.FINITE;
            case HTTP -> natureOfDownload();
        };
    }

    private Nature natureOfDownload() {
        if (isStill()) {
            return Nature.STILL;
        }
        var isTimed = context.duration() != AV_NOPTS_VALUE && context.duration() > 0;
        if (SEGMENTED.contains(format())) {
            return isTimed ? Nature.FINITE : Nature.PLAYLIST;
        }
        return isTimed || length() > 0 ? Nature.FINITE : Nature.LIVE;
    }

    private boolean isStill() {
        var type = mediaType();
        var isPicture = type.startsWith("image/") && !type.equals("image/gif");
        return isPicture || (format().endsWith("_pipe") && length() > 0);
    }

    /** In bytes, as the server says; 0 if it does not. */
    private long length() {
        return context.pb() == null || context.pb().isNull() ? 0 : Math.max(0, avio_size(context.pb()));
    }

    /** What the server calls it; empty if it does not. */
    private String mediaType() {
        if (context.pb() == null || context.pb().isNull()) {
            return "";
        }
        try (var found = new PointerPointer<BytePointer>(1);
                var name = new BytePointer("mime_type")) {
            found.put(0, (Pointer) null);
            if (av_opt_get(context.pb(), name, AV_OPT_SEARCH_CHILDREN, found) < 0) {
                return "";
            }
            BytePointer text = found.get(BytePointer.class, 0);
            if (text == null || text.isNull()) {
                return "";
            }
            var type = text.getString();
            av_free(text);
            return type.toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Whether timestamps say when a picture was taken: live formats without any get a header's rate, which is a guess.
     */
    boolean timestamped() {
        return !nature().isEndless() || !UNTIMED.contains(format());
    }

    /** The camera's wall clock at timestamp 0, once an RTCP report told. */
    Optional<Instant> clockAtZero() {
        var micros = context.start_time_realtime();
        return location.kind() == SourceLocation.Kind.RTSP && !isWrapped && micros != AV_NOPTS_VALUE && micros > 0
                ? Optional.of(Instant.EPOCH.plus(micros, ChronoUnit.MICROS))
                : Optional.empty();
    }

    /**
     * Reads the next packet of any stream.
     *
     * @return 0, or FFmpeg's error
     */
    int read(AVPacket packet) {
        limit = patience.read();
        deadline.extend(limit);
        return av_read_frame(context, packet);
    }

    /** Why {@link #read} gave {@code error}. */
    SourceException failure(int error) {
        if (!deadline.missed()) {
            return FfmpegFailure.reading(location, error);
        }
        boolean byUdp = location.kind() == SourceLocation.Kind.RTSP && transport == RtspTransport.UDP;
        var silent = byUdp ? SourceFailure.SILENT_BY_UDP : SourceFailure.SILENT;
        return silent.of(location, FfmpegFailure.seconds(limit));
    }

    /** Whether what is read first may stand at the end, where the server lets nobody begin. */
    boolean needsRanges() {
        return location.kind() == SourceLocation.Kind.HTTP
                && format().contains("mp4")
                && context.pb() != null
                && !context.pb().isNull()
                && context.pb().seekable() == 0;
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
