package io.framecast.worker;

import io.framecast.topic.BrokerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A process's slot in a data directory: the lowest number that no other running process there has. A restarted process
 * takes the same slot, and so ends what its predecessor left open. The name it goes by was drawn when the slot was
 * first taken, so that slots of other directories, on this machine or others, never have the same; but for a directory
 * that was copied, whose workers notice it (see {@code Transactions}).
 */
public final class WorkerSlot implements AutoCloseable {
    private static final int SLOTS = 256;
    private static final int NAME_BYTES = 32;

    /**
     * What this process holds. A lock of POSIX belongs to the process, and closing any channel on its file gives it up;
     * so a file whose lock we hold is never opened again.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final String name;
    private final Path file;
    private final FileChannel channel;

    private WorkerSlot(String name, Path file, FileChannel channel) {
        this.name = name;
        this.file = file;
        this.channel = channel;
    }

    /**
     * Takes the first free slot.
     *
     * @throws BrokerException if the directory cannot be written, or has no free slot
     */
    public static WorkerSlot claim(Path dataDirectory) {
        try {
            Path folder =
                    Files.createDirectories(dataDirectory.resolve("predictors")).toRealPath();
            for (int number = 0; number < SLOTS; number++) {
                Optional<WorkerSlot> slot = take(folder.resolve(number + ".lock"));
                if (slot.isPresent()) {
                    return slot.get();
                }
            }
        } catch (IOException e) {
            throw new BrokerException(
                    BrokerException.Reason.STORAGE,
                    "data directory '" + dataDirectory + "' cannot be written; choose another --data-dir",
                    e);
        }
        throw new BrokerException(
                BrokerException.Reason.LOCKED,
                SLOTS + " workers run on '" + dataDirectory + "' already; choose another --data-dir",
                null);
    }

    private static Optional<WorkerSlot> take(Path file) throws IOException {
        if (!HELD.add(file)) {
            return Optional.empty();
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (channel.tryLock() != null) {
                return Optional.of(new WorkerSlot(name(channel), file, channel));
            }
        } catch (IOException e) {
            release(file, channel);
            throw e;
        }
        release(file, channel); // another process has it
        return Optional.empty();
    }

    private static void release(Path file, @Nullable FileChannel channel) throws IOException {
        try {
            if (channel != null) {
                channel.close();
            }
        } finally {
            HELD.remove(file);
        }
    }

    private static String name(FileChannel slot) throws IOException {
        var bytes = ByteBuffer.allocate(NAME_BYTES);
        if (slot.read(bytes, 0) == NAME_BYTES) {
            return new String(bytes.array(), StandardCharsets.US_ASCII);
        }
        String drawn = UUID.randomUUID().toString().replace("-", "");
        slot.write(ByteBuffer.wrap(drawn.getBytes(StandardCharsets.US_ASCII)), 0);
        slot.force(true);
        return drawn;
    }

    /** What its workers go by. */
    public String name() {
        return name;
    }

    @Override
    public void close() {
        try {
            release(file, channel);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
