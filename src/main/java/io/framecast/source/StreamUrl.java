package io.framecast.source;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A URL taken apart as people write it: passwords may hold {@code @}, {@code :}, {@code /} and the like,
 * percent-encoded or not.
 *
 * @param scheme before {@code ://}
 * @param userInfo user and password, percent-encoded where needed; empty without
 * @param host name or address, IPv6 without its brackets
 * @param rest from the port or path on
 * @param masked the URL without its secrets
 */
record StreamUrl(String scheme, String userInfo, String host, String rest, String masked) {
    private static final Pattern SERVER =
            Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[^\\[\\]:/?#@\\s]+)((?::[0-9]{1,5})?(?:[/?#].*)?)", Pattern.DOTALL);
    private static final Pattern LIKELY_HOST =
            Pattern.compile("(\\[.*|localhost|[^:/?#]*\\.[^:/?#]*)([:/?#].*)?|[^:/?#]+:[0-9].*", Pattern.DOTALL);
    private static final Pattern ESCAPE = Pattern.compile("%[0-9A-Fa-f]{2}");
    private static final String UNRESERVED = "-._~!$&'()*+,;=:";

    /**
     * Takes an address apart.
     *
     * @param shown the same without the secrets that were put in place of references
     * @throws IllegalArgumentException if it is malformed
     */
    static StreamUrl parse(String text, String shown) {
        if (text.chars().anyMatch(Character::isISOControl)) { // they would be lines of a request
            throw new IllegalArgumentException("source '" + masked(shown)
                    + "' holds a control character, such as the end of a line: write the address in one line");
        }
        var start = text.indexOf("://") + 3;
        var scheme = text.substring(0, start - 3);
        var at = endOfUserInfo(text, start);
        var server = SERVER.matcher(text.substring(at < 0 ? start : at + 1));
        if (!server.matches()) {
            throw new IllegalArgumentException("source '" + masked(shown) + "' is malformed: use " + scheme
                    + "://[USER:PASSWORD@]HOST[:PORT]/PATH");
        }
        var userInfo = at < 0 ? "" : encoded(text.substring(start, at));
        var host = server.group(1).replaceAll("[\\[\\]]", "");
        return new StreamUrl(scheme, userInfo, host, server.group(2), masked(shown));
    }

    /** Where the user-info ends: at the last {@code @} of the authority, unless a later one makes more sense. */
    static int endOfUserInfo(String text, int start) {
        var path = start;
        while (path < text.length() && "/?#".indexOf(text.charAt(path)) < 0) {
            path++;
        }
        var standard = text.substring(0, path).lastIndexOf('@');
        var last = text.lastIndexOf('@');
        standard = standard < start ? -1 : standard;
        if (last < path) {
            return standard;
        }
        var server = text.substring(standard < 0 ? start : standard + 1);
        last = lastThatFits(text, start);
        var lenient = text.substring(last + 1);
        var broken = !SERVER.matcher(server).matches();
        var likelier = standard >= 0
                && !LIKELY_HOST.matcher(server).matches()
                && LIKELY_HOST.matcher(lenient).matches();
        return broken || likelier ? last : standard;
    }

    private static String masked(String text) {
        return PrintableName.of(AddressMask.of(text));
    }

    /** Whether a text can be host, port and path. */
    static boolean isServer(String text) {
        return SERVER.matcher(text).matches();
    }

    /** The last {@code @} before something that can be host, port and path; there may be others in a query. */
    private static int lastThatFits(String text, int start) {
        var last = text.lastIndexOf('@');
        for (var at = last; at >= start; at = text.lastIndexOf('@', at - 1)) {
            if (SERVER.matcher(text.substring(at + 1)).matches()) {
                return at;
            }
        }
        return last;
    }

    private static String encoded(String userInfo) {
        var result = new StringBuilder();
        var from = 0;
        for (var escape = ESCAPE.matcher(userInfo); escape.find(); from = escape.end()) {
            result.append(escaped(userInfo.substring(from, escape.start()), UNRESERVED))
                    .append(escape.group());
        }
        return result.append(escaped(userInfo.substring(from), UNRESERVED)).toString();
    }

    /** A text with all characters percent-encoded but letters and digits of ASCII, and some others. */
    static String escaped(String text, String unreserved) {
        var result = new StringBuilder();
        text.codePoints().forEach(character -> {
            var isPlain =
                    character < 128 && (Character.isLetterOrDigit(character) || unreserved.indexOf(character) >= 0);
            var bytes = Character.toString(character).getBytes(StandardCharsets.UTF_8);
            result.append(
                    isPlain
                            ? Character.toString(character)
                            : HexFormat.of().withUpperCase().withPrefix("%").formatHex(bytes));
        });
        return result.toString();
    }

    /** The URL that FFmpeg understands, secrets included. */
    String forFfmpeg() {
        var server = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return scheme + "://" + (userInfo.isEmpty() ? "" : userInfo + "@") + server + rest;
    }

    @Override
    public String toString() {
        return masked;
    }
}
