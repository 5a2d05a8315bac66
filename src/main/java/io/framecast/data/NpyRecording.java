package io.framecast.data;

import io.framecast.frame.CameraId;
import io.framecast.frame.Frame;
import io.framecast.frame.Pixels;
import io.framecast.source.SourceConfig;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A numpy array of frames in a {@code .npy} file: uint8, (T, H, W, C) or (T, H, W), or (N, T, H, W, C) for N sequences;
 * C is 3 for RGB or 1 for grey. Frames of another size are resized as a camera's are.
 *
 * @param name what it is called
 * @param file where it lies
 * @param reading the size wanted, and the rate it counts as
 */
record NpyRecording(String name, Path file, SourceConfig reading) implements Recording {
    @Override
    public void read(Consumer<Frame> reader) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            NpyHeader header = NpyHeader.read(file, in);
            if (header.height() == reading.shape().height()
                    && header.width() == reading.shape().width()) {
                readAsTheyAre(header, in, reader);
            } else {
                resize(header, in, reader);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("array " + file + " cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private void readAsTheyAre(NpyHeader header, InputStream in, Consumer<Frame> reader) throws IOException {
        var places = new FramePlaces(new CameraId("array"), reading.fps());
        for (long sequence = 0; sequence < header.sequences(); sequence++) {
            places.gap();
            for (long i = 0; i < header.frames(); i++) {
                reader.accept(places.next(reading.shape(), Pixels.copyOf(header.nextRgb(in))));
            }
        }
    }

    /** By the scaler of the live path: what it reads is a stream of uncompressed pictures. */
    private void resize(NpyHeader header, InputStream in, Consumer<Frame> reader) throws IOException {
        var places = new FramePlaces(new CameraId("array"), reading.fps());
        Path stream = Files.createTempFile("framecast-array", ".frames");
        try {
            for (long sequence = 0; sequence < header.sequences(); sequence++) {
                places.gap();
                writePictures(header, in, stream);
                new VideoRecording(name, stream, reading)
                        .read(frame -> reader.accept(places.next(frame.shape(), frame.pixels())));
            }
        } finally {
            Files.deleteIfExists(stream);
        }
    }

    private static void writePictures(NpyHeader header, InputStream in, Path stream) throws IOException {
        byte[] head = ("P6\n" + header.width() + " " + header.height() + "\n255\n").getBytes(StandardCharsets.US_ASCII);
        try (OutputStream out = Files.newOutputStream(stream)) {
            for (long i = 0; i < header.frames(); i++) {
                out.write(head);
                out.write(header.nextRgb(in));
            }
        }
    }
}
