package io.framecast.data;

import io.framecast.frame.Frame;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceSpec;
import io.framecast.source.reader.FrameSources;
import java.nio.file.Path;
import java.util.function.Consumer;

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
        // A bare name could mean something else to a source: 0 is a camera.
        String place = file.getNameCount() == 1 && !file.isAbsolute() ? "./" + file : file.toString();
        for (Frame frame : FrameSources.open(SourceSpec.parse("clip=" + place), reading)
                .frames()
                .toIterable()) {
            reader.accept(frame);
        }
    }
}
