package io.framecast.data;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Handwritten digits of an idx file (Y. LeCun, C. Cortes, C. Burges: The MNIST database), which may be compressed with
 * gzip: the first four fifths are for training, the rest for testing.
 *
 * @param height rows of each
 * @param width columns of each
 * @param images grey values, height x width, 0 on the background
 */
record Digits(int height, int width, List<byte[]> images) {
    private static final int IMAGES_OF_BYTES = 0x0803;
    private static final int GZIP_MAGIC = 0x1f8b;
    private static final int LARGEST_SIDE = 64;
    private static final int MOST = 1_000_000;

    /**
     * Reads the digits of a part.
     *
     * @throws IllegalArgumentException if the file cannot be read, or is no idx file of images
     */
    static Digits read(Path file, SyntheticSet.Part part) {
        try (var in = new DataInputStream(open(file))) {
            int magic = in.readInt();
            int count = in.readInt();
            int height = in.readInt();
            int width = in.readInt();
            boolean fits = height >= 1 && height <= LARGEST_SIDE && width >= 1 && width <= LARGEST_SIDE;
            if (magic != IMAGES_OF_BYTES || count < 5 || count > MOST || !fits) {
                throw new IllegalArgumentException("digits '" + file + "' are no idx file of images: its head is "
                        + String.format("%08x, %d images of %dx%d", magic, count, height, width));
            }
            int firstOfTest = count / 5 * 4;
            boolean training = part == SyntheticSet.Part.TRAIN;
            in.skipNBytes(training ? 0 : (long) firstOfTest * height * width);
            var images = new ArrayList<byte[]>();
            for (int i = training ? 0 : firstOfTest; i < (training ? firstOfTest : count); i++) {
                byte[] image = in.readNBytes(height * width);
                if (image.length < height * width) {
                    throw new EOFException();
                }
                images.add(image);
            }
            return new Digits(height, width, images);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "digits '" + file + "' cannot be read ("
                            + (e instanceof EOFException ? "it is cut off" : e.getMessage())
                            + "); give --digits an idx file",
                    e);
        }
    }

    private static InputStream open(Path file) throws IOException {
        var in = new BufferedInputStream(Files.newInputStream(file));
        in.mark(2);
        int magic = in.read() << 8 | in.read();
        in.reset();
        return magic == GZIP_MAGIC ? new GZIPInputStream(in) : in;
    }
}
