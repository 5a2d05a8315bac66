package io.framecast.source;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;

/**
 * A source's picture in its own size, held so that another thread can scale it while the source reads on. It shows the
 * same part of the scene as the frame made of it. Used by one thread, which closes it.
 */
public interface FullPicture extends AutoCloseable {
    /** The size it is scaled to: RGB, no side longer than wanted or than the source's own. */
    FrameShape shape();

    /** Its pixels in that size. */
    Pixels pixels();

    @Override
    void close();
}
