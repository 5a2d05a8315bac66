package io.framecast.data;

import io.framecast.frame.CameraId;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.FrameTime;
import io.framecast.frame.Pixels;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A recording whose frames have been copied to disk, with all that a frame says, before their topic forgets them. */
final class StoredRecording implements Recording {
    private final String name;
    private final FrameFile file;
    private final List<Place> frames = new ArrayList<>();

    private record Place(CameraId camera, long epoch, long sequence, FrameTime time, FrameShape shape, long position) {}

    /** Copies a recording; the file is to be sealed before it is read. */
    StoredRecording(Recording recording, FrameFile file) {
        name = recording.name();
        this.file = file;
        recording.read(frame -> {
            frames.add(new Place(
                    frame.camera(), frame.epoch(), frame.sequence(), frame.time(), frame.shape(), file.written()));
            file.append(frame.pixels());
        });
    }

    boolean isEmpty() {
        return frames.isEmpty();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void read(Consumer<Frame> reader) {
        for (Place place : frames) {
            Pixels pixels = file.read(place.position(), place.shape().bytes());
            reader.accept(
                    new Frame(place.camera(), place.epoch(), place.sequence(), place.time(), place.shape(), pixels));
        }
    }
}
