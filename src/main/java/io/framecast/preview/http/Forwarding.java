package io.framecast.preview.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a request tells of the way it came, as far as it can be believed. Pages of other sites can't make a browser send
 * {@code X-Forwarded-...}, as they would first have to ask whether they may. So {@code X-Forwarded-Host} may excuse an
 * Origin; it never replaces Host, because a page of a name that was led here can send what it likes.
 */
final class Forwarding {
    private static final String FORWARDED_HOST = "X-Forwarded-Host";
    private static final String FORWARDED_PROTO = "X-Forwarded-Proto";
    private static final String FORWARDED_PREFIX = "X-Forwarded-Prefix";
    private static final Pattern PREFIX = Pattern.compile("(/[A-Za-z0-9._~-]+)+/?");

    private final Optional<PublicAddress> publicAddress;

    Forwarding(Optional<PublicAddress> publicAddress) {
        this.publicAddress = publicAddress;
    }

    /** Whether the request comes from our own page, or from no page at all. */
    boolean isFromOurPage(HttpHeaders headers) {
        var origin = headers.get(HttpHeaderNames.ORIGIN);
        if (origin == null
                || publicAddress
                        .map(PublicAddress::origin)
                        .filter(origin::equalsIgnoreCase)
                        .isPresent()) {
            return true;
        }
        int scheme = origin.indexOf("://");
        return scheme >= 0 && hosts(headers).anyMatch(origin.substring(scheme + 3)::equalsIgnoreCase);
    }

    /** Whether it was called by a loopback name or by its public one. */
    boolean isCalledByItsName(HttpHeaders headers) {
        return name(headers)
                .filter(name -> HttpConfig.isLoopback(name) || isPublic(name))
                .isPresent();
    }

    /** Whether the browser reached the proxy over TLS. */
    boolean isSecure(HttpHeaders headers) {
        return first(headers, FORWARDED_PROTO).filter("https"::equalsIgnoreCase).isPresent()
                || (isCalledPublicly(headers)
                        && publicAddress.filter(PublicAddress::isSecure).isPresent());
    }

    /** Where the browser sees the page; ends in a slash. */
    String path(HttpHeaders headers) {
        var prefix = first(headers, FORWARDED_PREFIX)
                .filter(given -> PREFIX.matcher(given).matches());
        if (prefix.isPresent()) {
            return prefix.get().endsWith("/") ? prefix.get() : prefix.get() + "/";
        }
        return publicAddress
                .filter(any -> isCalledPublicly(headers))
                .map(PublicAddress::path)
                .orElse("/");
    }

    private boolean isCalledPublicly(HttpHeaders headers) {
        return name(headers).filter(this::isPublic).isPresent();
    }

    private boolean isPublic(String name) {
        return publicAddress
                .filter(address -> address.host().equalsIgnoreCase(name))
                .isPresent();
    }

    private static Stream<String> hosts(HttpHeaders headers) {
        return Stream.concat(Stream.of(headers.get(HttpHeaderNames.HOST, "")), first(headers, FORWARDED_HOST).stream());
    }

    /** The host that was called, without its port and brackets. */
    private static Optional<String> name(HttpHeaders headers) {
        try {
            return Optional.ofNullable(headers.get(HttpHeaderNames.HOST))
                    .map(host -> URI.create("http://" + host).getHost())
                    .map(name -> name.replaceAll("[\\[\\]]", "").toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /** The outermost proxy's word, where there are several. */
    private static Optional<String> first(HttpHeaders headers, String name) {
        return Optional.ofNullable(headers.get(name))
                .flatMap(value -> Arrays.stream(value.split(",", -1)).findFirst())
                .map(String::strip);
    }
}
