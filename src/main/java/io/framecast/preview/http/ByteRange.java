package io.framecast.preview.http;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One range of bytes that a client asks for, as in {@code bytes=0-499}, {@code bytes=500-} or {@code bytes=-500}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-14.1.2">RFC 9110, 14.1.2</a>
 */
final class ByteRange {
    private static final Pattern SYNTAX = Pattern.compile("bytes=[ \t]*([0-9]*)-([0-9]*)[ \t]*");

    private final Optional<BigInteger> first;
    private final Optional<BigInteger> last;

    private ByteRange(Optional<BigInteger> first, Optional<BigInteger> last) {
        this.first = first;
        this.last = last;
    }

    /** Reads the header {@code Range}; nothing if it is malformed, of another unit, or asks for several ranges. */
    static Optional<ByteRange> parse(String header) {
        var matcher = SYNTAX.matcher(header.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        var range = new ByteRange(number(matcher.group(1)), number(matcher.group(2)));
        return range.isSound() ? Optional.of(range) : Optional.empty();
    }

    /** That part of a reply, or 416 if it has none of these bytes. */
    Reply of(Reply whole) {
        int length = whole.body().length;
        int from =
                first.map(number -> clamp(number, length)).orElseGet(() -> length - clamp(last.orElseThrow(), length));
        if (from >= length) {
            return Reply.error(416, "there are only " + length + " bytes").with("content-range", "bytes */" + length);
        }
        int to = first.isEmpty()
                ? length - 1
                : last.map(number -> clamp(number, length - 1)).orElse(length - 1);
        return whole.part(from, to);
    }

    private boolean isSound() {
        boolean backwards = first.isPresent() && last.isPresent() && last.get().compareTo(first.get()) < 0;
        return (first.isPresent() || last.isPresent()) && !backwards;
    }

    private static Optional<BigInteger> number(String digits) {
        return digits.isEmpty() ? Optional.empty() : Optional.of(new BigInteger(digits));
    }

    private static int clamp(BigInteger number, int most) {
        return number.min(BigInteger.valueOf(most)).intValue();
    }
}
