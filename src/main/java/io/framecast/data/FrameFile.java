package io.framecast.data;

import io.framecast.frame.Pixels;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.MappedByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Frames on disk instead of in the heap: first written one after the other, then mapped and read in any order from any
 * thread. The file is gone with the process, however that ends: on Linux and macOS it has no name from the start.
 */
final class FrameFile implements AutoCloseable {
    private static final int WRITE_BUFFER = 1 << 20;
    /** Bytes of one mapping; a buffer of Java ends at 2 GiB. */
    private static final int CHUNK = 1 << 30;

    private final Path directory;
    private final FileChannel channel;
    private final OutputStream out;
    private final List<MappedByteBuffer> chunks = new ArrayList<>();
    private long written;
    private int chunk = CHUNK;

    private FrameFile(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
        out = new BufferedOutputStream(Channels.newOutputStream(channel), WRITE_BUFFER);
    }

    /**
     * Begins a file.
     *
     * @param directory where it takes its space; made if it is not there
     * @throws IllegalStateException if it cannot be written
     */
    static FrameFile create(Path directory) {
        try {
            Files.createDirectories(directory);
            Path file = Files.createTempFile(directory, "frames-", ".tmp");
            return new FrameFile(
                    directory,
                    FileChannel.open(
                            file,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.DELETE_ON_CLOSE));
        } catch (IOException e) {
            throw failed(directory, 0, e);
        }
    }

    /** How many bytes of frames it holds. */
    long written() {
        return written;
    }

    /**
     * Writes the next frame.
     *
     * @throws IllegalStateException if the disk is full
     */
    void append(Pixels frame) {
        try {
            out.write(frame.toByteArray());
            written += frame.size();
        } catch (IOException e) {
            throw failed(directory, written, e);
        }
    }

    /** Takes back all frames from a position on. */
    void truncate(long position) {
        try {
            out.flush();
            channel.truncate(position);
            written = position;
        } catch (IOException e) {
            throw failed(directory, written, e);
        }
    }

    /** The frames from a position on, once the file is {@link #seal sealed}. */
    List<Pixels> frames(long position, int count, int frameBytes) {
        return new StoredFrames(this, position, count, frameBytes);
    }

    /** Ends the writing. */
    void seal() {
        seal(CHUNK);
    }

    /** Ends the writing, with mappings of some size. */
    void seal(int chunkBytes) {
        try {
            out.flush();
            chunk = chunkBytes;
            for (long position = 0; position < written; position += chunk) {
                chunks.add(channel.map(FileChannel.MapMode.READ_ONLY, position, Math.min(chunk, written - position)));
            }
            channel.close(); // the mappings stay
        } catch (IOException e) {
            throw failed(directory, written, e);
        }
    }

    /** Reads a frame. */
    Pixels read(long position, int frameBytes) {
        var frame = new byte[frameBytes];
        for (int done = 0; done < frameBytes; ) {
            MappedByteBuffer mapping = chunks.get((int) ((position + done) / chunk));
            int at = (int) ((position + done) % chunk);
            int count = Math.min(frameBytes - done, mapping.capacity() - at);
            mapping.get(at, frame, done, count);
            done += count;
        }
        return Pixels.copyOf(frame);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failed(directory, written, e);
        }
    }

    private static IllegalStateException failed(Path directory, long written, IOException e) {
        return new IllegalStateException(
                String.format(
                        "frames cannot be kept in '%s' (%s) after %d MB of them; give a folder on a larger disk with"
                                + " --data-dir",
                        directory, e.getMessage() == null ? e : e.getMessage(), written / 1_000_000),
                e);
    }
}
