package io.framecast.preview.http;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads the parts of a multipart stream by the letter: boundary, headers, as many bytes as they announce. */
final class MjpegParts {
    private final InputStream stream;

    MjpegParts(InputStream stream) {
        this.stream = new BufferedInputStream(stream);
    }

    byte[] next() throws IOException {
        expect("--framecast");
        expect("Content-Type: image/jpeg");
        var length = line();
        var bytes = new byte[Integer.parseInt(length.substring("Content-Length: ".length()))];
        expect("");
        if (stream.readNBytes(bytes, 0, bytes.length) < bytes.length) {
            throw new EOFException("the stream ended within a picture");
        }
        expect("");
        return bytes;
    }

    private void expect(String wanted) throws IOException {
        var line = line();
        if (!line.equals(wanted)) {
            throw new IOException("'" + line + "' came in place of '" + wanted + "'");
        }
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int next = stream.read(); next != '\n'; next = stream.read()) {
            if (next < 0) {
                throw new EOFException("the stream ended after '" + line + "'");
            }
            line.append(new String(new byte[] {(byte) next}, StandardCharsets.ISO_8859_1));
        }
        return line.toString().stripTrailing();
    }
}
