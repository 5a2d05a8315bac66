package io.framecast.preview;

import io.framecast.frame.CameraState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** Plays moving scenes into views: a frame every tenth of a second, a forecast every fifth frame. */
public final class SceneFeed implements AutoCloseable {
    private final Disposable clock;
    private final List<MovingScene> scenes;
    private final CameraViews views;
    private volatile int playing;
    private long sequence;

    public SceneFeed(CameraViews views, String... cameras) {
        this.views = views;
        this.playing = cameras.length;
        this.scenes = IntStream.range(0, cameras.length)
                .mapToObj(i -> new MovingScene(cameras[i], i + 1))
                .toList();
        clock = Flux.interval(Duration.ZERO, MovingScene.INTERVAL)
                .onBackpressureDrop()
                .subscribe(tick -> play());
    }

    /** The last camera sends nothing any more, and says so. */
    public void loseLast(String reason) {
        playing = scenes.size() - 1;
        var lost = scenes.get(playing);
        views.accept(lost.status(CameraState.RECONNECTING, reason, Instant.now()));
    }

    private void play() {
        var now = Instant.now();
        for (var scene : scenes.subList(0, playing)) {
            views.accept(scene.frame(sequence, now));
            if (sequence % 5 == 0) {
                views.accept(scene.forecast(sequence, now));
            }
            if (sequence == 0) {
                views.accept(scene.status(CameraState.LIVE, "", now));
            }
        }
        sequence++;
    }

    @Override
    public void close() {
        clock.dispose();
    }
}
