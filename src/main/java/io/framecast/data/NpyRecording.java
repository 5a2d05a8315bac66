package io.framecast.data;

import io.framecast.frame.CameraId;
import io.framecast.frame.Frame;
import io.framecast.frame.Pixels;
import io.framecast.source.PrintableName;
import io.framecast.source.SourceConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * A numpy array of frames in a {@code .npy} file, in any of the layouts of {@link NpyLayout}; each of N sequences is a
 * stretch. Frames of another size are resized as a camera's are.
 *
 * @param name what it is called
 * @param file where it lies
 * @param reading the size wanted, and the rate it counts as
 */
record NpyRecording(String name, Path file, SourceConfig reading) implements Recording {
    @Override
    public void read(Consumer<Frame> reader) {
        try {
            read(NpyArray.open(file), reader);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "array " + PrintableName.of(file.toString()) + " cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private void read(NpyArray array, Consumer<Frame> reader) throws IOException {
        var places = new FramePlaces(new CameraId("array"), reading.fps());
        boolean isAsWanted = array.height() == reading.shape().height()
                && array.width() == reading.shape().width();
        for (long sequence = 0; sequence < array.sequences(); sequence++) {
            places.gap();
            for (long first = 0; first < array.frames(); ) {
                List<byte[]> block = array.block(sequence, first);
                if (isAsWanted) {
                    block.forEach(frame -> reader.accept(places.next(reading.shape(), Pixels.copyOf(frame))));
                } else {
                    resize(array, block, frame -> reader.accept(places.next(frame.shape(), frame.pixels())));
                }
                first += block.size();
            }
        }
    }

    /** By the scaler of the live path: what it reads is a stream of uncompressed pictures. */
    private void resize(NpyArray array, List<byte[]> block, Consumer<Frame> reader) throws IOException {
        Path stream = Files.createTempFile("framecast-array", ".frames");
        byte[] head = ("P6\n" + array.width() + " " + array.height() + "\n255\n").getBytes(StandardCharsets.US_ASCII);
        try {
            try (OutputStream out = Files.newOutputStream(stream)) {
                for (byte[] frame : block) {
                    out.write(head);
                    out.write(frame);
                }
            }
            new VideoRecording(name, stream, reading).read(reader);
        } finally {
            Files.deleteIfExists(stream);
        }
    }
}
