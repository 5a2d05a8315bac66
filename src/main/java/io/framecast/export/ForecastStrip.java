package io.framecast.export;

import io.framecast.forecast.Forecast;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** All frames of a forecast in one picture, pixel for pixel, nearest first, so that the picture is the data. */
public enum ForecastStrip {
    /** One row. */
    ROW,
    /** Rows of eight. */
    GRID;

    private static final int GRID_COLUMNS = 8;

    public static Optional<ForecastStrip> named(String name) {
        return Arrays.stream(values())
                .filter(layout -> layout.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst();
    }

    public BufferedImage draw(Forecast forecast) {
        int count = forecast.frames().size();
        int columns = this == ROW ? count : Math.min(count, GRID_COLUMNS);
        int rows = (count + columns - 1) / columns;
        var shape = forecast.shape();
        var strip = new BufferedImage(shape.width() * columns, shape.height() * rows, BufferedImage.TYPE_INT_RGB);
        var graphics = strip.createGraphics();
        for (int i = 0; i < count; i++) {
            var frame = PixelImage.of(shape, forecast.frames().get(i));
            graphics.drawImage(frame, i % columns * shape.width(), i / columns * shape.height(), null);
        }
        graphics.dispose();
        return strip;
    }
}
