package io.framecast.data;

import io.framecast.frame.Frame;
import java.util.function.Consumer;

/** Frames that lie somewhere, to be read once or often. */
public interface Recording {
    /** What it is called in tables: a file's or folder's name, a camera, or what makes it. */
    String name();

    /**
     * Reads all its frames, in order, already sampled and resized; where its time line breaks, the epoch changes.
     *
     * @param reader takes each frame; what it throws ends the reading
     * @throws RuntimeException if it cannot be read; the message names it and the way out
     */
    void read(Consumer<Frame> reader);
}
