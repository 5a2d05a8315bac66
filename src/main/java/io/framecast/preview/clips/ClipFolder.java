package io.framecast.preview.clips;

import io.framecast.frame.CameraId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The folder of kept clips, bounded in number and size; the oldest go first. Safe for any number of threads. */
public final class ClipFolder {
    /** What a clip may take on average. */
    public static final long CLIP_BYTES = 2 << 20;

    private static final String UNFINISHED = ".part";

    /** Nobody takes so long to write a clip. */
    private static final Duration LEFT = Duration.ofMinutes(10);

    private final Path folder;
    private final int most;

    /**
     * A folder, which is made with the first clip.
     *
     * @param most how many clips it keeps, at least 1; together they take no more than this many times
     *     {@link #CLIP_BYTES}
     */
    public ClipFolder(Path folder, int most) {
        this.folder = folder;
        this.most = most;
    }

    /**
     * The clips of a camera, newest first.
     *
     * @throws IOException if the folder cannot be read
     */
    public List<KeptClip> of(CameraId camera) throws IOException {
        return all().stream().filter(clip -> clip.camera().equals(camera)).toList();
    }

    /**
     * The clip of the stretch that began at a time, to the millisecond.
     *
     * @throws IOException if the folder cannot be read
     */
    public Optional<KeptClip> find(CameraId camera, Instant begin) throws IOException {
        return of(camera).stream()
                .filter(clip -> clip.begin().toEpochMilli() == begin.toEpochMilli())
                .findFirst();
    }

    /**
     * A clip's mp4 file; empty if it has gone.
     *
     * @throws IOException if it cannot be read
     */
    public Optional<byte[]> read(KeptClip clip) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(folder.resolve(clip.fileName())));
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
    }

    /**
     * Adds a clip, and removes the oldest ones beyond the bounds.
     *
     * @throws IOException if it cannot be written
     */
    synchronized void add(KeptClip clip, byte[] mp4) throws IOException {
        Files.createDirectories(folder);
        Path unfinished = folder.resolve(clip.fileName() + UNFINISHED);
        try {
            Files.write(unfinished, mp4);
            Files.move(unfinished, folder.resolve(clip.fileName()), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        prune();
        removeUnfinished(Files.getLastModifiedTime(folder).toInstant());
    }

    private void prune() throws IOException {
        long bytes = 0;
        int kept = 0;
        for (KeptClip clip : all()) {
            Path file = folder.resolve(clip.fileName());
            bytes += size(file);
            if (++kept > most || bytes > most * CLIP_BYTES) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Deletes what a killed process left half-written; another process may be writing what is newer. */
    private void removeUnfinished(Instant newest) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(ClipFolder::isUnfinished).toList()) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(newest.minus(LEFT))) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (NoSuchFileException gone) {
            // Another process was faster; what is left goes with the next clip.
        }
    }

    private static boolean isUnfinished(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(UNFINISHED)
                && KeptClip.named(name.substring(0, name.length() - UNFINISHED.length()))
                        .isPresent();
    }

    private static long size(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException gone) {
            return 0;
        }
    }

    /** Newest first. */
    private List<KeptClip> all() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.flatMap(file -> KeptClip.named(file.getFileName().toString()).stream())
                    .sorted(Comparator.comparing(KeptClip::begin).reversed())
                    .toList();
        } catch (NoSuchFileException | NotDirectoryException none) {
            return List.of();
        }
    }
}
