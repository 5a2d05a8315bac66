package io.framecast.forecast;

/**
 * How well one frame of a forecast fitted the real one, and how well repeating the last frame would have; values taken
 * as 0 to 1.
 *
 * @param mse mean squared error
 * @param psnr in dB, see {@link PixelError#psnr}
 * @param ssim structural similarity, of Wang et al. 2004; NaN for pictures with a side under 7
 * @param persistenceMse the same of the last frame
 * @param persistencePsnr likewise
 * @param persistenceSsim likewise
 */
public record StepScore(
        double mse, double psnr, double ssim, double persistenceMse, double persistencePsnr, double persistenceSsim) {
    /** Where the real frame was dropped: all NaN. */
    public static final StepScore MISSING =
            new StepScore(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    /** Whether the real frame never came. */
    public boolean isMissing() {
        return Double.isNaN(mse);
    }

    /** How much of persistence's error is gone, see {@link PixelError#skill}; NaN if missing. */
    public double skill() {
        return PixelError.skill(mse, persistenceMse);
    }
}
