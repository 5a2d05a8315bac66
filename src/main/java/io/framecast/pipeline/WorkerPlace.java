package io.framecast.pipeline;

import io.framecast.topic.BrokerException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A predictor's place on this machine: the lowest number that no other running predictor of the data directory has. A
 * restarted predictor takes the same place, and so ends what its predecessor left open.
 */
final class WorkerPlace implements AutoCloseable {
    private static final int PLACES = 256;

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
                        folder.resolve(place + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                if (holds(channel)) {
                    return new WorkerPlace(host() + "." + place, channel);
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

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
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
