package io.framecast.train;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.util.List;

/**
 * One recording, already sampled and resized.
 *
 * @param name the file's name
 * @param shape the size of its frames
 * @param frames its frames in order
 */
public record Clip(String name, FrameShape shape, List<Pixels> frames) {
    /** Copies the list. */
    public Clip {
        frames = List.copyOf(frames);
    }

    /** The number of frames. */
    public int length() {
        return frames.size();
    }
}
