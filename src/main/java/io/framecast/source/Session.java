package io.framecast.source;

import io.framecast.frame.Pixels;
import org.jspecify.annotations.Nullable;

/** One opening of a source, read to its end by one thread. It never reopens; it only reports its end. */
public interface Session extends AutoCloseable {
    /**
     * Reads the next picture.
     *
     * @return {@code null} at the end, or when stopped
     * @throws SourceException if the stream broke off or fell silent
     */
    @Nullable
    Picture next();

    /** The pixels of the picture that {@link #next} gave last, fitted to the configured shape. */
    Pixels pixels();

    /** Whether its pace is the camera's; otherwise the reader sets the pace. */
    boolean live();

    @Override
    void close();
}
