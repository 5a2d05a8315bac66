package io.framecast.source.ffmpeg;

import io.framecast.source.RtspTransport;
import io.framecast.source.SourceException;
import io.framecast.source.SourceFailure;
import io.framecast.source.SourceLocation;
import io.framecast.source.SourceLocation.Kind;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.bytedeco.ffmpeg.global.avutil;

/** Finds the cause behind an error of FFmpeg's; the sentence of each is in {@link SourceFailure}. */
final class FfmpegFailure {
    private static final boolean MAC =
            System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("mac");

    /** errno of Linux and macOS, which FFmpeg hands through negated. */
    private static final Map<Integer, SourceFailure> ERRNO = MAC
            ? Map.of(
                    61, SourceFailure.REFUSED,
                    60, SourceFailure.NO_ANSWER,
                    65, SourceFailure.UNREACHABLE,
                    51, SourceFailure.UNREACHABLE,
                    64, SourceFailure.UNREACHABLE,
                    43, SourceFailure.TRANSPORT_REFUSED,
                    54, SourceFailure.OTHER_PROTOCOL)
            : Map.of(
                    111, SourceFailure.REFUSED,
                    110, SourceFailure.NO_ANSWER,
                    113, SourceFailure.UNREACHABLE,
                    101, SourceFailure.UNREACHABLE,
                    112, SourceFailure.UNREACHABLE,
                    93, SourceFailure.TRANSPORT_REFUSED,
                    104, SourceFailure.OTHER_PROTOCOL);

    private static final Map<Integer, SourceFailure> DEVICE_ERRNO = Map.of(
            16, SourceFailure.DEVICE_BUSY,
            13, SourceFailure.DEVICE_DENIED,
            1, SourceFailure.DEVICE_DENIED,
            2, SourceFailure.DEVICE_MISSING);

    /** What servers answer by HTTP and RTSP. */
    private static final Map<Integer, SourceFailure> STATUS = Map.of(
            avutil.AVERROR_HTTP_FORBIDDEN(), SourceFailure.FORBIDDEN,
            avutil.AVERROR_HTTP_NOT_FOUND(), SourceFailure.NOT_FOUND,
            avutil.AVERROR_HTTP_TOO_MANY_REQUESTS(), SourceFailure.TOO_MANY_REQUESTS,
            avutil.AVERROR_HTTP_BAD_REQUEST(), SourceFailure.REQUEST_REFUSED,
            avutil.AVERROR_HTTP_OTHER_4XX(), SourceFailure.REQUEST_REFUSED,
            avutil.AVERROR_HTTP_SERVER_ERROR(), SourceFailure.SERVER_ERROR);

    /** Schemes with TLS; without their last letter they are those without. */
    private static final Set<String> TLS = Set.of("https", "rtsps", "rtmps");

    /** Schemes under which nothing is connected to: we wait for others to send. */
    private static final Set<String> LISTENING = Set.of("udp");

    private FfmpegFailure() {}

    /** Why {@code avformat_open_input} or the probing after it failed. */
    static SourceException opening(SourceLocation location, int error, RtspTransport transport) {
        SourceFailure cause = cause(location, error);
        if (cause == SourceFailure.TRANSPORT_REFUSED && transport == RtspTransport.AUTO) {
            return SourceFailure.TRANSPORTS_REFUSED.of(location);
        }
        return switch (cause) {
            case TRANSPORT_REFUSED -> cause.of(location, transport);
            case NO_ANSWER -> SourceFailure.NO_ANSWER_AGAIN.of(location, "the time that this machine allows");
            case TLS_FAILED -> cause.of(location, location.scheme().replaceFirst("s$", ""));
            case OTHER_PROTOCOL -> cause.of(location, location.scheme());
            default -> cause.of(location, Ffmpeg.words(error));
        };
    }

    /**
     * The time to open a source was over before anything answered.
     *
     * @param isBrief whether that was less than what is configured
     */
    static SourceException notAnswering(SourceLocation location, Duration limit, boolean isBrief) {
        var cause = isBrief ? SourceFailure.NO_ANSWER_AGAIN : SourceFailure.NO_ANSWER;
        return (LISTENING.contains(location.scheme()) ? SourceFailure.NOTHING_SENT : cause)
                .of(location, seconds(limit));
    }

    /** Why a stream broke off. */
    static SourceException reading(SourceLocation location, int error) {
        var cause = location.kind() == Kind.FILE ? SourceFailure.FILE_BROKE_OFF : SourceFailure.BROKE_OFF;
        return cause.of(location, Ffmpeg.words(error));
    }

    private static SourceFailure cause(SourceLocation location, int error) {
        return switch (location.kind()) {
            case FILE ->
                LocalSource.isPlaylist(location.path()) ? SourceFailure.FILE_IS_PLAYLIST : SourceFailure.NOT_A_VIDEO;
            case DEVICE -> DEVICE_ERRNO.getOrDefault(-error, SourceFailure.DEVICE_NO_CAMERA);
            case RTSP, HTTP, STREAM -> networkCause(location, error);
            case SCENE -> SourceFailure.NOT_OPENED;
        };
    }

    private static SourceFailure networkCause(SourceLocation location, int error) {
        if (error == avutil.AVERROR_HTTP_UNAUTHORIZED()) {
            return location.hasLogin() ? SourceFailure.LOGIN_REFUSED : SourceFailure.LOGIN_MISSING;
        }
        if (error == avutil.AVERROR_PROTOCOL_NOT_FOUND() || error == avutil.AVERROR_DEMUXER_NOT_FOUND()) {
            return SourceFailure.PROTOCOL_MISSING;
        }
        if (STATUS.containsKey(error)) {
            return STATUS.getOrDefault(error, SourceFailure.NOT_OPENED);
        }
        if (ERRNO.containsKey(-error)) {
            return ERRNO.getOrDefault(-error, SourceFailure.NOT_OPENED);
        }
        if (error == avutil.AVERROR_EIO() && !isKnown(location.host())) {
            return SourceFailure.HOST_UNKNOWN;
        }
        if (TLS.contains(location.scheme()) && error != avutil.AVERROR_INVALIDDATA()) {
            return SourceFailure.TLS_FAILED;
        }
        if (location.scheme().equals("srt")) {
            return SourceFailure.SRT_NOT_CONNECTED;
        }
        if (location.kind() == Kind.RTSP || location.scheme().startsWith("rtmp")) {
            return SourceFailure.OTHER_PROTOCOL;
        }
        boolean isOther = error == avutil.AVERROR_INVALIDDATA() || error == avutil.AVERROR_EOF();
        return isOther ? SourceFailure.NOT_A_VIDEO : SourceFailure.NOT_OPENED;
    }

    private static boolean isKnown(String host) {
        try {
            return InetAddress.getByName(host) != null;
        } catch (UnknownHostException unknown) {
            return false;
        }
    }

    /** A duration as people write it. */
    static String seconds(Duration duration) {
        var seconds = duration.toMillis() / 1000.0;
        return seconds == Math.rint(seconds) ? (long) seconds + " s" : seconds + " s";
    }
}
