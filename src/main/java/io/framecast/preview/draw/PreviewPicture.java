package io.framecast.preview.draw;

import io.framecast.export.PixelImage;
import io.framecast.forecast.Forecast;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.preview.Arrival;
import io.framecast.preview.CameraView;
import io.framecast.preview.View;
import java.awt.AlphaComposite;
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
import java.util.OptionalInt;

/**
 * One picture of a camera for a person: enlarged, with its state, and how far ahead the forecast is. Streams and the
 * desktop window draw with it.
 */
public final class PreviewPicture {
    private static final double FORECAST_WEIGHT = 0.5;
    private static final int HOLD = 5; // steps for which the loop rests on the last frame
    private static final Color GROUND = new Color(0x16, 0x1A, 0x20);
    private static final Color PLATE = new Color(0, 0, 0, 150);
    private static final Color WORDS = new Color(0xF2, 0xF4, 0xF7);
    private static final Color AHEAD = new Color(0xFF, 0xB0, 0x00);
    private static final Color OVER = new Color(0xB4, 0xB4, 0xB4);
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private final int side;
    private final DecodedPictures pictures;

    /**
     * One pane of a picture.
     *
     * @param x its first column
     * @param own the camera's own picture in its size, if it is shown
     */
    private record Pane(int x, int width, int height, Optional<BufferedImage> own) {}

    /** @param side the width of a pane in pixels; it is as high, or has the proportions of the camera's own picture */
    public PreviewPicture(int side) {
        this.side = side;
        this.pictures = new DecodedPictures(side);
    }

    /**
     * Where a loop through a forecast is at a moment: a step from 0, resting on the last one for a while. Steps whose
     * moment has passed are left out, unless all have.
     */
    public static int stepAt(Forecast forecast, Instant now) {
        long interval = Math.max(1, forecast.interval().toMillis());
        int steps = forecast.frames().size();
        long loop = now.toEpochMilli() / interval % (steps + HOLD);
        long next = Duration.between(forecast.origin().time(), now).dividedBy(Duration.ofMillis(interval));
        return (int) Math.min(steps - 1, Math.max(loop, next));
    }

    /** How far ahead of now a step is; negative when its moment has passed. */
    static Duration lead(Forecast forecast, int step, Instant now) {
        return Duration.between(now, forecast.forTime(step));
    }

    /** Draws the camera as it is now, with the loop where it is now. */
    public BufferedImage draw(CameraView camera, View view, Instant now) {
        return draw(camera, view, now, OptionalInt.empty());
    }

    /**
     * Draws the camera as it is now.
     *
     * @param held the step that is shown, from 0; nothing to go on in a loop
     */
    public BufferedImage draw(CameraView camera, View view, Instant now, OptionalInt held) {
        int panes = view == View.SIDE ? 2 : 1;
        Optional<BufferedImage> own = camera.shownPicture().flatMap(pictures::of);
        int height = own.map(BufferedImage::getHeight).orElse(side);
        var left = new Pane(0, side, height, own);
        var image = new BufferedImage(side * panes, height, BufferedImage.TYPE_INT_RGB);
        var graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        if (view == View.SIDE) {
            drawPane(graphics, left, camera, View.LIVE, now, held);
            drawPane(graphics, new Pane(side, side, height, own), camera, View.FORECAST, now, held);
            graphics.setColor(GROUND);
            graphics.fillRect(side - dot(), 0, 2 * dot(), height);
        } else {
            drawPane(graphics, left, camera, view, now, held);
        }
        drawState(graphics, left, camera, now);
        graphics.dispose();
        return image;
    }

    private void drawPane(Graphics2D graphics, Pane pane, CameraView camera, View view, Instant now, OptionalInt held) {
        var frame = camera.frame().map(Arrival::value);
        var forecast = camera.forecast().map(Arrival::value).filter(any -> view.showsForecast());
        int step = forecast.map(any ->
                        Math.min(held.orElse(stepAt(any, now)), any.frames().size() - 1))
                .orElse(0);
        boolean over = forecast.filter(any -> lead(any, step, now).isNegative()).isPresent();
        var pixels = pane.own()
                .filter(own -> view != View.FORECAST)
                .map(own -> onPicture(view, own, frame, forecast, step, over))
                .or(() -> compose(view, frame, forecast, step, over));
        graphics.setColor(GROUND);
        graphics.fillRect(pane.x(), 0, pane.width(), pane.height());
        pixels.map(picture -> camera.isStale(now) ? Overlay.faded(picture) : picture)
                .ifPresent(picture -> graphics.drawImage(picture, pane.x(), 0, pane.width(), pane.height(), null));
        forecast.ifPresent(any -> drawMarker(graphics, pane, any, step, now));
    }

