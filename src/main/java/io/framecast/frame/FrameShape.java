package io.framecast.frame;

/**
 * The size of a picture, in the order of its bytes: rows, columns, channels.
 *
 * @param height rows, at least 1
 * @param width columns, at least 1
 * @param channels values a pixel, 3 for RGB
 */
public record FrameShape(int height, int width, int channels) {
    /** The shape of every frame in the pipeline: 64 rows of 64 RGB pixels. */
    public static final FrameShape STANDARD = new FrameShape(64, 64, 3);

    private static final int LARGEST_SIDE = 1 << 14;

    /**
     * Checks the sides.
     *
     * @throws IllegalArgumentException if a side is outside 1 to 16384, or channels outside 1 to 4
     */
    public FrameShape {
        if (height < 1 || width < 1 || height > LARGEST_SIDE || width > LARGEST_SIDE || channels < 1 || channels > 4) {
            throw new IllegalArgumentException("frame shape " + height + "x" + width + "x" + channels
                    + " is out of range: sides 1 to " + LARGEST_SIDE + ", channels 1 to 4");
        }
    }

    /** The number of bytes of such a picture at one byte a value. */
    public int bytes() {
        return Math.multiplyExact(Math.multiplyExact(height, width), channels);
    }

    @Override
    public String toString() {
        return height + "x" + width + "x" + channels;
    }
}
