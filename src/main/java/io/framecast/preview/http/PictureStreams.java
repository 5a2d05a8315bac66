package io.framecast.preview.http;

import io.framecast.export.ImageFile;
import io.framecast.frame.CameraId;
import io.framecast.preview.CameraView;
import io.framecast.preview.CameraViews;
import io.framecast.preview.View;
import io.framecast.preview.draw.PreviewPicture;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * Endless JPEG pictures of a camera. Each is drawn and encoded once, however many watch; a viewer who is too slow skips
 * to the newest.
 */
final class PictureStreams {
    private static final int SIDE = 256;

    /** How often a picture is drawn while no frame comes: the loop moves on, and staleness shows. */
    private static final Duration IDLE_PACE = Duration.ofMillis(250);

    private final ConcurrentHashMap<Watched, Flux<byte[]>> streams = new ConcurrentHashMap<>();
    private final PreviewPicture picture = new PreviewPicture(SIDE);
    private final CameraViews views;
    private final Scheduler encoding;

    /** @param encoding where pictures are drawn and encoded */
    PictureStreams(CameraViews views, Scheduler encoding) {
        this.views = views;
        this.encoding = encoding;
    }

    /** Pictures from now on, beginning at once; ends when the camera is no longer shown. */
    Flux<byte[]> watch(CameraId camera, View view) {
        return streams.computeIfAbsent(new Watched(camera, view), this::open).onBackpressureLatest();
    }

    private Flux<byte[]> open(Watched watched) {
        return views.changes()
                .filter(watched.camera::equals)
                .startWith(watched.camera)
                .switchMap(changed -> Flux.interval(Duration.ZERO, IDLE_PACE))
                .onBackpressureLatest()
                .publishOn(encoding, 1)
                .map(tick -> views.view(watched.camera))
                .takeWhile(shown -> shown.isPresent())
                .map(shown -> encode(shown.orElseThrow(), watched.view))
                .doFinally(end -> streams.remove(watched))
                .replay(1)
                .refCount(1);
    }

    private byte[] encode(CameraView camera, View view) {
        return ImageFile.jpeg(picture.draw(camera, view, views.clock().instant()));
    }

    private record Watched(CameraId camera, View view) {}
}
