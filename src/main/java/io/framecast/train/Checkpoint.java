package io.framecast.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The state of a training in one file, a numpy {@code .npz} of arrays and one of bytes that holds the rest as JSON. The
 * file is written next to the last one, forced to the disk, and then takes its place: whole or not at all.
 */
final class Checkpoint {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NOTES = "notes";

    private Checkpoint() {}

    /**
     * Writes one.
     *
     * @param arrays named
     * @param notes what else a run must know
     * @throws UncheckedIOException if it cannot be written; the one before it stays
     */
    static void write(Path file, NDManager scratch, NDList arrays, Map<String, Object> notes) {
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        try {
            byte[] json = JSON.writeValueAsBytes(notes);
            NDArray bytes = scratch.create(ByteBuffer.wrap(json), new Shape(json.length), DataType.UINT8);
            bytes.setName(NOTES);
            var all = new NDList(arrays);
            all.add(bytes);
            try (var channel = FileChannel.open(
                            partial,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE);
                    var out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
                all.encode(out, NDList.Encoding.NPZ);
                out.flush();
                channel.force(true);
            }
            Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException e) {
            throw failed(file, partial, e);
        }
    }

    private static UncheckedIOException failed(Path file, Path partial, Exception e) {
        try {
            Files.deleteIfExists(partial);
        } catch (IOException left) {
            e.addSuppressed(left);
        }
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String why = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        return new UncheckedIOException(
                "cannot write the checkpoint " + file + " (" + why
                        + "); the last good one stays: make room and go on with --resume",
                e instanceof IOException io ? io : new IOException(e));
    }

    /**
     * Reads one.
     *
     * @param arrays takes all arrays but the notes, in the scratch manager
     * @return the notes
     * @throws IllegalArgumentException if it is damaged
     */
    static Map<String, Object> read(Path file, NDManager scratch, NDList arrays) {
        try (InputStream in = Files.newInputStream(file)) {
            Map<String, Object> notes = null;
            for (NDArray array : NDList.decode(scratch, in)) {
                if (NOTES.equals(array.getName())) {
                    notes = JSON.readValue(array.toByteArray(), new TypeReference<LinkedHashMap<String, Object>>() {});
                } else {
                    arrays.add(array);
                }
            }
            if (notes != null) {
                return notes;
            }
        } catch (IOException | RuntimeException e) { // whatever a reader of foreign bytes may throw
            throw new IllegalArgumentException(damaged(file), e);
        }
        throw new IllegalArgumentException(damaged(file));
    }

    private static String damaged(Path file) {
        return "checkpoint " + file + " is damaged or of another version; leave out --resume to begin anew";
    }
}
