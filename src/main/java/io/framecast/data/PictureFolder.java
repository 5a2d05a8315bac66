package io.framecast.data;

import io.framecast.frame.CameraId;
import io.framecast.frame.Frame;
import io.framecast.source.SourceConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A folder of pictures, one a frame, in the order of their names; each is decoded and resized as a camera's are. They
 * have no time of their own: one lasts 1/fps, or a tenth of a second if no rate is asked for.
 *
 * @param name what it is called
 * @param files the pictures
 * @param reading how they are read
 */
record PictureFolder(String name, List<Path> files, SourceConfig reading) implements Recording {
    @Override
    public void read(Consumer<Frame> reader) {
        var places = new FramePlaces(new CameraId("pictures"), reading.fps());
        for (Path file : files) {
            var first = new AtomicReference<Frame>();
            new VideoRecording(name, file, reading).read(frame -> first.compareAndSet(null, frame));
            Frame picture = first.get();
            if (picture != null) {
                reader.accept(places.next(picture.shape(), picture.pixels()));
            }
        }
    }
}
