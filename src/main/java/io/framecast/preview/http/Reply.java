package io.framecast.preview.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;

/** A whole answer to a request: status, kind and bytes. */
final class Reply {
    private final int status;
    private final String type;
    private final byte[] body;

    private Reply(int status, String type, byte[] body) {
        this.status = status;
        this.type = type;
        this.body = body;
    }

    static Reply of(String type, byte[] body) {
        return new Reply(200, type, body);
    }

    static Reply text(String type, String text) {
        return of(type + "; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    static Reply json(int status, JsonNode json) {
        return new Reply(status, "application/json", (json + "\n").getBytes(StandardCharsets.UTF_8));
    }

    static Reply error(int status, String message) {
        return json(status, CameraJson.error(message));
    }

    int status() {
        return status;
    }

    String type() {
        return type;
    }

    byte[] body() {
        return body;
    }
}
