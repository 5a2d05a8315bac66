package io.framecast.source;

import io.framecast.source.SourceException.Reason;

/**
 * Everything that keeps a source from being opened or read, each cause with the one sentence that a person reads: what
 * happened and, after the colon, a way out that is true for this cause. How FFmpeg's errors become causes is told in
 * {@code FfmpegFailure}.
 */
public enum SourceFailure {
    /** The path names nothing. */
    FILE_MISSING(Reason.NO_SUCH_FILE, "does not exist: check the path"),
    /** The path names nothing and holds bytes that are no characters. */
    FILE_NAME_UNREADABLE(Reason.NO_SUCH_FILE, "does not exist, or its name is not UTF-8: give the file another name"),
    /** This locale has no bytes for the name; the encoding of file names. */
    FILE_NAME_NOT_IN_LOCALE(
            Reason.NO_SUCH_FILE,
            "has a name that file names in this locale cannot have (%s): start Framecast with LC_ALL=C.UTF-8"),
    /** The path names a folder. */
    FOLDER(Reason.NOT_A_VIDEO, "is a folder: name a file in it"),
    /** The path names a pipe or socket, which might block for ever. */
    PIPE(
            Reason.UNSUPPORTED,
            "is a pipe or socket: use a file, or send the stream to an address, as in 'ffmpeg ... -f mpegts"
                    + " udp://127.0.0.1:5000' for the source udp://127.0.0.1:5000"),
    /** This user may not read the file, or not enter a folder above it. */
    FILE_DENIED(
            Reason.NO_PERMISSION, "may not be opened by this user: let it read the file and enter the folders above"),
    /** The file has no bytes. */
    FILE_EMPTY(Reason.NOT_A_VIDEO, "is empty: record it again, or check how it was copied"),
    /** The file names streams of other machines, which no file may make this one open. */
    FILE_IS_PLAYLIST(
            Reason.UNSUPPORTED, "is a playlist, whose parts are not opened from a file: give the playlist's address"),
    /** No demuxer knows it; FFmpeg's words. */
    NOT_A_VIDEO(Reason.NOT_A_VIDEO, "is not a video that can be read (%s): check it with ffprobe"),
    /** What FFmpeg would draw as the screen of a terminal. */
    TEXT(Reason.NOT_A_VIDEO, "is not a video but text: check the path"),
    /** Sound or subtitles only. */
    NO_VIDEO_STREAM(
            Reason.NOT_A_VIDEO, "is not a video that can be read (it has no video stream): give one with pictures"),
    /** A video stream from which no picture came. */
    NO_PICTURE(Reason.NOT_A_VIDEO, "holds no picture: check it with ffprobe, it may have been cut off"),
    /** The server sent text where a video was wanted; its media type. */
    WEB_PAGE(
            Reason.NOT_A_VIDEO,
            "is not a video that can be read (the server answers with %s): give the address of the stream itself, not"
                    + " of a page that shows it"),
    /** A playlist without a single segment. */
    PLAYLIST_EMPTY(
            Reason.NOT_A_VIDEO,
            "is a playlist that names no segments that can be read: start the stream, or check what writes it"),
    /** Parts of one answer that never end. */
    PARTS_WITHOUT_END(
            Reason.NOT_A_VIDEO, "is not a video that can be read (its parts have no end): check it with ffprobe"),
    /** A picture is fetched again and again, and none can be decoded. */
    STILL_UNREADABLE(
            Reason.LOST,
            "gives no picture that can be decoded: look at it in a browser, and have the camera send JPEG or PNG"),
    /** An index behind the pictures, from a server that sends no ranges. */
    INDEX_AT_END(
            Reason.UNSUPPORTED,
            "has its index at its end, and the server sends no ranges: download it first, or move the index with"
                    + " 'ffmpeg -i IN.mp4 -c copy -movflags +faststart OUT.mp4'"),
    /** This build has no decoder for it; the codec's name. */
    CODEC_UNKNOWN(Reason.UNSUPPORTED, "uses a codec that this build cannot decode (%s): use H.264, HEVC or MJPEG"),
    /** The decoder refuses the stream's parameters; FFmpeg's words. */
    CODEC_REFUSED(
            Reason.UNSUPPORTED, "cannot be decoded here (%s): set the camera or recorder to H.264, HEVC or MJPEG"),

    /** No such device. */
    DEVICE_MISSING(
            Reason.NO_SUCH_DEVICE, "does not exist: plug the camera in, or see 'framecast doctor' for those there are"),
    /** EACCES or EPERM. */
    DEVICE_DENIED(
            Reason.NO_PERMISSION, "may not be opened by this user: give it to the group of the device, mostly 'video'"),
    /** EBUSY. */
    DEVICE_BUSY(Reason.BUSY, "is in use by another program: close that first"),
    /** It opens, but captures no pictures; FFmpeg's words. */
    DEVICE_NO_CAMERA(
            Reason.UNSUPPORTED,
            "is no camera that can be read (%s): see 'framecast doctor' for the devices there are; of several for one"
                    + " camera, usually the first gives pictures"),

