package io.framecast.forecast;

import io.framecast.frame.Pixels;

/** Errors between two pictures of one size, with values taken as 0 to 1. */
public final class PixelError {
    /** Where PSNR ends: that of equal pictures. The smallest error of 64x64x3 pictures, one level once, has 89 dB. */
    public static final double MAX_PSNR = 100;

    private static final double LEVELS = 255;

    private PixelError() {}

    /**
     * The mean over all values of the squared difference.
     *
     * @return 0 to 1
     * @throws IllegalArgumentException if the pictures have not the same size
     */
    public static double meanSquare(Pixels forecast, Pixels truth) {
        requireSameSize(forecast, truth);
        long sum = 0;
        for (int i = 0; i < truth.size(); i++) {
            int difference = forecast.at(i) - truth.at(i);
            sum += (long) difference * difference;
        }
        return sum / (LEVELS * LEVELS * truth.size());
    }

    /**
     * The mean over all values of the absolute difference.
     *
     * @return 0 to 1
     * @throws IllegalArgumentException if the pictures have not the same size
     */
    public static double meanAbsolute(Pixels forecast, Pixels truth) {
        requireSameSize(forecast, truth);
        long sum = 0;
        for (int i = 0; i < truth.size(); i++) {
            sum += Math.abs(forecast.at(i) - truth.at(i));
        }
        return sum / (LEVELS * truth.size());
    }

    /**
     * Peak signal-to-noise ratio of a mean squared error, in dB: {@code -10 log10(meanSquare)}, at most
     * {@link #MAX_PSNR}.
     */
    public static double psnr(double meanSquare) {
        return Math.min(MAX_PSNR, -10 * Math.log10(meanSquare));
    }

    /**
     * How much of a reference's error is gone: {@code 1 - meanSquare / reference}; 1 is perfect, 0 no better than the
     * reference, below 0 worse. It is 0 where both are right, and has no lower bound where only the reference is.
     */
    public static double skill(double meanSquare, double reference) {
        return meanSquare == reference ? 0 : 1 - meanSquare / reference;
    }

    public static void requireSameSize(Pixels forecast, Pixels truth) {
        if (forecast.size() != truth.size()) {
            throw new IllegalArgumentException(
                    "pictures of " + forecast.size() + " and " + truth.size() + " bytes cannot be compared");
        }
    }
}
