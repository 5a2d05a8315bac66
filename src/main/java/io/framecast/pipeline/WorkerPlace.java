package io.framecast.pipeline;

import io.framecast.topic.BrokerException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * A predictor's place in a data directory: the lowest number that no other running predictor there has. A restarted
 * predictor takes the same place, and so ends what its predecessor left open. The name it goes by was drawn when the
 * place was first taken, so that places of other directories, on this machine or others, never have the same.
 */
final class WorkerPlace implements AutoCloseable {
    private static final int PLACES = 256;
    private static final int NAME_BYTES = 32;

    private final String name;
    private final FileChannel held;

    private WorkerPlace(String name, FileChannel held) {
        this.name = name;
        this.held = held;
    }

    static WorkerPlace claim(Path dataDirectory) {
        Path folder = dataDirectory.resolve("predictors");
        try {
            Files.createDirectories(folder);
            for (int place = 0; place < PLACES; place++) {
                FileChannel channel = FileChannel.open(
                        folder.resolve(place + ".lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
                if (holds(channel)) {
                    return new WorkerPlace(name(channel), channel);
                }
                channel.close();
            }
        } catch (IOException e) {
            throw new BrokerException(
                    BrokerException.Reason.STORAGE,
                    "data directory '" + dataDirectory + "' cannot be written; choose another --data-dir",
                    e);
        }
        throw new BrokerException(
                BrokerException.Reason.LOCKED,
                PLACES + " predictors run on '" + dataDirectory + "' already; choose another --data-dir",
                null);
    }

    private static boolean holds(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // another predictor of this process
        }
    }

    private static String name(FileChannel place) throws IOException {
        var bytes = ByteBuffer.allocate(NAME_BYTES);
        if (place.read(bytes, 0) == NAME_BYTES) {
            return new String(bytes.array(), StandardCharsets.US_ASCII);
        }
        String drawn = UUID.randomUUID().toString().replace("-", "");
        place.write(ByteBuffer.wrap(drawn.getBytes(StandardCharsets.US_ASCII)), 0);
        place.force(true);
        return drawn;
    }

    String name() {
        return name;
    }

    @Override
    public void close() {
        try {
            held.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
