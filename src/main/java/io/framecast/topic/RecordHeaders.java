package io.framecast.topic;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** The headers of every record: which message its value is, that it is Protobuf, and a W3C trace context. */
public final class RecordHeaders {
    public static final String TRACE = "traceparent";

    private static final int TRACE_BYTES = 16;
    private static final int SPAN_BYTES = 8;

    private RecordHeaders() {}

    /** Headers of a record that starts a trace. */
    public static List<Header> of(String message) {
        return of(message, "00-" + random(TRACE_BYTES) + "-" + random(SPAN_BYTES) + "-01");
    }

    /** Headers of a record of a message that goes on with a trace. */
    public static List<Header> of(String message, String traceparent) {
        return List.of(
                header("schema", "framecast.v1." + message),
                header("content-type", "application/x-protobuf"),
                header(TRACE, traceparent));
    }

    public static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static String random(int bytes) {
        var id = new byte[bytes];
        ThreadLocalRandom.current().nextBytes(id);
        id[0] |= 1; // all zeros is no id
        return HexFormat.of().formatHex(id);
    }
}
