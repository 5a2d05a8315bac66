package io.framecast.export;

import io.framecast.forecast.Forecast;
import java.awt.image.BufferedImage;

/** A forecast as an animated GIF that repeats forever, each pixel as a square of 4 by 4. */
public final class ForecastGif {
    private static final int SCALE = 4;

    private ForecastGif() {}

    /** The file's bytes. */
    public static byte[] of(Forecast forecast) {
        return AnimatedGif.of(
                forecast.frames().stream()
                        .map(frame -> enlarged(PixelImage.of(forecast.shape(), frame)))
                        .toList(),
                forecast.interval());
    }

    private static BufferedImage enlarged(BufferedImage picture) {
        var large =
                new BufferedImage(SCALE * picture.getWidth(), SCALE * picture.getHeight(), BufferedImage.TYPE_INT_RGB);
        var canvas = large.createGraphics();
        canvas.drawImage(picture, 0, 0, large.getWidth(), large.getHeight(), null);
        canvas.dispose();
        return large;
    }
}
