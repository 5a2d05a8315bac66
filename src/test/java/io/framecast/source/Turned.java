package io.framecast.source;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * Pictures as a camera stores them that was not held upright. What is seen is {@link #seen(int, int)}; how it is stored
 * follows the words of the EXIF standard, and not the code under test.
 */
public final class Turned {
    /** Columns of the picture as it is seen. */
    public static final int WIDTH = 96;
    /** Rows of the picture as it is seen. */
    public static final int HEIGHT = 160;

    /** Where row 0 and column 0 of the stored picture are seen, for the orientations 1 to 8 (EXIF 2.3, 4.6.4 A). */
    private static final List<String> FIRST_ROW_AND_COLUMN = List.of(
            "top left",
            "top right",
            "bottom right",
            "bottom left",
            "left top",
            "right top",
            "right bottom",
            "left bottom");

    private Turned() {}

    /** What is seen at a place: four colours in the corners, and a white spot, so that no turn leaves it as it is. */
    public static int seen(int x, int y) {
        if (x > 10 && x < 30 && y > 40 && y < 60) {
            return 0xFFFFFF;
        }
        return x < WIDTH / 2 ? y < HEIGHT / 2 ? 0xC02020 : 0x20C020 : y < HEIGHT / 2 ? 0x2020C0 : 0xC0C020;
    }

    /** Whether an orientation exchanges rows and columns. */
    public static boolean isOnItsSide(int orientation) {
        return orientation >= 5;
    }

    /** The colour that is stored at a place. */
    public static int stored(int orientation, int column, int row) {
        String[] first = FIRST_ROW_AND_COLUMN.get(orientation - 1).split(" ", 2);
        int x = first[isOnItsSide(orientation) ? 0 : 1].equals("right")
                ? WIDTH - 1 - (isOnItsSide(orientation) ? row : column)
                : isOnItsSide(orientation) ? row : column;
        int y = first[isOnItsSide(orientation) ? 1 : 0].equals("bottom")
                ? HEIGHT - 1 - (isOnItsSide(orientation) ? column : row)
                : isOnItsSide(orientation) ? column : row;
        return seen(x, y);
    }

    /** The stored picture. */
    public static BufferedImage image(int orientation) {
        boolean side = isOnItsSide(orientation);
        var image = new BufferedImage(side ? HEIGHT : WIDTH, side ? WIDTH : HEIGHT, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                image.setRGB(x, y, stored(orientation, x, y));
            }
        }
        return image;
    }

    /** The stored picture as a JPEG that says in its EXIF data how it is turned. */
    public static byte[] jpeg(int orientation) throws IOException {
        var plain = new ByteArrayOutputStream();
        ImageIO.write(image(orientation), "jpg", plain);
        var jpeg = new ByteArrayOutputStream();
        jpeg.write(plain.toByteArray(), 0, 2); // the start of the image
        byte[] exif = exif(orientation);
        jpeg.write(new byte[] {(byte) 0xFF, (byte) 0xE1, 0, (byte) (exif.length + 2)});
        jpeg.write(exif);
        jpeg.write(plain.toByteArray(), 2, plain.size() - 2);
        return jpeg.toByteArray();
    }

    /** A TIFF directory with one entry, the orientation, after the word Exif. */
    private static byte[] exif(int orientation) {
        var exif = new ByteArrayOutputStream();
        exif.writeBytes("Exif\0\0MM\0*".getBytes(StandardCharsets.ISO_8859_1));
        exif.writeBytes(new byte[] {0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte) orientation, 0, 0});
        exif.writeBytes(new byte[] {0, 0, 0, 0});
        return exif.toByteArray();
    }
}
