package io.framecast.source.scene;

import io.framecast.frame.Pixels;
import io.framecast.source.FullPicture;
import io.framecast.source.Nature;
import io.framecast.source.Picture;
import io.framecast.source.SceneName;
import io.framecast.source.Session;
import io.framecast.source.SourceConfig;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A rendered scene as an endless source: frame {@code n} shows the time {@code n / fps}. */
public final class SceneSession implements Session {
    private final Scene scene;
    private final SceneRenderer renderer;
    private final SourceConfig config;
    private final int number;
    private @Nullable FullSize fullSize;
    private long index = -1;

    private record FullSize(int longest, SceneRenderer renderer) {}

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
    public FullPicture fullPicture(int longest) {
        var known = fullSize;
        if (known == null || known.longest() != longest) {
            known = new FullSize(longest, SceneRenderer.drawing(config.shape(), longest));
            fullSize = known;
        }
        return new ScenePicture(scene, known.renderer(), index / config.fps());
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
