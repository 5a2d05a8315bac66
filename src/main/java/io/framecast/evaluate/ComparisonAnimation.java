package io.framecast.evaluate;

import io.framecast.export.AnimatedGif;
import io.framecast.export.PixelImage;
import io.framecast.forecast.Forecast;
import io.framecast.forecast.Window;
import io.framecast.frame.Pixels;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One window as an animation: what came, next to what had been forecast for that moment. */
final class ComparisonAnimation {
    private static final int SIDE = 256;
    private static final int FOOT = 28;
    private static final int GAP = 4;
    private static final int BASELINE = 19;
    private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 14);

    private final List<BufferedImage> pictures = new ArrayList<>();
    private final Forecast forecast;

    /**
     * Draws the context and the horizon.
     *
     * @param truth the frames that came, at most as many as were forecast
     */
    ComparisonAnimation(Window window, List<Pixels> truth, Forecast forecast) {
        this.forecast = forecast;
        window.frames().forEach(given -> draw(given.pixels(), given.pixels(), "given"));
        for (int step = 0; step < truth.size(); step++) {
            double ahead = forecast.interval().toMillis() * (step + 1) / 1000.0;
            draw(
                    truth.get(step),
                    forecast.frames().get(step),
                    String.format(Locale.ROOT, "forecast, %.1f s ahead", ahead));
        }
    }

    private void draw(Pixels came, Pixels expected, String words) {
        var picture = new BufferedImage(2 * SIDE + GAP, SIDE + FOOT, BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = picture.createGraphics();
        canvas.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        canvas.setFont(FONT);
        canvas.setColor(Color.WHITE);
        canvas.fillRect(0, 0, picture.getWidth(), picture.getHeight());
        canvas.setColor(Color.BLACK);
        pane(canvas, 0, came, "what came");
        pane(canvas, SIDE + GAP, expected, words);
        canvas.dispose();
        pictures.add(picture);
    }

    private void pane(Graphics2D canvas, int left, Pixels pixels, String words) {
        canvas.drawImage(PixelImage.of(forecast.shape(), pixels), left, 0, SIDE, SIDE, null);
        canvas.drawString(words, left + GAP, SIDE + BASELINE);
    }

    /**
     * Writes it as GIF.
     *
     * @throws UncheckedIOException if the file cannot be written
     */
    void write(Path file) {
        try {
            Files.write(file, AnimatedGif.of(pictures, forecast.interval()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the animation " + file, e);
        }
    }
}
