package io.framecast.score;

import io.framecast.forecast.PixelError;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;

/**
 * Structural similarity (Wang, Bovik, Sheikh, Simoncelli: Image quality assessment. IEEE TIP 2004, equation 13) with a
 * uniform window of 7x7, K1 0.01, K2 0.03 and sample covariance: the mean over all whole windows and all channels, as
 * scikit-image computes it.
 *
 * <p>{@link PictureComparison} computes it; here are the formula and its constants.
 */
public final class Ssim {
    static final int SIDE = 7;
    private static final double PLACES = SIDE * SIDE;
    private static final double K1 = 0.01;
    private static final double K2 = 0.03;
    private static final double LEVELS = 255;

    private Ssim() {}

    /** Whether pictures of a shape have a similarity: no side is under 7. */
    static boolean isDefined(FrameShape shape) {
        return Math.min(shape.height(), shape.width()) >= SIDE;
    }

    /** The similarity with values taken as 0 to 1, their range being 1: 1 for equal pictures, at least -1. */
    public static double of(FrameShape shape, Pixels forecast, Pixels truth) {
        return of(shape, forecast, truth, 1)[0];
    }

    /**
     * The similarity for several ranges at once. Values are always taken as 0 to 1; OpenSTL's published figures take
     * their range as 2.
     *
     * @param shape the size of both pictures
     * @param ranges of values
     * @return one similarity a range
     * @throws IllegalArgumentException if a picture does not fill the shape, or that has a side under 7
     */
    public static double[] of(FrameShape shape, Pixels forecast, Pixels truth, double... ranges) {
        PixelError.requireSameSize(forecast, truth);
        if (truth.size() != shape.bytes() || !isDefined(shape)) {
            throw new IllegalArgumentException("SSIM of pictures of " + truth.size() + " bytes as " + shape
                    + " is undefined: they must fill a shape of 7x7 or more");
        }
        var comparison = new PictureComparison(shape);
        return comparison.compare(comparison.sums(truth), forecast, ranges).similarities().stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
    }

    /** In how many rows windows begin; 0 where the similarity is undefined. */
    static int windowRows(FrameShape shape) {
        return isDefined(shape) ? shape.height() - SIDE + 1 : 0;
    }

    /** How many windows begin in each of these rows, those of all channels together. */
    static int rowWindows(FrameShape shape) {
        return isDefined(shape) ? (shape.width() - SIDE + 1) * shape.channels() : 0;
    }

    /**
     * The numerators of equation 13 in levels, times N N and N (N - 1), N being a window's pixels.
     *
     * @param means for each window, the sum of the values of one picture times that of the other
     * @param products for each window, the sum of the products of the two pictures' values
     */
    static void numerators(double[] means, double[] products, double range, double[] numerators) {
        double c1 = forMeans(range);
        double c2 = forVariances(range);
        for (int i = 0; i < numerators.length; i++) {
            numerators[i] = (2 * means[i] + c1) * (2 * (PLACES * products[i] - means[i]) + c2);
        }
    }

    /**
     * The denominators, likewise.
     *
     * @param meanSquares for each window, the squares of those two sums, added up
     * @param squares for each window, the sum of both pictures' squared values
     */
    static void denominators(double[] meanSquares, double[] squares, double range, double[] denominators) {
        double c1 = forMeans(range);
        double c2 = forVariances(range);
        for (int i = 0; i < denominators.length; i++) {
            denominators[i] = (meanSquares[i] + c1) * (PLACES * squares[i] - meanSquares[i] + c2);
        }
    }

    private static double forMeans(double range) {
        return PLACES * PLACES * square(K1 * range * LEVELS);
    }

    private static double forVariances(double range) {
        return PLACES * (PLACES - 1) * square(K2 * range * LEVELS);
    }

    private static double square(double value) {
        return value * value;
    }
}
