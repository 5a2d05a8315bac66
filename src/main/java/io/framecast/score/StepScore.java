package io.framecast.score;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;

/**
 * How well one frame of a forecast fitted the real one, and how well repeating the last frame would have; values taken
 * as 0 to 1.
 *
 * @param mse mean squared error
 * @param psnr in dB, see {@link PixelError#psnr}
 * @param ssim structural similarity, see {@link Ssim}; no number for pictures with a side under 7
 * @param persistenceMse the same of the last frame
 * @param persistencePsnr likewise
 * @param persistenceSsim likewise
 */
public record StepScore(
        double mse, double psnr, double ssim, double persistenceMse, double persistencePsnr, double persistenceSsim) {
    /** What stands where the real frame was dropped: no number. */
    public static final StepScore MISSING =
            new StepScore(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    private static final double[] RANGE = {1};

    /** Compares a forecast and the last frame with the real frame. */
    static StepScore of(FrameShape shape, Pixels forecast, Pixels last, Pixels real) {
        double error = PixelError.meanSquare(forecast, real);
        double still = PixelError.meanSquare(last, real);
        return new StepScore(
                error,
                PixelError.psnr(error),
                ssim(shape, forecast, real),
                still,
                PixelError.psnr(still),
                ssim(shape, last, real));
    }

    private static double ssim(FrameShape shape, Pixels picture, Pixels real) {
        return Ssim.isDefined(shape) ? Ssim.of(shape, picture, real, RANGE)[0] : Double.NaN;
    }

    /** Whether the real frame never came. */
    public boolean isMissing() {
        return Double.isNaN(mse);
    }

    /** How much of persistence's error is gone, see {@link PixelError#skill}; no number if missing. */
    public double skill() {
        return PixelError.skill(mse, persistenceMse);
    }
}
