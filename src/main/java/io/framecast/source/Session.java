package io.framecast.source;

import io.framecast.frame.Pixels;
import java.util.OptionalLong;
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

    /**
     * The picture that {@link #next} gave last, held to be scaled on another thread.
     *
     * @param longest the longest side wanted, in pixels
     */
    FullPicture fullPicture(int longest);

    /** How it goes on in time. */
    Nature nature();

    /**
     * What tells it from another opening of the same source: two that are equal give the same pictures again. Empty if
     * nothing does.
     */
    default OptionalLong fingerprint() {
        return OptionalLong.empty();
    }

    @Override
    void close();
}
