package io.framecast.source;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Hides what is secret in addresses, wherever they can come out: user and password, the value of every parameter but
 * those known to be harmless, and the key of an RTMP stream. In doubt it hides too much rather than a part of a
 * password. A token that is a plain part of a path cannot be told from a path, and stays.
 */
public final class AddressMask {
    /** What stands for a secret. */
    static final String MASK = "***";

    /**
     * Parameters that say which pictures are meant and how they travel. All others are hidden: each maker of cameras
     * has names of its own for passwords, keys, tokens and signatures.
     */
    private static final Set<String> HARMLESS = Set.of(
            ("action audio bitrate buffer_size camera ch channel channelid chn codec compression fifo_size format fps"
                            + " framerate h height input latency mode multicast pkt_size profile proto"
                            + " protocol quality real_stream res resolution rotation size stream streamtype substream"
                            + " subtype timeout transport transportmode ttl unicast vcodec video videocodec w width")
                    .split(" "));

    /** What such a parameter may be without being hidden: a number, a size, a word. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._:*-]{0,16}");

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,31}");
    private static final Pattern PARAMETER = Pattern.compile("([?&;#]+)([^?&;#]*)");
    private static final Pattern ESCAPED_PARAMETER = Pattern.compile("(?i)%(3f|3d|3b|26|23)");
    private static final Pattern LIKELY_HOST = Pattern.compile("(?s)(\\[.*|localhost|[^:/?#]*\\.[^:/?#]*)([:/?#].*)?");
    private static final Pattern ADVICE = Pattern.compile("(\\[?USER:PASSWORD@]?)?HOST(\\[?:PORT]?)?(/PATH)?");

    /** An address in a text: up to its closing quote, or to the next space. */
    private static final Pattern IN_TEXT =
            Pattern.compile("(?<=')([A-Za-z][A-Za-z0-9+.-]*://)([^\\n]*?)(?='([\\s,;:.)\\]]|$))"
                    + "|([A-Za-z][A-Za-z0-9+.-]*://)(\\S+)");

    private static final Pattern AFTER_IT = Pattern.compile("[.,:;)\\]'\"]+$");

    /** What is left of user and password where the end of an address was not where it seemed. */
    private static final Pattern USER_INFO = Pattern.compile("(?<=://)(?!\\[?USER:)\\S+@");

    private AddressMask() {}

    /** A text, such as an error of a library, with the secrets of all addresses in it hidden. */
    public static String in(String text) {
        String hidden = IN_TEXT.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        found.group(1) != null
                                ? shown(found.group(1), found.group(2))
                                : unquoted(found.group(4), found.group(5))));
        return USER_INFO.matcher(hidden).replaceAll(MASK + "@");
    }

    private static String unquoted(String scheme, String rest) {
        var after = AFTER_IT.matcher(rest);
        var end = after.find() ? after.start() : rest.length();
        return shown(scheme, rest.substring(0, end)) + rest.substring(end);
    }

    private static String shown(String scheme, String rest) {
        return ADVICE.matcher(rest).matches() ? scheme + rest : of(scheme + rest);
    }

    /** An address, {@code SCHEME://...}, with its secrets hidden. */
    public static String of(String address) {
        var start = address.indexOf("://") + 3;
        var scheme = address.substring(0, start);
        var at = StreamUrl.endOfUserInfo(address, start);
        var server = address.substring(Math.max(start, at + 1));
        if (!StreamUrl.isServer(server) || isDoubtful(server)) {
            return scheme + MASK;
        }
        var shown = withoutParameters(server, scheme);
        var last = shown.lastIndexOf('@');
        if (last >= 0) {
            return scheme + MASK + shown.substring(last);
        }
        return scheme + (at > start ? MASK : "") + (at < 0 ? "" : "@") + shown;
    }

    /** Whether what looks like a host may be a part of user and password, which hold a {@code /} or the like. */
    private static boolean isDoubtful(String server) {
        return server.indexOf('@') >= 0 && !LIKELY_HOST.matcher(server).matches();
    }

    private static String withoutParameters(String server, String scheme) {
        var path = indexOfAny(server, "/?#;");
        var parameters = Math.max(path, indexOfAny(server, "?#"));
        return server.substring(0, path)
                + path(server.substring(path, parameters), scheme)
                + PARAMETER
                        .matcher(server.substring(parameters))
                        .replaceAll(found -> Matcher.quoteReplacement(found.group(1) + parameter(found.group(2))));
    }

    private static int indexOfAny(String text, String characters) {
        var index = 0;
        while (index < text.length() && characters.indexOf(text.charAt(index)) < 0) {
            index++;
        }
        return index;
    }

    /** The path; of RTMP, where its end is the key that lets others publish, the name of the application alone. */
    private static String path(String path, String scheme) {
        if (scheme.toLowerCase(Locale.ROOT).startsWith("rtmp") && path.length() > 1) {
            var key = path.indexOf('/', 1);
            return key < 0 || key == path.length() - 1 ? "/" + MASK : segments(path.substring(0, key)) + "/" + MASK;
        }
        return segments(path);
    }

    private static String segments(String path) {
        return Arrays.stream(path.split("/", -1)).map(AddressMask::segment).collect(Collectors.joining("/"));
    }

    /** A part of a path, where some cameras take parameters as well. */
    private static String segment(String segment) {
        if (ESCAPED_PARAMETER.matcher(segment).find()) {
            return MASK;
        }
        var end = indexOfAny(segment, ";&");
        var first = segment.substring(0, end);
        return (first.indexOf('=') < 0 ? first : parameter(first))
                + PARAMETER
                        .matcher(segment.substring(end))
                        .replaceAll(found -> Matcher.quoteReplacement(found.group(1) + parameter(found.group(2))));
    }

    private static String parameter(String parameter) {
        var equals = parameter.indexOf('=');
        var name = equals < 0 ? parameter : parameter.substring(0, equals);
        var value = equals < 0 ? "" : parameter.substring(equals + 1);
        var isHarmless = HARMLESS.contains(name.toLowerCase(Locale.ROOT));
        if (parameter.isEmpty() || (isHarmless && PLAIN.matcher(value).matches())) {
            return parameter;
        }
        if (value.replace("=", "").isEmpty()) {
            return MASK; // a token alone, whose base64 may end with =
        }
        return (NAME.matcher(name).matches() ? name : MASK) + "=" + MASK;
    }
}
