package io.framecast.evaluate;

import io.framecast.export.PixelImage;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/**
 * A picture of one window: in the first row the last frame and what really came, then for each model a row of its
 * forecast and one of its error, four times as bright and inverted, so that white is right.
 */
public final class ComparisonStrip {
    private static final List<Integer> STEPS = List.of(1, 2, 4, 6, 8, 12, 16, 20, 24, 28, 32);
    private static final int GAP = 2;
    private static final int LABEL = 120;
    private static final int ERROR_GAIN = 4;

    private final FrameShape shape;
    private final List<Integer> steps;
    private final List<List<BufferedImage>> rows = new ArrayList<>();
    private final List<String> labels = new ArrayList<>();

    /**
     * Draws a window.
     *
     * @param last the last frame before the forecasts
     * @param truth the frames that came
     * @param forecasts of each model, at least as many as came
     */
    public ComparisonStrip(FrameShape shape, Pixels last, List<Pixels> truth, Map<String, List<Pixels>> forecasts) {
        this.shape = shape;
        steps = STEPS.stream().filter(step -> step <= truth.size()).toList();
        var real = new ArrayList<BufferedImage>();
        real.add(image(last));
        steps.forEach(step -> real.add(image(truth.get(step - 1))));
        add("truth", real);
        new LinkedHashMap<>(forecasts).forEach((model, frames) -> add(model, truth, frames));
    }

    private void add(String model, List<Pixels> truth, List<Pixels> frames) {
        var seen = new ArrayList<BufferedImage>();
        var errors = new ArrayList<BufferedImage>();
        seen.add(blank());
        errors.add(blank());
        for (int step : steps) {
            seen.add(image(frames.get(step - 1)));
            errors.add(image(error(frames.get(step - 1), truth.get(step - 1))));
        }
        add(model, seen);
        add("its error", errors);
    }

    private void add(String label, List<BufferedImage> row) {
        labels.add(label);
        rows.add(row);
    }

    private static Pixels error(Pixels forecast, Pixels truth) {
        var values = new byte[truth.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) Math.max(0, 255 - ERROR_GAIN * Math.abs(forecast.at(i) - truth.at(i)));
        }
        return Pixels.copyOf(values);
    }

    private BufferedImage blank() {
        return new BufferedImage(shape.width(), shape.height(), BufferedImage.TYPE_INT_RGB);
    }

    private BufferedImage image(Pixels pixels) {
        return PixelImage.of(shape, pixels);
    }

    /** The whole picture. */
    public BufferedImage draw() {
        int columns = steps.size() + 1;
        var strip = new BufferedImage(
                LABEL + columns * (shape.width() + GAP),
                rows.size() * (shape.height() + GAP),
                BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = strip.createGraphics();
        canvas.setColor(Color.WHITE);
        for (int row = 0; row < rows.size(); row++) {
            int top = row * (shape.height() + GAP);
            canvas.drawString(labels.get(row), GAP, top + shape.height() / 2);
            for (int column = 0; column < columns; column++) {
                canvas.drawImage(rows.get(row).get(column), LABEL + column * (shape.width() + GAP), top, null);
            }
        }
        canvas.dispose();
        return strip;
    }

    /**
     * Writes it as PNG.
     *
     * @throws UncheckedIOException if the file cannot be written
     */
    public void write(Path file) {
        try {
            ImageIO.write(draw(), "png", file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the strip " + file, e);
        }
    }
}
