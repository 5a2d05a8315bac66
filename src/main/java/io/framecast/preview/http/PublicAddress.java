package io.framecast.preview.http;

import java.net.URI;
import java.util.Locale;
import java.util.Objects;

/**
 * The address that browsers open when the page is behind a proxy, as in {@code https://cameras.example/door/}.
 *
 * @param url http or https, with a host, and a path that ends in a slash
 */
public record PublicAddress(URI url) {
    private static final String WAY_OUT = "; give what browsers open, as in --public-url https://cameras.example/door/";

    /**
     * Checks that browsers can open it.
     *
     * @throws IllegalArgumentException if it is no http or https address, has no host, or more than a path after it
     */
    public PublicAddress {
        if (Objects.requireNonNullElse(url.getRawAuthority(), "").contains("@")) {
            throw new IllegalArgumentException("the public address names a user or a password" + WAY_OUT);
        }
        var scheme = Objects.requireNonNullElse(url.getScheme(), "").toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException(named(url.toString()) + " is neither http nor https" + WAY_OUT);
        }
        if (url.getHost() == null) {
            throw new IllegalArgumentException(named(url.toString()) + " has no host name" + WAY_OUT);
        }
        if (url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new IllegalArgumentException(named(url.toString()) + " has a '?' or '#'" + WAY_OUT);
        }
        var path = Objects.requireNonNullElse(url.getRawPath(), "");
        url = URI.create(origin(url) + (path.endsWith("/") ? path : path + "/"));
    }

    /**
     * Reads an address as it is typed.
     *
     * @throws IllegalArgumentException if it is malformed
     */
    public static PublicAddress parse(String text) {
        try {
            return new PublicAddress(URI.create(text.strip()));
        } catch (IllegalArgumentException e) {
            if (e.getCause() == null) {
                throw e;
            }
            throw new IllegalArgumentException(named(text) + " is no address" + WAY_OUT, e);
        }
    }

    /** Without the value where it may hold a password. */
    private static String named(String text) {
        return text.contains("@") ? "the public address" : "public address '" + text + "'";
    }

    /** Scheme, host and port, as browsers say them in the header {@code Origin}. */
    String origin() {
        return origin(url);
    }

    /** The host without its port. */
    String host() {
        return url.getHost().replaceAll("[\\[\\]]", "");
    }

    /** Where the page is on that host; begins and ends with a slash. */
    String path() {
        return url.getRawPath();
    }

    /** Whether browsers reach it over TLS. */
    boolean isSecure() {
        return url.getScheme().equals("https");
    }

    private static String origin(URI url) {
        var scheme = url.getScheme().toLowerCase(Locale.ROOT);
        int usual = scheme.equals("https") ? 443 : 80;
        var port = url.getPort() < 0 || url.getPort() == usual ? "" : ":" + url.getPort();
        return scheme + "://" + url.getHost().toLowerCase(Locale.ROOT) + port;
    }
}
