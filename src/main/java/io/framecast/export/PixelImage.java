package io.framecast.export;

import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.awt.image.BufferedImage;

/** Pixels as an image of Java's, at their own size. */
public final class PixelImage {
    private PixelImage() {}

    /** The picture itself. Channels beyond the third are left out, one channel is grey. */
    public static BufferedImage of(FrameShape shape, Pixels pixels) {
        var image = new BufferedImage(shape.width(), shape.height(), BufferedImage.TYPE_INT_RGB);
        for (int place = 0; place < shape.width() * shape.height(); place++) {
            image.setRGB(place % shape.width(), place / shape.width(), rgb(shape, pixels, place));
        }
        return image;
    }

    /** The frame itself. */
    public static BufferedImage of(Frame frame) {
        return of(frame.shape(), frame.pixels());
    }

    /**
     * The colour of one pixel.
     *
     * @param place row times width, and column
     * @return 0xRRGGBB
     */
    public static int rgb(FrameShape shape, Pixels pixels, int place) {
        int first = place * shape.channels();
        if (shape.channels() < 3) {
            return pixels.at(first) * 0x010101;
        }
        return pixels.at(first) << 16 | pixels.at(first + 1) << 8 | pixels.at(first + 2);
    }
}
