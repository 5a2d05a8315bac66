package io.framecast.frame;

import java.time.Instant;

/**
 * What a camera saw, in full, for people to look at; nothing is forecast from it.
 *
 * @param camera which camera
 * @param frame the frame that was made of the same picture
 * @param captureTime when that was captured
 * @param width columns, 1 to 1920
 * @param height rows, 1 to 1920
 * @param jpeg a JPEG file of at most 256 KiB
 */
public record CameraPicture(
        CameraId camera, FrameId frame, Instant captureTime, int width, int height, EncodedImage jpeg) {
    private static final int LARGEST_SIDE = 1920;
    private static final int LARGEST_FILE = 256 << 10;

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if a side is outside 1 to 1920, or the file is larger
     */
    public CameraPicture {
        if (width < 1 || height < 1 || width > LARGEST_SIDE || height > LARGEST_SIDE) {
            throw new IllegalArgumentException("picture of camera " + camera + " is " + width + "x" + height
                    + ": its sides must be 1 to " + LARGEST_SIDE);
        }
        if (jpeg.size() > LARGEST_FILE) {
            throw new IllegalArgumentException(
                    "picture of camera " + camera + " has " + jpeg.size() + " bytes: it may have " + LARGEST_FILE);
        }
    }
}
