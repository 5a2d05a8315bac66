package io.framecast.source.scene;

import java.awt.Graphics2D;

/** The street at one moment, forever: what a camera shows when nothing happens. */
final class StillScene implements Scene {
    private static final double MOMENT = 6;

    private final StreetScene street = new StreetScene();

    @Override
    public void drawBackground(Graphics2D canvas) {
        street.drawBackground(canvas);
    }

    @Override
    public void drawMoving(Graphics2D canvas, double seconds) {
        street.drawMoving(canvas, MOMENT);
    }
}
