package io.framecast.source;

import io.framecast.source.SourceException.Reason;
import java.io.File;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where pictures come from. It holds the password of a URL but shows it to nobody outside this package. */
public final class SourceLocation {
    /** What is found there. */
    public enum Kind {
        /** A capture device of this machine, such as {@code /dev/video0}; live. */
        DEVICE,
        /** An RTSP stream; live. */
        RTSP,
        /** Something behind HTTP: a live stream, a playlist, a picture that is replaced, or a file. */
        HTTP,
        /** A stream by another protocol: SRT, RTMP, UDP (also multicast) or TCP; live. */
        STREAM,
        /** A video file; finite. */
        FILE,
        /** A scene rendered by Framecast; without end. */
        SCENE
    }

    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://.*", Pattern.DOTALL);
    private static final Pattern DEVICE_NUMBER = Pattern.compile("[0-9]{1,3}");
    private static final String SCENE_PREFIX = "test:";
    private static final Set<String> RTSP_SCHEMES = Set.of("rtsp", "rtsps");
    private static final Set<String> HTTP_SCHEMES = Set.of("http", "https");
    private static final Set<String> STREAM_SCHEMES = Set.of("srt", "rtmp", "rtmps", "udp", "tcp");

    private final Kind kind;
    private final String address;
    private final String masked;
    private final String name;
    private final @Nullable Path path;

    private SourceLocation(Kind kind, String address, String masked, String name) {
        this(kind, address, masked, name, null);
    }

    private SourceLocation(Kind kind, String address, String masked, String name, @Nullable Path path) {
        this.kind = kind;
        this.address = address;
        this.masked = masked;
        this.name = name;
        this.path = path;
    }

    /** A file, whatever its path looks like: nothing in it is read as a scheme, a device or a scene. */
    public static SourceLocation ofFile(Path path) {
        return file(path.toString(), path);
    }

    /**
     * Reads a SOURCE of the command line: a device number or path under {@code /dev/}, a URL, {@code test:NAME}, or the
     * path of a file.
     *
     * @throws IllegalArgumentException if it is empty, a scene that is not rendered here, or a URL that is malformed or
     *     of another scheme
     */
    public static SourceLocation parse(String source) {
        if (source.isBlank()) {
            throw new IllegalArgumentException(
                    "source '' is empty: use 0, rtsp://HOST/PATH, http://HOST/PATH, a file, or test:street");
        }
        if (DEVICE_NUMBER.matcher(source).matches()) {
            return device("/dev/video" + Integer.parseInt(source));
        }
        if (source.startsWith("/dev/") && !new File(source).isFile()) {
            return device(source);
        }
        if (source.equals("-")) {
            throw new IllegalArgumentException("source '-' is standard input, which is not read: use a file, or send"
                    + " the stream to an address, as in 'ffmpeg ... -f mpegts udp://127.0.0.1:5000' for the source"
                    + " udp://127.0.0.1:5000");
        }
        if (source.startsWith(SCENE_PREFIX)) {
            return scene(source.substring(SCENE_PREFIX.length()));
        }
        var scheme = SCHEME.matcher(source);
        return scheme.matches() ? url(source, scheme.group(1)) : file(source, null);
    }

    private static SourceLocation scene(String name) {
        if (SceneName.named(name).isEmpty()) {
            throw new IllegalArgumentException("source '" + SCENE_PREFIX + name + "' is not a scene: use one of "
                    + SCENE_PREFIX + String.join(", " + SCENE_PREFIX, SceneName.labels()));
        }
        return new SourceLocation(Kind.SCENE, name, SCENE_PREFIX + name, "");
    }

    private static SourceLocation device(String path) {
        var name = path.substring(path.lastIndexOf('/') + 1);
        return new SourceLocation(Kind.DEVICE, path, path, name.replaceFirst("^video(?=[0-9])", "camera"));
    }

    private static SourceLocation file(String address, @Nullable Path path) {
        var last = address.substring(address.lastIndexOf('/') + 1);
        var dot = last.lastIndexOf('.');
        return new SourceLocation(
                Kind.FILE, address, PrintableName.of(address), dot > 0 ? last.substring(0, dot) : last, path);
    }

    private static SourceLocation url(String source, String scheme) {
        var url = StreamUrl.parse(source);
        var lower = scheme.toLowerCase(Locale.ROOT);
        if (RTSP_SCHEMES.contains(lower)) {
            return new SourceLocation(Kind.RTSP, url.forFfmpeg(), url.masked(), url.host());
        }
        if (HTTP_SCHEMES.contains(lower)) {
            return new SourceLocation(Kind.HTTP, url.forFfmpeg(), url.masked(), url.host());
        }
        if (STREAM_SCHEMES.contains(lower)) {
            return new SourceLocation(Kind.STREAM, url.forFfmpeg(), url.masked(), url.host());
        }
        throw new IllegalArgumentException("source '" + url.masked() + "' has the unknown scheme '" + scheme
                + "': use rtsp, rtsps, http, https, srt, rtmp, rtmps, udp or tcp, or ./ before the name of a file");
    }

    /** What is found there. */
    public Kind kind() {
        return kind;
    }

    /** The location as a person may see it: without user, password, or the values of secret parameters. */
    public String masked() {
        return masked;
    }

    /** Device path, URL with its credentials, file path, or name of the scene. */
    public String address() {
        return address;
    }

    /**
     * The path of a file or device.
     *
     * @throws SourceException if the encoding that this machine has for file names cannot express it
     */
    public Path path() {
        if (path != null) {
            return path;
        }
        try {
            return Path.of(address);
        } catch (InvalidPathException malformed) {
            throw new SourceException(
                    Reason.NO_SUCH_FILE,
                    "source " + this + " has a name that file names in this locale cannot have ("
                            + System.getProperty("sun.jnu.encoding") + "): start Framecast with LC_ALL=C.UTF-8",
                    malformed);
        }
    }

    /** What a camera there is called when nobody names it; not yet legal as an id. */
    String name() {
        return kind == Kind.SCENE ? address : name;
    }

    /** The host of a URL; empty for other kinds. */
    public String host() {
        return switch (kind) {
            case RTSP, HTTP, STREAM -> name;
            case DEVICE, FILE, SCENE -> "";
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SourceLocation location && kind == location.kind && address.equals(location.address);
    }

    @Override
    public int hashCode() {
        return address.hashCode();
    }

    @Override
    public String toString() {
        return masked;
    }
}
