package io.framecast.source.ffmpeg;

import io.framecast.frame.FrameShape;
import io.framecast.source.Fit;

/**
 * Which part of a picture goes where in the frame.
 *
 * @param cropX columns left out at each side of the picture
 * @param cropY rows left out at its top and bottom
 * @param x first column of the frame that is filled
 * @param y first row of the frame that is filled
 * @param width columns filled, at least 1
 * @param height rows filled, at least 1
 */
record Placement(int cropX, int cropY, int x, int y, int width, int height) {
    /**
     * Places a picture.
     *
     * @param pixelAspect width of one of its pixels divided by the pixel's height
     */
    static Placement of(Fit fit, FrameShape shape, int width, int height, double pixelAspect) {
        var whole = new Placement(0, 0, 0, 0, shape.width(), shape.height());
        // How much wider the picture looks than the frame: above 1 it is too wide, below 1 too high.
        var excess = pixelAspect * width / height * shape.height() / shape.width();
        return switch (fit) {
            case STRETCH -> whole;
            case CROP ->
                excess > 1
                        ? new Placement(margin(width, width / excess), 0, 0, 0, shape.width(), shape.height())
                        : new Placement(0, margin(height, height * excess), 0, 0, shape.width(), shape.height());
            case LETTERBOX ->
                excess > 1
                        ? whole.withRows(Math.max(1, (int) Math.round(shape.height() / excess)))
                        : whole.withColumns(Math.max(1, (int) Math.round(shape.width() * excess)));
        };
    }

    private static int margin(int side, double kept) {
        return Math.max(0, Math.min((side - 1) / 2, (int) Math.round((side - kept) / 2)));
    }

    private Placement withRows(int rows) {
        return new Placement(0, 0, 0, (height - rows) / 2, width, rows);
    }

    private Placement withColumns(int columns) {
        return new Placement(0, 0, (width - columns) / 2, 0, columns, height);
    }
}
