package io.framecast.source.scene;

import io.framecast.source.SceneName;
import java.awt.Graphics2D;

/** Something to watch where no camera is: a picture for every moment, always the same for the same moment. */
interface Scene {
    /** Both sides of the plane a scene draws on, whatever the shape of the frames. */
    int SIDE = 64;

    /** Draws what never moves; it is drawn once and kept. */
    void drawBackground(Graphics2D canvas);

    /**
     * Draws what moves.
     *
     * @param canvas scaled so that the plane of {@code SIDE x SIDE} fills the picture
     * @param seconds since the scene began, not negative
     */
    void drawMoving(Graphics2D canvas, double seconds);

    /** The scene of that name. */
    static Scene of(SceneName name) {
        return switch (name) {
            case STREET -> new StreetScene();
            case SHAPES -> new ShapesScene();
            case STILL -> new StillScene();
            case SURPRISE -> new SurpriseScene();
        };
    }
}
