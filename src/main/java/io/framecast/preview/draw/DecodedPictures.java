package io.framecast.preview.draw;

import io.framecast.export.ImageFile;
import io.framecast.frame.CameraId;
import io.framecast.frame.CameraPicture;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The newest pictures of a few cameras, decoded and scaled to a width once, however often they are drawn. */
final class DecodedPictures {
    private static final int MOST_CAMERAS = 16;
    private static final int MOST_TIMES_AS_HIGH = 4;

    private final ConcurrentHashMap<CameraId, Decoded> decoded = new ConcurrentHashMap<>();
    private final int width;

    private record Decoded(CameraPicture source, Optional<BufferedImage> image) {}

    /** @param width of the pictures, in pixels; their height follows */
    DecodedPictures(int width) {
        this.width = width;
    }

    /** A picture in that width; empty if its JPEG cannot be read. */
    Optional<BufferedImage> of(CameraPicture picture) {
        if (decoded.size() >= MOST_CAMERAS && !decoded.containsKey(picture.camera())) {
            decoded.clear();
        }
        return decoded.compute(
                        picture.camera(),
                        (camera, known) -> known != null && known.source.equals(picture)
                                ? known
                                : new Decoded(
                                        picture,
                                        ImageFile.read(picture.jpeg().toByteArray(), picture.width(), picture.height())
                                                .map(this::scaled)))
                .image;
    }

    private BufferedImage scaled(BufferedImage image) {
        int height = Math.round(width * (float) image.getHeight() / image.getWidth());
        height = Math.max(1, Math.min(height, MOST_TIMES_AS_HIGH * width));
        var scaled = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = scaled.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(image, 0, 0, width, height, null);
        graphics.dispose();
        return scaled;
    }
}
