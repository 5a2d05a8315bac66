package io.framecast.train;

import io.framecast.source.Pace;
import io.framecast.source.SourceConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Finds the recordings that DATA on the command line means. */
public final class Recordings {
    private final SourceConfig reading;
    private final Set<String> names = new HashSet<>();

    /**
     * Prepares to find.
     *
     * @param reading how recordings are read; the pace is always the highest
     */
    public Recordings(SourceConfig reading) {
        this.reading = reading.withPace(Pace.MAX).withLoop(false);
    }

    /**
     * All recordings of files and folders, each with a name of its own.
     *
     * @throws IllegalArgumentException if something is not there
     */
    public List<Recording> find(List<String> data) {
        var found = new ArrayList<Recording>();
        for (String place : data) {
            Path path = Path.of(place);
            if (!Files.exists(path)) {
                throw new IllegalArgumentException(
                        "data '" + place + "' is not there; give video files, or folders of them");
            }
            files(path).forEach(file -> found.add(new VideoRecording(name(file), file, reading)));
        }
        return found;
    }

    private static List<Path> files(Path place) {
        if (!Files.isDirectory(place)) {
            return List.of(place);
        }
        try (Stream<Path> files = Files.walk(place)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + place, e);
        }
    }

    /** The file's name, or its whole path if another has that name. */
    private String name(Path file) {
        String name = file.getFileName().toString();
        return names.add(name) ? name : file.toString();
    }
}
