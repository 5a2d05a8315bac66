package io.framecast.source.scene;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import org.jspecify.annotations.Nullable;

/** Draws scenes at four times the frame's sides and averages 4x4 pixels to one, so that slow movement stays smooth. */
final class SceneRenderer {
    private static final int OVERSAMPLING = 4;

    private final FrameShape shape;
    private final BufferedImage canvas;
    private @Nullable BufferedImage background;

    SceneRenderer(FrameShape shape) {
        this.shape = shape;
        this.canvas = image();
    }

    /** Draws in frames' proportions, as large as wanted at most. */
    static SceneRenderer drawing(FrameShape frames, int longest) {
        int largest = Math.max(frames.width(), frames.height());
        int times = Math.max(1, longest / (largest * OVERSAMPLING));
        return new SceneRenderer(new FrameShape(times * frames.height(), times * frames.width(), frames.channels()));
    }

    private BufferedImage image() {
        return new BufferedImage(
                shape.width() * OVERSAMPLING, shape.height() * OVERSAMPLING, BufferedImage.TYPE_INT_RGB);
    }

    /** The scene at a moment; always give the same scene. */
    Pixels render(Scene scene, double seconds) {
        paint(scene, seconds);
        return Pixels.copyOf(averaged());
    }

    /** The size in which {@link #draw} gives it. */
    FrameShape drawnShape() {
        return new FrameShape(canvas.getHeight(), canvas.getWidth(), shape.channels());
    }

    /** The scene at a moment as it is drawn, without averaging; always give the same scene. */
    Pixels draw(Scene scene, double seconds) {
        paint(scene, seconds);
        int[] drawn = drawn();
        var result = new byte[3 * drawn.length];
        for (int place = 0; place < drawn.length; place++) {
            result[3 * place] = (byte) (drawn[place] >> 16);
            result[3 * place + 1] = (byte) (drawn[place] >> 8);
            result[3 * place + 2] = (byte) drawn[place];
        }
        return Pixels.copyOf(result);
    }

    private void paint(Scene scene, double seconds) {
        var still = background;
        if (still == null) {
            still = image();
            var graphics = graphics(still);
            scene.drawBackground(graphics);
            graphics.dispose();
            background = still;
        }
        canvas.setData(still.getRaster());
        var graphics = graphics(canvas);
        scene.drawMoving(graphics, seconds);
        graphics.dispose();
    }

    private int[] drawn() {
        return ((DataBufferInt) canvas.getRaster().getDataBuffer()).getData();
    }

    private Graphics2D graphics(BufferedImage image) {
        var graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.scale((double) image.getWidth() / Scene.SIDE, (double) image.getHeight() / Scene.SIDE);
        return graphics;
    }

    private byte[] averaged() {
        int[] drawn = drawn();
        var result = new byte[shape.bytes()];
        for (var y = 0; y < shape.height(); y++) {
            for (var x = 0; x < shape.width(); x++) {
                average(drawn, x, y, result);
            }
        }
        return result;
    }

    private void average(int[] drawn, int x, int y, byte[] result) {
        var red = 0;
        var green = 0;
        var blue = 0;
        for (var row = y * OVERSAMPLING; row < (y + 1) * OVERSAMPLING; row++) {
            var start = row * canvas.getWidth() + x * OVERSAMPLING;
            for (var index = start; index < start + OVERSAMPLING; index++) {
                red += drawn[index] >> 16 & 0xFF;
                green += drawn[index] >> 8 & 0xFF;
                blue += drawn[index] & 0xFF;
            }
        }
        var count = OVERSAMPLING * OVERSAMPLING;
        var at = (y * shape.width() + x) * 3;
        result[at] = (byte) ((red + count / 2) / count);
        result[at + 1] = (byte) ((green + count / 2) / count);
        result[at + 2] = (byte) ((blue + count / 2) / count);
    }
}
