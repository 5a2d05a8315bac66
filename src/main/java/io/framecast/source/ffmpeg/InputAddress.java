package io.framecast.source.ffmpeg;

import io.framecast.source.SourceLocation;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;

/**
 * How FFmpeg is told what to open. A file is {@code file:} and its absolute path, so that no name can be taken for a
 * protocol or an option, and the bytes are those on the disk, whatever the locale makes of them.
 */
final class InputAddress {
    private static final String FILE = "file:";

    private InputAddress() {}

    /**
     * The address as a string of C.
     *
     * @throws io.framecast.source.SourceException if this machine cannot express the name of the file
     */
    static BytePointer of(SourceLocation location) {
        byte[] address = location.kind() == SourceLocation.Kind.FILE
                ? bytes(location.path())
                : location.address().getBytes(StandardCharsets.UTF_8);
        return new BytePointer(Arrays.copyOf(address, address.length + 1)); // ends with a zero
    }

    /** The address of a file to write. */
    static String of(Path file) {
        return FILE + file.toAbsolutePath();
    }

    private static byte[] bytes(Path file) {
        if (File.separatorChar != '/') {
            return of(file).getBytes(StandardCharsets.UTF_8); // which FFmpeg expects of Windows
        }
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(FILE.getBytes(StandardCharsets.US_ASCII));
        // Of a path, only the URI tells bytes that are no characters.
        String encoded = file.toAbsolutePath().toUri().getRawPath();
        for (int at = 0; at < encoded.length(); at++) {
            if (encoded.charAt(at) == '%') {
                bytes.write(Integer.parseInt(encoded, at + 1, at + 3, 16));
                at += 2;
            } else {
                bytes.write(encoded.charAt(at));
            }
        }
        return bytes.toByteArray();
    }
}
