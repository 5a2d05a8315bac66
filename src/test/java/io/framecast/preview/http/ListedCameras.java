package io.framecast.preview.http;

import io.framecast.frame.CameraId;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import javax.imageio.ImageIO;

/** Cameras that are listed and never read. */
final class ListedCameras implements CameraControl {
    private final Map<CameraId, Camera> cameras = new ConcurrentSkipListMap<>();

    @Override
    public List<Camera> cameras() {
        return List.copyOf(cameras.values());
    }

    @Override
    public Camera add(Optional<String> id, Wish wish, String client) {
        return put(new CameraId(id.orElse("camera")), wish, client);
    }

    @Override
    public Camera put(CameraId camera, Wish wish, String client) {
        var before = Optional.ofNullable(cameras.get(camera));
        var source = wish.source().or(() -> before.map(Camera::source)).orElseThrow();
        if (!source.contains("://")) {
            throw new RefusedException(422, "no such source");
        }
        var after = new Camera(
                camera,
                source,
                wish.settings().or(() -> before.map(Camera::settings)).orElse(Map.of()),
                wish.paused().or(() -> before.map(Camera::paused)).orElse(false),
                true);
        cameras.put(camera, after);
        return after;
    }

    @Override
    public void remove(CameraId camera, String client) {
        cameras.remove(camera);
    }

    @Override
    public byte[] picture(Optional<CameraId> camera, Wish wish, String client) {
        try (var file = new ByteArrayOutputStream()) {
            ImageIO.write(new BufferedImage(32, 24, BufferedImage.TYPE_INT_RGB), "jpeg", file);
            return file.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
