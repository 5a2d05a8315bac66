package io.framecast.source.scene;

import io.framecast.frame.Pixels;
import io.framecast.source.Nature;
import io.framecast.source.Picture;
import io.framecast.source.SceneName;
import io.framecast.source.Session;
import io.framecast.source.SourceConfig;
import java.util.Optional;
import java.util.OptionalLong;

/** A rendered scene as an endless source: frame {@code n} shows the time {@code n / fps}. */
public final class SceneSession implements Session {
    private final Scene scene;
    private final SceneRenderer renderer;
    private final SourceConfig config;
    private final int number;
    private long index = -1;

    private SceneSession(Scene scene, SourceConfig config, int number) {
        this.scene = scene;
        this.renderer = new SceneRenderer(config.shape());
        this.config = config;
        this.number = number;
    }

    public static SceneSession open(String name, SourceConfig config, int number) {
        return new SceneSession(Scene.of(SceneName.named(name).orElseThrow()), config, number);
    }

    @Override
    public Picture next() {
        index++;
        var micros = Math.round(index * 1e6 / config.fps());
        return new Picture(
                number, config.shape().width(), config.shape().height(), OptionalLong.of(micros), Optional.empty());
    }

    @Override
    public Pixels pixels() {
        return renderer.render(scene, index / config.fps());
    }

    @Override
    public Nature nature() {
        return Nature.FINITE;
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
