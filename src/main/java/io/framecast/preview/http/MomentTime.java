package io.framecast.preview.http;

import java.time.DateTimeException;
import java.time.Instant;

/** Moments in addresses: milliseconds since 1970, or ISO 8601. */
final class MomentTime {
    private static final int LONGEST = 40;
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

    private MomentTime() {}

    /**
     * Reads a moment of the years 1970 to 9999.
     *
     * @param name of the option, for the message
     * @throws MalformedTimeException if it is none
     */
    static Instant parse(String name, String text) throws MalformedTimeException {
        try {
            Instant time =
                    text.matches("[0-9]{1,15}") ? Instant.ofEpochMilli(Long.parseLong(text)) : Instant.parse(text);
            if (time.isBefore(Instant.EPOCH) || time.isAfter(LAST)) { // further off, milliseconds would overflow
                throw new DateTimeException("no camera was there");
            }
            return time;
        } catch (DateTimeException malformed) {
            String shown = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
            throw new MalformedTimeException(name + " '" + shown + "' is no time: give " + name
                    + "=2026-01-31T12:00:00Z, or milliseconds since 1970");
        }
    }

    /** A time in an address is none. */
    static final class MalformedTimeException extends Exception {
        private static final long serialVersionUID = 1;

        MalformedTimeException(String message) {
            super(message);
        }
    }
}
