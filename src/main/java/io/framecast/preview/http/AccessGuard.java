package io.framecast.preview.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.CookieHeaderNames.SameSite;
import io.netty.handler.codec.http.cookie.DefaultCookie;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Decides who may look. With a token, clients that show it in the header, the address or the cookie; without one,
 * clients that call this machine by a loopback name, so that a page from elsewhere can't read cameras through its
 * visitor's browser (DNS rebinding). Tokens are compared by their digests in constant time.
 */
final class AccessGuard {
    static final String COOKIE = "framecast";

    private static final String BEARER = "Bearer ";

    private final Optional<byte[]> tokenDigest;

    AccessGuard(Optional<String> token) {
        tokenDigest = token.map(AccessGuard::digest);
    }

    /** What to answer in place of the thing asked for, if the request may not have it. */
    Optional<Reply> refuse(HttpServerRequest request, QueryStringDecoder query) {
        if (!sameOrigin(request.requestHeaders())) {
            return Optional.of(Reply.error(403, "pages of other sites may not read this one"));
        }
        if (tokenDigest.isEmpty()) {
            return isCalledLoopback(request.requestHeaders())
                    ? Optional.empty()
                    : Optional.of(
                            Reply.error(403, "call this machine localhost or 127.0.0.1, or start it with --token"));
        }
        return holdsToken(request, query)
                ? Optional.empty()
                : Optional.of(Reply.error(401, "show the token: 'Authorization: Bearer TOKEN', or ?token=TOKEN"));
    }

    /** The cookie that replaces the token from now on, if the address carries the right one. */
    Optional<Cookie> cookie(QueryStringDecoder query) {
        return tokenDigest.filter(expected -> isInAddress(query, expected)).map(AccessGuard::cookie);
    }

    private boolean holdsToken(HttpServerRequest request, QueryStringDecoder query) {
        var expected = tokenDigest.orElseThrow();
        var header = request.requestHeaders().get(HttpHeaderNames.AUTHORIZATION, "");
        return (header.startsWith(BEARER) && matches(header.substring(BEARER.length()), expected))
                || isInAddress(query, expected)
                || isInCookie(request, expected);
    }

    private static boolean isInAddress(QueryStringDecoder query, byte[] expected) {
        return query.parameters().getOrDefault("token", List.of()).stream().anyMatch(given -> matches(given, expected));
    }

    private static boolean isInCookie(HttpServerRequest request, byte[] expected) {
        var wanted = HexFormat.of().formatHex(digest(expected)).getBytes(StandardCharsets.US_ASCII);
        return request.allCookies().values().stream()
                .flatMap(List::stream)
                .filter(cookie -> cookie.name().equals(COOKIE))
                .map(cookie -> cookie.value().getBytes(StandardCharsets.UTF_8))
                .anyMatch(given -> MessageDigest.isEqual(given, wanted));
    }

    /** Carries a digest of the token's digest: it opens this server, but does not give the token away. */
    private static Cookie cookie(byte[] tokenDigest) {
        var cookie = new DefaultCookie(COOKIE, HexFormat.of().formatHex(digest(tokenDigest)));
        cookie.setHttpOnly(true);
        cookie.setPath("/");
        cookie.setSameSite(SameSite.Strict);
        return cookie;
    }

    /** Whether the request comes from our own page, or from no page at all. */
    private static boolean sameOrigin(HttpHeaders headers) {
        var origin = headers.get(HttpHeaderNames.ORIGIN);
        if (origin == null) {
            return true;
        }
        int scheme = origin.indexOf("://");
        return scheme >= 0 && origin.substring(scheme + 3).equalsIgnoreCase(headers.get(HttpHeaderNames.HOST, ""));
    }

    private static boolean isCalledLoopback(HttpHeaders headers) {
        var host = headers.get(HttpHeaderNames.HOST);
        try {
            var name = host == null ? null : URI.create("http://" + host).getHost();
            return name != null && HttpConfig.isLoopback(name.replaceAll("[\\[\\]]", ""));
        } catch (IllegalArgumentException malformed) {
            return false;
        }
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
