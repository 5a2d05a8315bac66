package io.framecast.source.scene;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.source.FullPicture;

/** A moment of a scene, drawn when it is asked for. */
final class ScenePicture implements FullPicture {
    private final Scene scene;
    private final SceneRenderer renderer;
    private final double seconds;

    /** @param renderer of this scene, in the wanted size; used by one picture at a time */
    ScenePicture(Scene scene, SceneRenderer renderer, double seconds) {
        this.scene = scene;
        this.renderer = renderer;
        this.seconds = seconds;
    }

    @Override
    public FrameShape shape() {
        return renderer.drawnShape();
    }

    @Override
    public Pixels pixels() {
        return renderer.draw(scene, seconds);
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
