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
    private static final Pattern SECRET_PARAMETER = Pattern.compile(
            "(?i)\\b(user|usr|login|account|pass|pwd|psw|token|key|secret|auth|sig|credential)([a-z_-]*=)[^&#\\s]*");
    private static final String UNRESERVED = "-._~!$&'()*+,;=:";
    private static final String MASK = "***";

    static StreamUrl parse(String text) {
        var start = text.indexOf("://") + 3;
        var scheme = text.substring(0, start - 3);
        var at = endOfUserInfo(text, start);
        var server = SERVER.matcher(text.substring(at < 0 ? start : at + 1));
        if (!server.matches()) {
            throw new IllegalArgumentException("source '" + masked(text, start) + "' is malformed: use " + scheme
                    + "://[USER:PASSWORD@]HOST[:PORT]/PATH");
        }
        var userInfo = at < 0 ? "" : encoded(text.substring(start, at));
        var host = server.group(1).replaceAll("[\\[\\]]", "");
        return new StreamUrl(scheme, userInfo, host, server.group(2), masked(text, start));
    }

    /** Where the user-info ends: at the last {@code @} of the authority, unless a later one makes more sense. */
    private static int endOfUserInfo(String text, int start) {
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
        for (var i = 0; i < userInfo.length(); ) {
            var character = userInfo.codePointAt(i);
            var isEscape = character == '%' && userInfo.substring(i).matches("(?s)%[0-9A-Fa-f]{2}.*");
            var isPlain =
                    character < 128 && (Character.isLetterOrDigit(character) || UNRESERVED.indexOf(character) >= 0);
            var bytes = Character.toString(character).getBytes(StandardCharsets.UTF_8);
            result.append(
                    isEscape || isPlain
                            ? Character.toString(character)
                            : HexFormat.of().withUpperCase().withPrefix("%").formatHex(bytes));
            i += Character.charCount(character);
        }
        return result.toString();
    }

    /** Hides secret parameters, and everything up to the last {@code @}: rather too much than a part of a password. */
    private static String masked(String text, int start) {
        var open = SECRET_PARAMETER.matcher(text.substring(start)).replaceAll("$1$2" + MASK);
        var last = open.lastIndexOf('@');
        return text.substring(0, start) + (last < 0 ? open : MASK + open.substring(last));
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
