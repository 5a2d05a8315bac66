package io.framecast.score;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;

/**
 * What {@link Ssim} has to know of one picture alone: the sums of its values and of their squares over every window. A
 * real frame is compared with many pictures, so these are computed once, by {@link PictureComparison}.
 */
final class WindowSums {
    private final FrameShape shape;
    private final double[][] values; // by row, then by column and channel
    private final double[][] squares;
    private Pixels picture;
    private long squareSum;

    /** Of a picture, not computed yet. */
    WindowSums(FrameShape shape, Pixels picture) {
        this.shape = shape;
        this.picture = picture;
        values = new double[Ssim.windowRows(shape)][Ssim.rowWindows(shape)];
        squares = new double[Ssim.windowRows(shape)][Ssim.rowWindows(shape)];
    }

    /** Takes another picture of the same shape in place of this one. */
    void replace(Pixels other) {
        picture = other;
    }

    FrameShape shape() {
        return shape;
    }

    Pixels picture() {
        return picture;
    }

    /** The sums of the values in the windows that begin in a row. */
    double[] values(int row) {
        return values[row];
    }

    /** The sums of the squared values in the windows that begin in a row. */
    double[] squares(int row) {
        return squares[row];
    }

    /** The sum of the squares of all values. */
    long squareSum() {
        return squareSum;
    }

    void squareSum(long sum) {
        squareSum = sum;
    }
}
