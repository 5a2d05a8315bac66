package io.framecast.data;

import io.framecast.frame.CameraId;
import io.framecast.frame.Frame;
import io.framecast.source.PrintableName;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A folder of pictures, one a frame, in the order of their names; each is decoded and resized as a camera's are. They
 * have no time of their own: one lasts 1/fps, or a tenth of a second if no rate is asked for. One that cannot be read
 * ends a stretch.
 *
 * @param name what it is called
 * @param files the pictures, in any order
 * @param reading how they are read
 * @param warnings takes a line that names the pictures that cannot be read
 */
record PictureFolder(String name, List<Path> files, SourceConfig reading, Consumer<String> warnings)
        implements Recording {
    private static final int NAMED = 3;

    /** Sorts the pictures. */
    PictureFolder {
        files = files.stream().sorted(new NaturalOrder()).toList();
    }

    @Override
    public void read(Consumer<Frame> reader) {
        var places = new FramePlaces(new CameraId("pictures"), reading.fps());
        var bad = new ArrayList<String>();
        for (Path file : files) {
            Optional<Frame> picture = picture(file);
            if (picture.isPresent()) {
                reader.accept(places.next(picture.get().shape(), picture.get().pixels()));
            } else {
                places.gap();
                bad.add(PrintableName.of(String.valueOf(file.getFileName())));
            }
        }
        if (!bad.isEmpty()) {
            warnings.accept("folder '" + name + "' has " + bad.size() + " of " + files.size()
                    + " pictures that cannot be read: " + String.join(", ", bad.subList(0, Math.min(NAMED, bad.size())))
                    + (bad.size() > NAMED ? " and others" : "") + " (left out; no window spans the gap)");
        }
    }

    private Optional<Frame> picture(Path file) {
        var first = new AtomicReference<Frame>();
        try {
            new VideoRecording(name, file, reading).read(frame -> first.compareAndSet(null, frame));
        } catch (SourceException noPicture) {
            return Optional.empty();
        }
        return Optional.ofNullable(first.get());
    }
}
