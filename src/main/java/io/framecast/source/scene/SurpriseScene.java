package io.framecast.source.scene;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;

/**
 * The street, before whose houses a balloon floats every minute, for the first time after 30 seconds: nothing before it
 * lets one expect it.
 */
final class SurpriseScene implements Scene {
    /** Seconds from one balloon to the next. */
    static final double CYCLE = 60;

    /** Seconds of a cycle before its balloon is there, suddenly. */
    static final double BEGIN = 30;

    /** Seconds for which it is there. */
    static final double LASTS = 3;

    private static final double RADIUS = 10;
    private static final double LEFT = 10;
    private static final double TOP = 13;
    private static final double RIGHT_A_SECOND = 16;

    private final StreetScene street = new StreetScene();

    @Override
    public void drawBackground(Graphics2D canvas) {
        street.drawBackground(canvas);
    }

    @Override
    public void drawMoving(Graphics2D canvas, double seconds) {
        street.drawMoving(canvas, seconds);
        double since = seconds % CYCLE - BEGIN;
        if (since >= 0 && since < LASTS) {
            balloon(canvas, LEFT + RIGHT_A_SECOND * since, TOP);
        }
    }

    private static void balloon(Graphics2D canvas, double x, double y) {
        canvas.setColor(new Color(60, 50, 50));
        canvas.draw(new Line2D.Double(x, y + RADIUS, x - 1.5, y + 2 * RADIUS));
        StreetScene.fill(canvas, new Color(214, 40, 60), StreetScene.circle(x, y, RADIUS));
        StreetScene.fill(canvas, new Color(244, 130, 140), StreetScene.circle(x - 2.4, y - 2.6, 1.9));
    }
}
