package io.framecast.source.ffmpeg;

import io.framecast.source.SourceException;
import io.framecast.source.SourceException.Reason;
import io.framecast.source.SourceLocation;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.bytedeco.ffmpeg.global.avutil;
import org.jspecify.annotations.Nullable;

/** Says in our words why FFmpeg could not open or read a source. */
final class FfmpegFailure {
    private static final boolean MAC =
            System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("mac");

    /** errno of Linux and macOS, which FFmpeg hands through negated. */
    private static final Map<Integer, Reason> ERRNO = MAC
            ? Map.of(
                    61, Reason.REFUSED,
                    60, Reason.TIMED_OUT,
                    65, Reason.UNREACHABLE,
                    51, Reason.UNREACHABLE,
                    64, Reason.UNREACHABLE,
                    16, Reason.BUSY,
                    13, Reason.NO_PERMISSION,
                    1, Reason.NO_PERMISSION)
            : Map.of(
                    111, Reason.REFUSED,
                    110, Reason.TIMED_OUT,
                    113, Reason.UNREACHABLE,
                    101, Reason.UNREACHABLE,
                    112, Reason.UNREACHABLE,
                    16, Reason.BUSY,
                    13, Reason.NO_PERMISSION,
                    1, Reason.NO_PERMISSION);

    /** What stands in a name for bytes that are not UTF-8. */
    private static final char UNREADABLE = '\uFFFD';

    private FfmpegFailure() {}

    /** Why {@code avformat_open_input} or the probing after it failed. */
    static SourceException opening(SourceLocation location, int error, boolean timedOut, Duration limit) {
        var reason = timedOut ? Reason.TIMED_OUT : reason(location, error);
        return new SourceException(reason, "source " + location + " " + words(location, reason, error, limit));
    }

    /**
     * Refuses a capture device that is not there or not ours to read, before anything is loaded for it.
     *
     * @throws SourceException if it is so
     */
    static void requireDevice(SourceLocation location) {
        Reason reason = deviceReason(location);
        if (reason != null) {
            throw new SourceException(reason, "source " + location + " " + words(location, reason, 0, Duration.ZERO));
        }
    }

    /**
     * Refuses what stands in the file system and is no file: opening a pipe that nobody writes to would block.
     *
     * @throws SourceException if it is so
     */
    static void requireFile(SourceLocation location) {
        var path = location.path();
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            if (Files.isDirectory(path)) {
                throw new SourceException(Reason.NOT_A_VIDEO, "source " + location + " is a folder: name a file in it");
            }
            var what = "a pipe or socket: use a file, or send"
                    + " the stream to an address, as in 'ffmpeg ... -f mpegts udp://127.0.0.1:5000' for the source"
                    + " udp://127.0.0.1:5000";
            throw new SourceException(Reason.UNSUPPORTED, "source " + location + " is " + what);
        }
    }

    /** A film whose index stands behind its pictures, from a server that cannot send the end first. */
    static SourceException indexAtTheEnd(SourceLocation location) {
        return new SourceException(
                Reason.UNSUPPORTED,
                "source " + location
                        + " has its index at its end, and the server sends no ranges: download it first, or"
                        + " move the index with 'ffmpeg -i IN.mp4 -c copy -movflags +faststart OUT.mp4'");
    }

    /** Why a stream broke off. */
    static SourceException reading(SourceLocation location, int error, boolean timedOut, Duration limit) {
        if (timedOut) {
            return new SourceException(
                    Reason.TIMED_OUT,
                    "source " + location + " sent nothing for " + seconds(limit) + ": check the camera");
        }
        return new SourceException(
                Reason.LOST,
                "source " + location + " broke off (" + Ffmpeg.words(error) + "): check camera and network");
    }

    private static Reason reason(SourceLocation location, int error) {
        var local = switch (location.kind()) {
            case FILE -> fileReason(location);
            case DEVICE -> deviceReason(location);
            case RTSP, HTTP, STREAM, SCENE -> null;
        };
        if (local != null) {
            return local;
        }
        if (error == avutil.AVERROR_HTTP_UNAUTHORIZED() || error == avutil.AVERROR_HTTP_FORBIDDEN()) {
            return Reason.UNAUTHORIZED;
        }
        if (error == avutil.AVERROR_HTTP_NOT_FOUND()) {
            return Reason.NOT_FOUND;
        }
        if (error == avutil.AVERROR_PROTOCOL_NOT_FOUND() || error == avutil.AVERROR_DEMUXER_NOT_FOUND()) {
            return Reason.UNSUPPORTED;
        }
        if (!location.host().isEmpty() && error == avutil.AVERROR_EIO() && !isKnown(location.host())) {
            return Reason.NO_SUCH_HOST;
        }
        var mapped = ERRNO.get(-error);
        boolean isStream = location.kind() == SourceLocation.Kind.RTSP || location.kind() == SourceLocation.Kind.STREAM;
        return mapped != null ? mapped : isStream ? Reason.LOST : otherReason(error);
    }

    private static Reason otherReason(int error) {
        return error == avutil.AVERROR_INVALIDDATA() || error == avutil.AVERROR_EOF()
                ? Reason.NOT_A_VIDEO
                : Reason.LOST;
    }

    private static @Nullable Reason fileReason(SourceLocation location) {
        var path = location.path();
        if (!Files.exists(path)) {
            return Reason.NO_SUCH_FILE;
        }
        return Files.isReadable(path) ? Reason.NOT_A_VIDEO : Reason.NO_PERMISSION;
    }

    private static @Nullable Reason deviceReason(SourceLocation location) {
        var path = location.path();
        if (!Files.exists(path)) {
            return Reason.NO_SUCH_DEVICE;
        }
        return Files.isReadable(path) ? null : Reason.NO_PERMISSION;
    }

    private static boolean isKnown(String host) {
        try {
            return InetAddress.getByName(host) != null;
        } catch (UnknownHostException unknown) {
            return false;
        }
    }

    private static String words(SourceLocation location, Reason reason, int error, Duration limit) {
        return switch (reason) {
            case NO_SUCH_FILE ->
                location.address().indexOf(UNREADABLE) < 0
                        ? "does not exist: check the path"
                        : "does not exist, or its name is not UTF-8: give the file another name";
            case NOT_A_VIDEO -> "is not a video that can be read (" + Ffmpeg.words(error) + "): check it with ffprobe";
            case NO_SUCH_DEVICE -> "does not exist: plug the camera in, or see 'framecast doctor' for those there are";
            case NO_PERMISSION ->
                location.kind() == SourceLocation.Kind.DEVICE
                        ? "may not be opened by this user: add it to the group 'video'"
                        : "may not be opened by this user: check its permissions";
            case REFUSED -> "refused the connection: check host and port";
            case NO_SUCH_HOST -> "has an unknown host: check its name";
            case UNREACHABLE -> "cannot be reached: check the network";
            case TIMED_OUT -> "did not answer within " + seconds(limit) + ": check host and network";
            case UNAUTHORIZED -> "refused user or password: give them as scheme://USER:PASSWORD@HOST";
            case NOT_FOUND -> "answered that there is nothing at this path: check the path";
            case BUSY -> "is in use by another program: close that first";
            case UNSUPPORTED, LOST -> "could not be opened (" + Ffmpeg.words(error) + ")";
        };
    }

    private static String seconds(Duration duration) {
        var seconds = duration.toMillis() / 1000.0;
        return seconds == Math.rint(seconds) ? (long) seconds + " s" : seconds + " s";
    }
}
