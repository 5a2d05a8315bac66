package io.framecast.source.ffmpeg;

import io.framecast.source.SourceException;
import io.framecast.source.SourceFailure;
import io.framecast.source.SourceLocation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** What a look at the file system tells of a file or device, before FFmpeg is loaded for it. */
final class LocalSource {
    /** What stands in a name for bytes that are not UTF-8. */
    private static final char UNREADABLE = '\uFFFD';

    private static final byte[] PLAYLIST = "#EXTM3U".getBytes(StandardCharsets.US_ASCII);

    private LocalSource() {}

    /**
     * Refuses a capture device that is not there or not ours to read, before anything is loaded for it.
     *
     * @throws SourceException if it is so
     */
    static void requireDevice(SourceLocation location) {
        var path = location.path();
        if (!Files.exists(path)) {
            throw SourceFailure.DEVICE_MISSING.of(location);
        }
        if (!Files.isReadable(path)) {
            throw SourceFailure.DEVICE_DENIED.of(location);
        }
    }

    /**
     * Refuses what stands in the file system and is no file that could be a video: opening a pipe that nobody writes to
     * would block.
     *
     * @throws SourceException if it is so
     */
    static void requireFile(SourceLocation location) {
        fileCause(location).ifPresent(cause -> {
            throw cause.of(location);
        });
    }

    private static Optional<SourceFailure> fileCause(SourceLocation location) {
        var path = location.path();
        if (Files.notExists(path)) {
            return Optional.of(
                    location.address().indexOf(UNREADABLE) < 0
                            ? SourceFailure.FILE_MISSING
                            : SourceFailure.FILE_NAME_UNREADABLE);
        }
        if (Files.isDirectory(path)) {
            return Optional.of(SourceFailure.FOLDER);
        }
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            return Optional.of(SourceFailure.PIPE);
        }
        if (!Files.isReadable(path)) {
            return Optional.of(SourceFailure.FILE_DENIED);
        }
        return isEmpty(path) ? Optional.of(SourceFailure.FILE_EMPTY) : Optional.empty();
    }

    /** By its path: a {@code File} loses what names in this locale cannot express. */
    private static boolean isEmpty(Path file) {
        try {
            return Files.size(file) == 0;
        } catch (IOException unreadable) {
            return false; // FFmpeg's own words say why
        }
    }

    /** Whether a file holds the addresses of others, as HLS has them. */
    static boolean isPlaylist(Path file) {
        try (var in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(PLAYLIST.length), PLAYLIST);
        } catch (IOException unreadable) {
            return false; // FFmpeg's own words say why
        }
    }
}
