package io.framecast.preview.draw;

import io.framecast.export.PixelImage;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Puts a live picture and a forecast of it together, pixel by pixel, at their own size. Pure functions; the web page's
 * {@code draw.js} does the same.
 */
public final class Overlay {
    /** Changes up to this many levels are noise and stay grey. */
    private static final int NOISE = 8;

    /** A change of this many levels has its full colour. */
    private static final int STRONG = 96;

    private static final int BRIGHTER = 0xFFB000; // amber and blue: distinguishable with any colour vision
    private static final int DARKER = 0x3D9BFF;

    /** The level of changes that are over. */
    private static final int OVER = 0xB4;

    private Overlay() {}

    /**
     * The forecast laid over the live picture.
     *
     * @param weight how much of it is forecast, 0 to 1
     */
    public static BufferedImage blend(FrameShape shape, Pixels live, Pixels forecast, double weight) {
        return paint(
                shape,
                place -> mix(PixelImage.rgb(shape, live, place), PixelImage.rgb(shape, forecast, place), weight));
    }

    /** The live picture in dim grey, and on it what the forecast makes brighter in amber, darker in blue. */
    public static BufferedImage difference(FrameShape shape, Pixels live, Pixels forecast) {
        return paint(
                shape, place -> change(PixelImage.rgb(shape, live, place), PixelImage.rgb(shape, forecast, place)));
    }

    /**
     * What the forecast changes, to be laid over a larger picture: amber where it makes it brighter, blue where darker,
     * the smaller the change the more transparent.
     *
     * @param over whether its moment has passed; then all of it is grey
     */
    static BufferedImage changes(FrameShape shape, Pixels live, Pixels forecast, boolean over) {
        var layer = new BufferedImage(shape.width(), shape.height(), BufferedImage.TYPE_INT_ARGB);
        for (int place = 0; place < shape.width() * shape.height(); place++) {
            int from = PixelImage.rgb(shape, live, place);
            int to = PixelImage.rgb(shape, forecast, place);
            int opaque = (int) Math.round(255 * strength(from, to));
            layer.setRGB(
                    place % shape.width(),
                    place / shape.width(),
                    opaque << 24 | (over ? grey(OVER) : direction(from, to)));
        }
        return layer;
    }

    /** A picture in grey at half its brightness, so that colours laid over it are seen. */
    static BufferedImage dimmed(BufferedImage picture) {
        return mapped(picture, rgb -> grey(luma(rgb) / 2));
    }

    /** A picture that must not look live: grey, dim and flat. */
    public static BufferedImage faded(BufferedImage picture) {
        return mapped(picture, rgb -> grey(fadedLevel(rgb)));
    }

    private static BufferedImage mapped(BufferedImage picture, IntUnaryOperator colour) {
        var mapped = new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                mapped.setRGB(x, y, colour.applyAsInt(picture.getRGB(x, y)));
            }
        }
        return mapped;
    }

    /** The same of pixels, to lay them over others. */
    static Pixels faded(FrameShape shape, Pixels picture) {
        var bytes = new byte[shape.bytes()];
        for (int place = 0; place < shape.width() * shape.height(); place++) {
            var level = (byte) fadedLevel(PixelImage.rgb(shape, picture, place));
            Arrays.fill(bytes, place * shape.channels(), (place + 1) * shape.channels(), level);
        }
        return Pixels.copyOf(bytes);
    }

    private static int fadedLevel(int rgb) {
        return 40 + luma(rgb) * 2 / 5;
    }

    private static int change(int live, int forecast) {
        return mix(grey(luma(live) / 2), direction(live, forecast), strength(live, forecast));
    }

    private static int direction(int live, int forecast) {
        return luma(forecast) >= luma(live) ? BRIGHTER : DARKER;
    }

    /** How strong a change is, 0 to 1. */
    private static double strength(int live, int forecast) {
        int strongest = 0;
        for (int shift = 0; shift <= 16; shift += 8) {
            strongest = Math.max(strongest, Math.abs(((forecast >> shift) & 0xFF) - ((live >> shift) & 0xFF)));
        }
        return Math.max(0, Math.min(1, (strongest - NOISE) / (double) (STRONG - NOISE)));
    }

    private static int mix(int one, int other, double weight) {
        int mixed = 0;
        for (int shift = 0; shift <= 16; shift += 8) {
            int from = (one >> shift) & 0xFF;
            int to = (other >> shift) & 0xFF;
            mixed |= (int) Math.round(from + (to - from) * weight) << shift;
        }
        return mixed;
    }

    private static int grey(int level) {
        return level * 0x010101;
    }

    /** The brightness of a colour, by the weights of BT.601. */
    private static int luma(int rgb) {
        return (299 * (rgb >> 16 & 0xFF) + 587 * (rgb >> 8 & 0xFF) + 114 * (rgb & 0xFF)) / 1000;
    }

    private static BufferedImage paint(FrameShape shape, IntUnaryOperator colour) {
        var image = new BufferedImage(shape.width(), shape.height(), BufferedImage.TYPE_INT_RGB);
        for (int place = 0; place < shape.width() * shape.height(); place++) {
            image.setRGB(place % shape.width(), place / shape.width(), colour.applyAsInt(place));
        }
        return image;
    }
}
