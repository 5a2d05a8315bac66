package io.framecast.data;

import java.io.EOFException;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The values of an array, mapped into memory and read at any place. */
final class NpyValues {
    /** Bytes of one mapping, a multiple of the size of any value; a buffer of Java ends at 2 GiB. */
    private static final int CHUNK = 1 << 30;

    private final NpyType type;
    private final long count;
    private final List<MappedByteBuffer> chunks = new ArrayList<>();

    private NpyValues(NpyType type, long count) {
        this.type = type;
        this.count = count;
    }

    /**
     * Maps the values.
     *
     * @throws IOException if there are fewer than the header says
     */
    static NpyValues map(Path file, NpyHeader header) throws IOException {
        var values = new NpyValues(header.type(), header.count());
        long bytes = Math.multiplyExact(header.count(), header.type().bytes());
        try (FileChannel channel = FileChannel.open(file)) {
            if (channel.size() < header.bytes() + bytes) {
                throw new EOFException("it is cut off: it has fewer values than its header says; save it again");
            }
            for (long at = 0; at < bytes; at += CHUNK) {
                MappedByteBuffer chunk =
                        channel.map(FileChannel.MapMode.READ_ONLY, header.bytes() + at, Math.min(CHUNK, bytes - at));
                chunk.order(header.type().order());
                values.chunks.add(chunk);
            }
        }
        return values;
    }

    NpyType type() {
        return type;
    }

    long count() {
        return count;
    }

    /** The value of an index in the order of the file. */
    double at(long index) {
        long position = index * type.bytes();
        return type.at(chunks.get((int) (position / CHUNK)), (int) (position % CHUNK));
    }
}
