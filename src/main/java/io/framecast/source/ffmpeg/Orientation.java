package io.framecast.source.ffmpeg;

import static org.bytedeco.ffmpeg.global.avutil.AV_FRAME_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_get;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_side_data;

import io.framecast.frame.FrameShape;
import io.framecast.source.Region;
import org.bytedeco.ffmpeg.avutil.AVDictionaryEntry;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.IntPointer;

/**
 * How a decoded picture is turned to be seen as it was taken: phones store what the sensor gives, and say which way
 * they were held, in the display matrix of a video or the EXIF orientation of a picture.
 *
 * @param transposed whether rows become columns
 * @param mirrored whether left and right are exchanged, after that
 * @param flipped whether top and bottom are exchanged, after that
 */
record Orientation(boolean transposed, boolean mirrored, boolean flipped) {
    /** As decoded. */
    static final Orientation UPRIGHT = new Orientation(false, false, false);

    private static final int MATRIX_BYTES = 9 * Integer.BYTES;
    /** Off-axis parts of a display matrix below this share of the others are rounding; above, it is no quarter turn. */
    private static final double ROUNDING = 0.1;

    /** How a decoded picture is to be turned; one without a word of it, or askew, is left as it is. */
    static Orientation of(AVFrame frame) {
        var matrix = av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX);
        if (matrix != null && !matrix.isNull() && matrix.size() >= MATRIX_BYTES) {
            var values = new IntPointer(matrix.data());
            return ofMatrix(values.get(0), values.get(1), values.get(3), values.get(4));
        }
        var exif = av_dict_get(frame.metadata(), "Orientation", new AVDictionaryEntry(null), 0);
        return exif == null || exif.isNull()
                ? UPRIGHT
                : ofExif(exif.value().getString().strip());
    }

    /**
     * Of a display matrix: column p and row q of the decoded picture are seen in column a p + c q and row b p + d q,
     * but for a shift.
     */
    static Orientation ofMatrix(int a, int b, int c, int d) {
        double straight = Math.min(Math.abs((double) a), Math.abs((double) d));
        double turned = Math.min(Math.abs((double) b), Math.abs((double) c));
        if (straight * ROUNDING > Math.max(Math.abs((double) b), Math.abs((double) c))) {
            return new Orientation(false, a < 0, d < 0);
        }
        if (turned * ROUNDING > Math.max(Math.abs((double) a), Math.abs((double) d))) {
            return new Orientation(true, c < 0, b < 0);
        }
        return UPRIGHT;
    }

    /** Of EXIF's numbers, 1 to 8; anything else counts as 1. */
    static Orientation ofExif(String number) {
        return switch (number) {
            case "2" -> new Orientation(false, true, false);
            case "3" -> new Orientation(false, true, true);
            case "4" -> new Orientation(false, false, true);
            case "5" -> new Orientation(true, false, false);
            case "6" -> new Orientation(true, true, false);
            case "7" -> new Orientation(true, true, true);
            case "8" -> new Orientation(true, false, true);
            default -> UPRIGHT;
        };
    }

    /** Columns of the picture as it is seen. */
    int width(AVFrame frame) {
        return transposed ? frame.height() : frame.width();
    }

    /** Rows of the picture as it is seen. */
    int height(AVFrame frame) {
        return transposed ? frame.width() : frame.height();
    }

    /** The shape that becomes {@code seen} once it is turned. */
    FrameShape decoded(FrameShape seen) {
        return transposed
                ? new FrameShape(/* height= */ seen.width(), /* width= */ seen.height(), seen.channels())
                : seen;
    }

    /** Where the decoded picture has to lie in {@link #decoded(FrameShape)} to be seen where {@code seen} says. */
    Placement decoded(Placement seen, FrameShape shape) {
        int x = mirrored ? shape.width() - seen.x() - seen.width() : seen.x();
        int y = flipped ? shape.height() - seen.y() - seen.height() : seen.y();
        return transposed
                ? new Placement(seen.cropY(), seen.cropX(), y, x, seen.height(), seen.width())
                : new Placement(seen.cropX(), seen.cropY(), x, y, seen.width(), seen.height());
    }

    /** Which part of the decoded picture is seen as {@code seen}. */
    Region decoded(Region seen) {
        double left = mirrored ? 1 - seen.left() - seen.width() : seen.left();
        double top = flipped ? 1 - seen.top() - seen.height() : seen.top();
        left = Math.max(0, left); // 1 - 0.9 - 0.1 is less than 0
        top = Math.max(0, top);
        return transposed
                ? new Region(top, left, seen.height(), seen.width())
                : new Region(left, top, seen.width(), seen.height());
    }

    /** Turns a picture, three bytes a pixel, into one of {@code shape}. */
    byte[] turn(byte[] decoded, FrameShape shape) {
        if (equals(UPRIGHT)) {
            return decoded;
        }
        var seen = new byte[decoded.length];
        int at = 0;
        for (int y = 0; y < shape.height(); y++) {
            int row = flipped ? shape.height() - 1 - y : y;
            for (int x = 0; x < shape.width(); x++) {
                int column = mirrored ? shape.width() - 1 - x : x;
                int from = transposed ? column * shape.height() + row : row * shape.width() + column;
                for (int channel = 0; channel < shape.channels(); channel++) {
                    seen[at++] = decoded[from * shape.channels() + channel];
                }
            }
        }
        return seen;
    }
}
