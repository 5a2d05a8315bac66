package io.framecast.preview.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.CookieHeaderNames.SameSite;
import io.netty.handler.codec.http.cookie.DefaultCookie;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Decides who may look. With a token, clients that show it in the header, the address or the cookie; without one,
 * clients that call this machine by a loopback name or by its public one, so that a page from elsewhere can't read
 * cameras through its visitor's browser (DNS rebinding). Secrets are compared by their digests in constant time.
 *
 * <p>A browser says which page a request comes from (Origin), and by which name the server was called (Host). A proxy
 * may change the latter, so that our own page looks like another's. It can prove what it is: by the ticket, which only
 * a page of this server's own origin can read.
 */
final class AccessGuard {
    private static final String FORM = StaticPages.text("token.html");
    private static final String COOKIE = "framecast-";
    private static final String BEARER = "Bearer ";
    private static final String TOKEN = "token";
    private static final int TICKET_BYTES = 16;

    /** In a cookie's name, so that two servers on one machine, whose cookies browsers put together, keep apart. */
    private static final int NAME_DIGITS = 8;

    private final String ticket = newTicket();
    private final Optional<byte[]> tokenDigest;
    private final Forwarding forwarding;
    private final boolean framed;

    AccessGuard(HttpConfig config) {
        tokenDigest = config.token().map(AccessGuard::digest);
        forwarding = new Forwarding(config.publicAddress());
        framed = config.framing().isAllowed();
    }

    /** What to answer in place of the thing asked for, if the request may not have it. */
    Optional<Reply> refuse(HttpServerRequest request, QueryStringDecoder query) {
        if (!forwarding.isFromOurPage(request.requestHeaders())
                && !showsToken(request, query)
                && !isIn(query, "ticket", digest(ticket))) {
            return Optional.of(Reply.error(
                    403,
                    "pages of other sites may not read this one; a proxy must pass on the"
                            + " header Host, or its address be given with --public-url"));
        }
        if (tokenDigest.isEmpty()) {
            return forwarding.isCalledByItsName(request.requestHeaders())
                    ? Optional.empty()
                    : Optional.of(Reply.error(
                            403,
                            "call this machine localhost or 127.0.0.1, or start it with --token, or with --public-url"
                                    + " and the address of the proxy before it"));
        }
        return showsToken(request, query) || isInCookie(request, tokenDigest.get())
                ? Optional.empty()
                : Optional.of(unauthorized(request, query));
    }

    /** For a person a form, for a program what it has to send. */
    private Reply unauthorized(HttpServerRequest request, QueryStringDecoder query) {
        if (request.requestHeaders().get(HttpHeaderNames.ACCEPT, "").contains("text/html")) {
            String status =
                    hasTokenInAddress(query) ? "That token is wrong." : "You need a token to see these cameras.";
            return Reply.page(401, FORM.replace("STATUS", status).replace("OTHERS", others(query)))
                    .with(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer")
                    .with(
                            HttpHeaderNames.CONTENT_SECURITY_POLICY,
                            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'"
                                    + (framed ? "" : "; frame-ancestors 'none'"));
        }
        return Reply.error(401, "show the token: 'Authorization: Bearer TOKEN', or ?token=TOKEN")
                .with(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
    }

    /** What else the address asked for, as fields of the form: it would be gone otherwise. */
    private static String others(QueryStringDecoder query) {
        var fields = new StringBuilder();
        query.parameters().forEach((name, values) -> {
            if (!name.equals(TOKEN)) {
                values.forEach(value -> fields.append("<input type=\"hidden\" name=\"")
                        .append(escaped(name))
                        .append("\" value=\"")
                        .append(escaped(value))
                        .append("\">"));
            }
        });
        return fields.toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** What our own page shows when it opens a WebSocket; another for each start of the server. */
    String ticket() {
        return ticket;
    }

    /** The cookie that replaces the token from now on, if the address carries the right one. */
    Optional<Cookie> cookie(HttpServerRequest request, QueryStringDecoder query) {
        return tokenDigest
                .filter(expected -> isIn(query, TOKEN, expected))
                .map(expected -> cookie(expected, request.requestHeaders()));
    }

    /** Whether the address carries a token, right or wrong. */
    static boolean hasTokenInAddress(QueryStringDecoder query) {
        return query.parameters().containsKey(TOKEN);
    }

    /** Whether the token itself is shown, which no page of another site knows. */
    private boolean showsToken(HttpServerRequest request, QueryStringDecoder query) {
        if (tokenDigest.isEmpty()) {
            return false;
        }
        var expected = tokenDigest.get();
        var header = request.requestHeaders().get(HttpHeaderNames.AUTHORIZATION, "");
        return (header.startsWith(BEARER) && matches(header.substring(BEARER.length()), expected))
                || isIn(query, TOKEN, expected);
    }

    private static boolean isIn(QueryStringDecoder query, String name, byte[] expected) {
        return query.parameters().getOrDefault(name, List.of()).stream().anyMatch(given -> matches(given, expected));
    }

    private static boolean isInCookie(HttpServerRequest request, byte[] expected) {
        var wanted = cookieValue(expected).getBytes(StandardCharsets.US_ASCII);
        return request.allCookies().values().stream()
                .flatMap(List::stream)
                .filter(cookie -> cookie.name().equals(cookieName(expected)))
                .map(cookie -> cookie.value().getBytes(StandardCharsets.UTF_8))
                .anyMatch(given -> MessageDigest.isEqual(given, wanted));
    }

    private Cookie cookie(byte[] tokenDigest, HttpHeaders headers) {
        boolean secure = forwarding.isSecure(headers);
        var cookie = new DefaultCookie(cookieName(tokenDigest), cookieValue(tokenDigest));
        cookie.setHttpOnly(true);
        cookie.setPath(forwarding.path(headers));
        cookie.setSecure(secure);
        // In a frame of another site, browsers send only what says so, over TLS, and is kept for that site alone.
        boolean partitioned = framed && secure;
        cookie.setPartitioned(partitioned);
        cookie.setSameSite(partitioned ? SameSite.None : SameSite.Strict);
        return cookie;
    }

    private static String cookieName(byte[] tokenDigest) {
        return COOKIE + HexFormat.of().formatHex(digest(digest(tokenDigest))).substring(0, NAME_DIGITS);
    }

    /** A digest of the token's digest: it opens this server, but does not give the token away. */
    private static String cookieValue(byte[] tokenDigest) {
        return HexFormat.of().formatHex(digest(tokenDigest));
    }

    private static String newTicket() {
        var bytes = new byte[TICKET_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static boolean matches(String given, byte[] expected) {
        return MessageDigest.isEqual(digest(given), expected);
    }

    private static byte[] digest(String text) {
        return digest(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
