package io.framecast.train;

import io.framecast.frame.Frame;
import io.framecast.source.FrameSources;
import io.framecast.source.Pace;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceException;
import io.framecast.source.SourceSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Reads recordings into memory, through the same source, sampling and resizing as live cameras. */
public final class ClipReader {
    private final SourceConfig reading;
    private final Consumer<String> warnings;

    /**
     * Prepares to read.
     *
     * @param reading how; the pace is always the highest
     * @param warnings takes a line for each file that cannot be read
     */
    public ClipReader(SourceConfig reading, Consumer<String> warnings) {
        this.reading = reading.withPace(Pace.MAX).withLoop(false);
        this.warnings = warnings;
    }

    /**
     * Reads files, and all files of folders; what is no video is named and left out.
     *
     * @throws IllegalArgumentException if nothing at all can be read
     */
    public List<Clip> read(List<Path> places) {
        var clips = new ArrayList<Clip>();
        for (Path place : places) {
            files(place).forEach(file -> read(file, clips));
        }
        if (clips.isEmpty()) {
            throw new IllegalArgumentException("no video in " + places + "; give video files, or folders of them");
        }
        return clips;
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

    private void read(Path file, List<Clip> into) {
        try {
            var source = FrameSources.open(SourceSpec.parse("clip=" + file), reading);
            List<Frame> frames = source.frames().collectList().block();
            if (frames != null && !frames.isEmpty()) {
                into.add(new Clip(
                        file.getFileName().toString(),
                        reading.shape(),
                        frames.stream().map(Frame::pixels).toList()));
            }
        } catch (SourceException e) {
            warnings.accept(String.valueOf(e.getMessage()));
        }
    }
}
