package io.framecast.preview.http;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Which pages of others may show this one in a frame.
 *
 * @param origins as in {@code https://home.example:8123}, {@code https://*.example.org}, or {@code *} for all; none
 *     forbids frames
 */
public record Framing(List<String> origins) {
    /** Nobody may. */
    public static final Framing NONE = new Framing(List.of());

    private static final String ANY = "*";

    /** Nothing else may stand there, or it would become a directive of its own. */
    private static final Pattern ORIGIN = Pattern.compile("https?://(\\*\\.)?[A-Za-z0-9._-]+(:[0-9]{1,5})?");

    /**
     * Checks the origins; a slash at the end is dropped.
     *
     * @throws IllegalArgumentException if one is malformed
     */
    public Framing {
        origins = origins.stream().map(Framing::checked).distinct().toList();
    }

    /** Whether any other page may. */
    boolean isAllowed() {
        return !origins.isEmpty();
    }

    /** The values of the directive {@code frame-ancestors}. */
    String ancestors() {
        return isAllowed() ? "'self' " + String.join(" ", origins) : "'none'";
    }

    private static String checked(String origin) {
        var bare = origin.strip().replaceFirst("/$", "");
        if (!bare.equals(ANY) && !ORIGIN.matcher(bare).matches()) {
            throw new IllegalArgumentException("origin '" + origin + "' of a page with frames is malformed; give its"
                    + " scheme, host and port, as in --allow-framing https://home.example:8123, or '*' for any page");
        }
        return bare;
    }
}