    /** The name has no address. */
    HOST_UNKNOWN(Reason.NO_SUCH_HOST, "has an unknown host: check its name"),
    /** ECONNREFUSED: the host answers, nothing listens. */
    REFUSED(Reason.REFUSED, "refused the connection: check host and port, and whether the camera's service runs"),
    /** EHOSTUNREACH, ENETUNREACH, EHOSTDOWN. */
    UNREACHABLE(Reason.UNREACHABLE, "cannot be reached: check the network"),
    /** The system gave up connecting, or our limit came first; the time. */
    NO_ANSWER(
            Reason.TIMED_OUT,
            "did not answer within %s: check host, camera and network, or give more time with --open-timeout"),
    /** A camera that worked is away, and is tried more briefly than at first; the time. */
    NO_ANSWER_AGAIN(Reason.TIMED_OUT, "did not answer within %s: check host, camera and network"),
    /** It answered, but too little came to know the pictures; the time. */
    NO_PICTURE_IN_TIME(
            Reason.TIMED_OUT,
            "answered, but sent no pictures within %s: check that the camera streams, or give more time with"
                    + " --open-timeout"),
    /** Nothing came to an address on which we only listen; the time. */
    NOTHING_SENT(
            Reason.TIMED_OUT,
            "received nothing within %s: check that something sends to this address, and that no firewall stops it"),
    /** The camera asks for a login, and the address has none. */
    LOGIN_MISSING(Reason.UNAUTHORIZED, "wants user and password: give them as scheme://USER:PASSWORD@HOST"),
    /** The camera does not take the login in the address. */
    LOGIN_REFUSED(
            Reason.UNAUTHORIZED,
            "refused user or password: check what stands as scheme://USER:PASSWORD@HOST, and that the camera has not"
                    + " locked the account"),
    /** 403. */
    FORBIDDEN(
            Reason.UNAUTHORIZED,
            "forbids access (403): let this user, or this machine, see the stream in the camera's settings"),
    /** 404. */
    NOT_FOUND(Reason.NOT_FOUND, "answered that there is nothing at this path: check the path"),
    /** 429. */
    TOO_MANY_REQUESTS(
            Reason.LOST, "answered that it is asked too often (429): let fewer programs ask, it is tried again"),
    /** 400 and other 4xx; FFmpeg's words. */
    REQUEST_REFUSED(Reason.LOST, "does not take the request (%s): check path and parameters of the address"),
    /** 5xx. */
    SERVER_ERROR(
            Reason.LOST,
            "answered that it failed itself (5xx): check scheme and port of the address, and the server's own log"),
    /** The transport that was chosen is not the server's; its name. */
    TRANSPORT_REFUSED(Reason.UNSUPPORTED, "does not send by %s: use --rtsp-transport auto"),
    /** All transports were tried. */
    TRANSPORTS_REFUSED(
            Reason.UNSUPPORTED, "sends by neither TCP nor UDP: switch one of them on in the camera's settings"),
    /** TLS was begun and not finished. */
    TLS_FAILED(
            Reason.LOST, "does not speak TLS that can be read here: check the port, or use %s:// if it is without TLS"),
    /** Something answers, but in another protocol; the scheme of the address. */
    OTHER_PROTOCOL(Reason.LOST, "does not answer as %s does: check scheme, port and path of the address"),
    /** This build of FFmpeg lacks the protocol or format; FFmpeg's words. */
    PROTOCOL_MISSING(
            Reason.UNSUPPORTED, "needs what this build of FFmpeg lacks (%s): have the camera send by RTSP or HTTP"),
    /** SRT does not tell silence from a refusal. */
    SRT_NOT_CONNECTED(
            Reason.LOST, "did not answer, or refused: check host and port, and passphrase and streamid in the address"),
    /** Anything else when opening; FFmpeg's words. */
    NOT_OPENED(Reason.LOST, "could not be opened (%s): check the address with ffprobe"),

    /** A stream fell silent; the time. */
    SILENT(Reason.TIMED_OUT, "sent nothing for %s: check the camera"),
    /** The same by RTSP over UDP, which firewalls stop; the time. */
    SILENT_BY_UDP(
            Reason.TIMED_OUT,
            "sent nothing for %s: check the camera, or use --rtsp-transport tcp if a firewall stops UDP"),
    /** Reading failed; FFmpeg's words. */
    BROKE_OFF(Reason.LOST, "broke off (%s): check camera and network"),
    /** Reading a file failed; FFmpeg's words. */
    FILE_BROKE_OFF(Reason.LOST, "broke off (%s): check the file and its disk"),
    /** A live stream came to its end. */
    ENDED(Reason.LOST, "ended its stream: waiting for it to return"),

    /** The variable or file of a reference is not there, or holds no secret; which, and the way out. */
    SECRET_MISSING(Reason.UNAUTHORIZED, "needs its secret, but %s"),
    /** A reference that stands for a whole address has no address behind it. */
    SECRET_NO_ADDRESS(
            Reason.UNSUPPORTED,
            "stands for what is no address: write one into it, such as rtsp://HOST/PATH, or use the reference in place"
                    + " of the password only");

    private final Reason reason;
    private final String sentence;

    SourceFailure(Reason reason, String sentence) {
        this.reason = reason;
        this.sentence = sentence;
    }

    /** Why, for a metric. */
    public Reason reason() {
        return reason;
    }

    /**
     * The failure of a source.
     *
     * @param detail what the sentence has a place for
     */
    public SourceException of(SourceLocation location, Object... detail) {
        return of(location.masked(), detail);
    }

    /**
     * The failure of a source that is not known further than its text.
     *
     * @param shown the source without its secrets
     * @param detail what the sentence has a place for
     */
    SourceException of(String shown, Object... detail) {
        return new SourceException(this, "source " + shown + " " + words(detail));
    }

    /** The sentence without the source. */
    public String words(Object... detail) {
        return String.format(sentence, detail);
    }
}
