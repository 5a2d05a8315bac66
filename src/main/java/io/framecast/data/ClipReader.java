package io.framecast.data;

import io.framecast.source.SourceException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads recordings into clips, whose frames are on disk until the process ends: an hour of them would fill the heap.
 */
public final class ClipReader {
    private final Path directory;
    private final Consumer<String> warnings;
    private long bytes;

    /**
     * Prepares to read.
     *
     * @param directory where the frames are kept
     * @param warnings takes a line for each recording that cannot be read, and is left out
     */
    public ClipReader(Path directory, Consumer<String> warnings) {
        this.directory = directory;
        this.warnings = warnings;
    }

    /**
     * What can be trained on: clips, and synthetic sets, which are made up as training goes on.
     *
     * @throws IllegalStateException if the frames cannot be kept
     */
    public List<TrainingSet> sets(List<Recording> recordings) {
        var sets = new ArrayList<TrainingSet>();
        try (FrameFile file = FrameFile.create(directory)) {
            for (Recording recording : recordings) {
                if (recording instanceof TrainingSet set) {
                    sets.add(set);
                } else {
                    clip(recording, file).ifPresent(sets::add);
                }
            }
            seal(file);
        }
        return sets;
    }

    /**
     * What can be validated on: every frame there is.
     *
     * @throws IllegalStateException if the frames cannot be kept
     */
    public List<Clip> clips(List<Recording> recordings) {
        try (FrameFile file = FrameFile.create(directory)) {
            List<Clip> clips = recordings.stream()
                    .flatMap(recording -> clip(recording, file).stream())
                    .toList();
            seal(file);
            return clips;
        }
    }

    /**
     * Copies of recordings, with the times of their frames, for what is evaluated later; those without a frame are left
     * out.
     *
     * @throws IllegalStateException if the frames cannot be kept
     */
    public List<Recording> copies(List<Recording> recordings) {
        try (FrameFile file = FrameFile.create(directory)) {
            List<Recording> copies = recordings.stream()
                    .map(recording -> new StoredRecording(recording, file))
                    .filter(copy -> !copy.isEmpty())
                    .<Recording>map(copy -> copy)
                    .toList();
            seal(file);
            return copies;
        }
    }

    /** How many bytes of disk the frames take. */
    public long bytes() {
        return bytes;
    }

    private void seal(FrameFile file) {
        file.seal();
        bytes += file.written();
    }

    private Optional<Clip> clip(Recording recording, FrameFile file) {
        try {
            return Clip.of(recording, file);
        } catch (SourceException | UncheckedIOException e) {
            warnings.accept(e.getMessage() + " (left out)");
            return Optional.empty();
        }
    }
}
