package io.framecast.data;

import io.framecast.frame.CameraId;
import io.framecast.frame.Frame;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceException;
import io.framecast.source.SourceLocation;
import io.framecast.source.SourceSpec;
import io.framecast.source.reader.FrameSources;
import java.nio.file.Path;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;

/**
 * A video file, read through the same source, sampling and resizing as live cameras.
 *
 * @param name what it is called
 * @param file where it lies
 * @param reading how it is read
 */
record VideoRecording(String name, Path file, SourceConfig reading) implements Recording {
    @Override
    public void read(Consumer<Frame> reader) {
        for (Frame frame : frames().toIterable()) {
            reader.accept(frame);
        }
    }

    /** Whether there is a picture in it. */
    boolean hasPictures() {
        try {
            return frames().blockFirst() != null;
        } catch (SourceException noVideo) {
            return false;
        }
    }

    private Flux<Frame> frames() {
        return FrameSources.open(new SourceSpec(new CameraId("clip"), SourceLocation.ofFile(file)), reading)
                .frames();
    }
}
