package io.framecast.preview.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import reactor.netty.http.server.HttpServerRequest;

/**
 * What a request makes its answer depend on: the tags of what the client has, and the range that it wants.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2">RFC 9110, 13.2.2</a>
 */
final class Conditions {
    private static final String ANY = "*";
    private static final String WEAK = "W/";

    private final HttpHeaders headers;
    private final Optional<ByteRange> range;

    private Conditions(HttpHeaders headers, Optional<ByteRange> range) {
        this.headers = headers;
        this.range = range;
    }

    static Conditions of(HttpServerRequest request) {
        return of(request.requestHeaders(), request.method().equals(HttpMethod.GET));
    }

    /** Ranges are for GET only. */
    static Conditions of(HttpHeaders headers, boolean isGet) {
        var range = isGet
                ? Optional.ofNullable(headers.get(HttpHeaderNames.RANGE)).flatMap(ByteRange::parse)
                : Optional.<ByteRange>empty();
        return new Conditions(headers, range);
    }

    /** Whether a part is wanted rather than the whole. */
    boolean wantsPart() {
        return range.isPresent();
    }

    /** The tag that the client's other parts have, if it says so. */
    Optional<String> partsTag() {
        return Optional.ofNullable(headers.get(HttpHeaderNames.IF_RANGE)).map(String::strip);
    }

    /** The answer, given the whole one; 200, 206, 304, 412 or 416 for what has a tag, else the whole one itself. */
    Reply answer(Reply whole) {
        if (whole.tag().isEmpty()) {
            return whole;
        }
        var tag = whole.tag().get();
        if (headers.contains(HttpHeaderNames.IF_MATCH) && !isNamed(HttpHeaderNames.IF_MATCH, tag, false)) {
            return Reply.error(412, "this is another one by now");
        }
        if (isNamed(HttpHeaderNames.IF_NONE_MATCH, tag, true)) {
            return whole.notModified();
        }
        boolean fits = partsTag().map(tag::equals).orElse(true);
        return range.filter(any -> fits).map(wanted -> wanted.of(whole)).orElse(whole);
    }

    private boolean isNamed(CharSequence header, String tag, boolean orWeak) {
        return tags(headers.getAll(header))
                .anyMatch(named -> named.equals(ANY) || named.equals(tag) || (orWeak && named.equals(WEAK + tag)));
    }

    /** Our tags have no commas, so that those of others may be cut at theirs. */
    private static Stream<String> tags(List<String> values) {
        return values.stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(String::strip);
    }
}
