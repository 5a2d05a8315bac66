package io.framecast.export;

import java.io.IOException;

/** Turns pictures into a clip that players play; implemented where there is a video encoder. */
@FunctionalInterface
public interface ClipEncoder {
    /**
     * Encodes a video.
     *
     * @return an mp4 file
     * @throws IOException if it cannot be encoded
     */
    byte[] mp4(Video video) throws IOException;
}
