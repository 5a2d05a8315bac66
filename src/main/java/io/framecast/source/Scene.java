package io.framecast.source;

import java.awt.Graphics2D;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

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

    /** The names that can be asked for. */
    static List<String> names() {
        return List.of("street", "shapes", "still", "surprise");
    }

    /** The scene of that name. */
    static Optional<Scene> named(String name) {
        Map<String, Supplier<Scene>> scenes = Map.of(
                "street", StreetScene::new,
                "shapes", ShapesScene::new,
                "still", StillScene::new,
                "surprise", SurpriseScene::new);
        return Optional.ofNullable(scenes.get(name)).map(Supplier::get);
    }
}
