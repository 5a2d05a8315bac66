package io.framecast.preview.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/** A whole answer to a request: status, headers and bytes. */
final class Reply {
    private static final String TYPE = HttpHeaderNames.CONTENT_TYPE.toString();
    private static final String TAG = HttpHeaderNames.ETAG.toString();

    /** Of the digest that a tag is made of. */
    private static final int TAG_BYTES = 16;

    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;

    private Reply(int status, Map<String, String> headers, byte[] body) {
        this.status = status;
        this.headers = Map.copyOf(headers);
        this.body = body;
    }

    /** Something that stays as it is until another takes its place: tagged, and to be had in ranges. */
    static Reply fixed(String type, byte[] body) {
        // Browsers keep it, and ask whether it is still the newest.
        return new Reply(
                200,
                Map.of(
                        TYPE,
                        type,
                        TAG,
                        tag(body),
                        HttpHeaderNames.ACCEPT_RANGES.toString(),
                        "bytes",
                        HttpHeaderNames.CACHE_CONTROL.toString(),
                        "private, no-cache"),
                body);
    }

    /** {@link #fixed} in JSON. */
    static Reply fixed(JsonNode json) {
        return fixed("application/json", bytes(json));
    }

    static Reply text(String type, String text) {
        return new Reply(200, Map.of(TYPE, type + "; charset=utf-8"), text.getBytes(StandardCharsets.UTF_8));
    }

    static Reply page(int status, String html) {
        return new Reply(status, Map.of(TYPE, "text/html; charset=utf-8"), html.getBytes(StandardCharsets.UTF_8));
    }

    static Reply json(int status, JsonNode json) {
        return new Reply(status, Map.of(TYPE, "application/json"), bytes(json));
    }

    static Reply error(int status, String message) {
        return json(status, CameraJson.error(message));
    }

    /** What stands for this one when the client has it already. */
    Reply notModified() {
        var kept = new HashMap<>(headers);
        kept.remove(TYPE);
        return new Reply(304, kept, new byte[0]);
    }

    /** Some of its bytes, from {@code first} up to and with {@code last}. */
    Reply part(int first, int last) {
        return new Reply(206, headers, Arrays.copyOfRange(body, first, last + 1))
                .with(HttpHeaderNames.CONTENT_RANGE, "bytes " + first + "-" + last + "/" + body.length);
    }

    /** This reply with one more header. */
    Reply with(CharSequence name, String value) {
        var more = new HashMap<>(headers);
        more.put(name.toString(), value);
        return new Reply(status, more, body);
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    /** Its entity tag in quotes: the same for the same bytes. None for what is never the same twice. */
    Optional<String> tag() {
        return Optional.ofNullable(headers.get(TAG));
    }

    byte[] body() {
        return body;
    }

    private static byte[] bytes(JsonNode json) {
        return (json + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String tag(byte[] body) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
            return '"' + HexFormat.of().formatHex(digest, 0, TAG_BYTES) + '"';
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
