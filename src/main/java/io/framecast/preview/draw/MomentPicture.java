package io.framecast.preview.draw;

import io.framecast.export.ImageFile;
import io.framecast.forecast.FrameSurprise;
import io.framecast.frame.EncodedImage;
import io.framecast.preview.history.Moment;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** What a camera saw at a moment, next to what had been forecast for it, with words above. */
public final class MomentPicture {
    public static final int WIDTH = 516;
    public static final int HEIGHT = 284;

    private static final int PANE = 256;
    private static final int TOP = HEIGHT - PANE;
    private static final int DOT = 2;
    private static final int MARGIN = 4;
    private static final Color GROUND = new Color(0x16, 0x1A, 0x20);
    private static final Color WORDS = new Color(0xF2, 0xF4, 0xF7);
    private static final Color AHEAD = new Color(0xFF, 0xB0, 0x00);
    private static final Color HOT = new Color(0xFF, 0x3B, 0x4E);
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private MomentPicture() {}

    /**
     * Draws a moment.
     *
     * @param time what the clock on it says
     * @param moment empty where nothing was seen
     */
    public static BufferedImage draw(Instant time, Optional<Moment> moment) {
        var image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(GROUND);
        graphics.fillRect(0, 0, WIDTH, HEIGHT);
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        boolean surprising = moment.filter(seen -> seen.surprise() >= FrameSurprise.THRESHOLD)
                .isPresent();
        Optional<Moment.Expected> expected = moment.flatMap(Moment::expected);
        int right = WIDTH - PANE;
        write(graphics, CLOCK.format(time), 0, surprising ? HOT : WORDS);
        expected.ifPresent(then -> {
            write(graphics, "FORECAST " + seconds(then.lead()) + " S BEFORE", right, AHEAD);
            drawPane(graphics, then.picture(), right);
        });
        if (expected.isEmpty()) {
            write(graphics, "NO FORECAST", right, AHEAD);
        }
        moment.ifPresentOrElse(
                seen -> drawPane(graphics, seen.seen(), 0), () -> write(graphics, "NO PICTURE", PANE / 2, WORDS));
        graphics.dispose();
        return image;
    }

    private static String seconds(Duration lead) {
        return String.format(Locale.ROOT, "%.1f", lead.toMillis() / 1e3);
    }

    private static void write(Graphics2D graphics, String words, int x, Color colour) {
        PixelFont.draw(graphics, words, x + MARGIN, (TOP - PixelFont.HEIGHT * DOT) / 2, DOT, colour);
    }

    private static void drawPane(Graphics2D graphics, EncodedImage jpeg, int x) {
        ImageFile.read(jpeg.toByteArray()).ifPresent(picture -> graphics.drawImage(picture, x, TOP, PANE, PANE, null));
    }
}