    /** The camera's own picture, with what is known of the small frames laid over it. */
    private static BufferedImage onPicture(
            View view, BufferedImage own, Optional<Frame> frame, Optional<Forecast> forecast, int step, boolean over) {
        Optional<BufferedImage> layer = forecast.flatMap(any -> layer(view, frame, any, step, over));
        if (layer.isEmpty()) {
            return own;
        }
        var image = new BufferedImage(own.getWidth(), own.getHeight(), BufferedImage.TYPE_INT_RGB);
        var graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(view == View.DIFFERENCE ? Overlay.dimmed(own) : own, 0, 0, null);
        if (view == View.OVERLAY) {
            graphics.setComposite(AlphaComposite.SrcOver.derive((float) FORECAST_WEIGHT));
        }
        graphics.drawImage(layer.get(), 0, 0, own.getWidth(), own.getHeight(), null);
        graphics.dispose();
        return image;
    }

    private static Optional<BufferedImage> layer(
            View view, Optional<Frame> frame, Forecast forecast, int step, boolean over) {
        var ahead = forecast.frames().get(step);
        FrameShape shape = forecast.shape();
        return switch (view) {
            case OVERLAY -> Optional.of(PixelImage.of(shape, over ? Overlay.faded(shape, ahead) : ahead));
            case DIFFERENCE ->
                frame.filter(live -> live.shape().equals(shape))
                        .map(live -> Overlay.changes(shape, live.pixels(), ahead, over));
            case SIDE, LIVE, FORECAST -> Optional.empty();
        };
    }

    /** @param over whether the moment of that step has passed */
    private static Optional<BufferedImage> compose(
            View view, Optional<Frame> frame, Optional<Forecast> forecast, int step, boolean over) {
        if (forecast.isEmpty()) {
            return view == View.FORECAST ? Optional.empty() : frame.map(PixelImage::of);
        }
        var ahead = forecast.get().frames().get(step);
        FrameShape shape = forecast.get().shape();
        var shown = over ? Overlay.faded(shape, ahead) : ahead;
        if (view == View.FORECAST) {
            return Optional.of(PixelImage.of(shape, shown));
        }
        return frame.map(live -> {
            if (!live.shape().equals(shape)) {
                return PixelImage.of(live);
            }
            if (view == View.DIFFERENCE) {
                var changes = Overlay.difference(shape, live.pixels(), ahead);
                return over ? Overlay.faded(changes) : changes;
            }
            return Overlay.blend(shape, live.pixels(), shown, FORECAST_WEIGHT);
        });
    }

    private void drawMarker(Graphics2D graphics, Pane pane, Forecast forecast, int step, Instant now) {
        var lead = lead(forecast, step, now);
        var text = leadLabel(lead);
        var colour = lead.isNegative() ? OVER : AHEAD;
        int dot = dot();
        int margin = 3 * dot;
        int right = pane.x() + pane.width();
        drawPlate(graphics, text, right - (PixelFont.width(text) + 4) * dot - margin, margin, colour);
        graphics.setColor(colour);
        int reached = pane.width() * (step + 1) / forecast.frames().size();
        graphics.fillRect(pane.x(), pane.height() - dot - 1, reached, dot + 1);
    }

    /** How far from now a moment is. */
    static String leadLabel(Duration lead) {
        var distance = lead.abs();
        var words = distance.toMinutes() > 0
                ? distance.toMinutes() + " min"
                : String.format(Locale.ROOT, "%.1f s", distance.toMillis() / 1000.0);
        return lead.isNegative() ? words + " ago" : "+" + words;
    }

    private void drawState(Graphics2D graphics, Pane pane, CameraView camera, Instant now) {
        int margin = 3 * dot();
        if (camera.isStale(now)) {
            drawPlate(
                    graphics,
                    staleLabel(camera, now),
                    margin,
                    pane.height() - margin - (PixelFont.HEIGHT + 4) * dot(),
                    WORDS);
        } else {
            drawPlate(graphics, camera.state(now).word().replace('-', ' '), margin, margin, WORDS);
        }
    }

    private void drawPlate(Graphics2D graphics, String text, int x, int y, Color colour) {
        int dot = dot();
        graphics.setColor(PLATE);
        graphics.fillRect(x, y, (PixelFont.width(text) + 4) * dot, (PixelFont.HEIGHT + 4) * dot);
        PixelFont.draw(graphics, text, x + 2 * dot, y + 2 * dot, dot, colour);
    }

    private int dot() {
        return Math.max(1, side / 200);
    }

    static String staleLabel(CameraView camera, Instant now) {
        var since = camera.staleSince(now)
                .map(moment -> " since " + CLOCK.format(moment))
                .orElse("");
        return switch (camera.state(now)) {
            case CONNECTING -> "connecting" + since;
            case RECONNECTING -> "gone" + since;
            case ENDED -> "ended" + since;
            case FAILED -> "failed" + since;
            case PAUSED -> "paused" + since;
            case LIVE, OVERLOADED, NO_FORECAST, NO_SCORE -> "no picture" + since;
        };
    }
}
