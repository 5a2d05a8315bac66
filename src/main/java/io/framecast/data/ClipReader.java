package io.framecast.data;

import io.framecast.source.SourceException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads recordings into memory. */
public final class ClipReader {
    private final Consumer<String> warnings;

    /** @param warnings takes a line for each recording that cannot be read, and is left out */
    public ClipReader(Consumer<String> warnings) {
        this.warnings = warnings;
    }

    /** What can be trained on: clips, and synthetic sets, which are made up as training goes on. */
    public List<TrainingSet> sets(List<Recording> recordings) {
        var sets = new ArrayList<TrainingSet>();
        for (Recording recording : recordings) {
            if (recording instanceof TrainingSet set) {
                sets.add(set);
            } else {
                clip(recording).ifPresent(sets::add);
            }
        }
        return sets;
    }

    /** What can be validated on: every frame there is. */
    public List<Clip> clips(List<Recording> recordings) {
        return recordings.stream()
                .flatMap(recording -> clip(recording).stream())
                .toList();
    }

    private Optional<Clip> clip(Recording recording) {
        try {
            return Clip.of(recording);
        } catch (SourceException | UncheckedIOException e) {
            warnings.accept(e.getMessage() + " (left out)");
            return Optional.empty();
        }
    }
}
