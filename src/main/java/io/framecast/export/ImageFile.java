package io.framecast.export;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Optional;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Pictures as files in memory; never on disk. */
public final class ImageFile {
    private static final float JPEG_QUALITY = 0.9f;

    private ImageFile() {}

    public static byte[] jpeg(BufferedImage image) {
        var writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        var quality = writer.getDefaultWriteParam();
        quality.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        quality.setCompressionQuality(JPEG_QUALITY);
        return write(writer, quality, image);
    }

    public static byte[] png(BufferedImage image) {
        var writer = ImageIO.getImageWritersByFormatName("png").next();
        return write(writer, writer.getDefaultWriteParam(), image);
    }

    /** The picture of an image file that was made here; empty if it is none that can be read. */
    public static Optional<BufferedImage> read(byte[] file) {
        try {
            return Optional.ofNullable(ImageIO.read(new ByteArrayInputStream(file)));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** The picture of an image file; empty if it is none that can be read, or not of that size, which bounds memory. */
    public static Optional<BufferedImage> read(byte[] file, int width, int height) {
        try (var input = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(input);
            if (!readers.hasNext()) {
                return Optional.empty();
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(input);
                return reader.getWidth(0) == width && reader.getHeight(0) == height
                        ? Optional.of(reader.read(0))
                        : Optional.empty();
            } finally {
                reader.dispose();
            }
        } catch (IOException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    private static byte[] write(ImageWriter writer, ImageWriteParam settings, BufferedImage image) {
        var bytes = new ByteArrayOutputStream();
        try (var output = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(output);
            writer.write(null, new IIOImage(image, null, null), settings);
        } catch (IOException unlikely) {
            throw new UncheckedIOException(unlikely);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
