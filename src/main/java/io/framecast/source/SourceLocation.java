package io.framecast.source;

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
    /** An address without its slashes. */
    private static final Pattern NO_SLASHES = Pattern.compile("(?is)(rtsps?|https?|srt|rtmps?|udp|tcp):/?(?!/)(.+)");

    /** What holds user and password, or a parameter, as addresses do and names of files hardly ever. */
    private static final Pattern NO_SCHEME = Pattern.compile("(?s)(?!\\.{0,2}/)([^/].*:.*@.*|[^/]+/.*[?&;][^=/]*=.*)");

    private static final Pattern DEVICE_NUMBER = Pattern.compile("[0-9]{1,3}");
    private static final String SCENE_PREFIX = "test:";
    private static final Set<String> RTSP_SCHEMES = Set.of("rtsp", "rtsps");
    private static final Set<String> HTTP_SCHEMES = Set.of("http", "https");
    private static final Set<String> STREAM_SCHEMES = Set.of("srt", "rtmp", "rtmps", "udp", "tcp");

    private final Kind kind;
    private final String address;
    private final String masked;
    private final String name;
    private final String host;
    private final @Nullable Path path;

    private SourceLocation(Kind kind, String address, String masked, String name) {
        this(kind, address, masked, name, "", null);
    }

    private SourceLocation(Kind kind, String address, String masked, String name, String host, @Nullable Path path) {
        this.kind = kind;
        this.address = address;
        this.masked = masked;
        this.name = name;
        this.host = host;
        this.path = path;
    }

    /** A file, whatever its path looks like: nothing in it is read as a scheme, a device or a scene. */
    public static SourceLocation ofFile(Path path) {
        return file(path.toString(), path);
    }

    /**
     * Reads a SOURCE of the command line: a device number or path under {@code /dev/}, a URL, {@code test:NAME}, or the
     * path of a file. In a URL, <code>{env:NAME}</code> and <code>{file:PATH}</code> stand for secrets, or for all of
     * it.
     *
     * @throws IllegalArgumentException if it is empty, a scene that is not rendered here, or a URL that is malformed or
     *     of another scheme
     * @throws SourceException if a secret that it refers to is not there
     */
    public static SourceLocation parse(String source) {
        return parse(source, SecretReferences.ofThisProcess());
    }

    static SourceLocation parse(String source, SecretReferences references) {
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
        if (scheme.matches()) {
            return url(references.resolve(source));
        }
        if (SecretReferences.isWhole(source)) {
            return wholeAddress(source, references.whole(source));
        }
        if (!new File(source).exists()) {
            refuseBrokenAddress(source);
        }
        return file(source, null);
    }

    /** Taken for a file, an address would come out with its password as the file's name. */
    private static void refuseBrokenAddress(String source) {
        var noSlashes = NO_SLASHES.matcher(source);
        if (noSlashes.matches()) {
            var scheme = noSlashes.group(1) + "://";
            throw new IllegalArgumentException("source '" + AddressMask.of(scheme + noSlashes.group(2))
                    + "' is malformed: write " + scheme + ", or ./ before the name of a file");
        }
        if (NO_SCHEME.matcher(source).matches()) {
            var scheme = "rtsp://";
            throw new IllegalArgumentException("source '"
                    + PrintableName.of(AddressMask.of(scheme + source).substring(scheme.length()))
                    + "' has no scheme: write rtsp://, http:// or another before it, or ./ before the name of a file");
        }
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
                Kind.FILE, address, PrintableName.of(address), dot > 0 ? last.substring(0, dot) : last, "", path);
    }

    private static SourceLocation wholeAddress(String reference, String value) {
        if (!SCHEME.matcher(value).matches()) {
            throw SourceFailure.SECRET_NO_ADDRESS.of("'" + PrintableName.of(reference) + "'");
        }
        return url(new SecretReferences.Resolved(value, value));
    }

    private static SourceLocation url(SecretReferences.Resolved address) {
        var url = StreamUrl.parse(address.open(), address.shown());
        // A secret is no part of an id.
        var name = StreamUrl.parse(address.shown(), address.shown()).host();
        return new SourceLocation(kind(url), url.forFfmpeg(), url.masked(), name, url.host(), null);
    }

    private static Kind kind(StreamUrl url) {
        var scheme = url.scheme().toLowerCase(Locale.ROOT);
        if (RTSP_SCHEMES.contains(scheme)) {
            return Kind.RTSP;
        }
        if (HTTP_SCHEMES.contains(scheme)) {
            return Kind.HTTP;
        }
        if (STREAM_SCHEMES.contains(scheme)) {
            return Kind.STREAM;
        }
        throw new IllegalArgumentException("source '" + url.masked() + "' has the unknown scheme '" + url.scheme()
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
            throw SourceFailure.FILE_NAME_NOT_IN_LOCALE.of(this, System.getProperty("sun.jnu.encoding"));
        }
    }

    /** What a camera there is called when nobody names it; not yet legal as an id. */
    String name() {
        return kind == Kind.SCENE ? address : name;
    }

    /** Whether the address of a URL holds user or password. */
    public boolean hasLogin() {
        return !host.isEmpty() && StreamUrl.endOfUserInfo(address, address.indexOf("://") + 3) >= 0;
    }

    /** What a URL begins with, in lower case, such as {@code rtsp}; empty for other kinds. */
    public String scheme() {
        return host.isEmpty()
                ? ""
                : address.substring(0, address.indexOf("://")).toLowerCase(Locale.ROOT);
    }

    /** The host of a URL; empty for other kinds. */
    public String host() {
        return host;
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
