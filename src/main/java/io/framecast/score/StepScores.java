package io.framecast.score;

import io.framecast.forecast.PixelError;
import io.framecast.forecast.StepScore;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;

/** Compares a frame of a forecast with the real one. */
final class StepScores {
    private static final double[] RANGE = {1};

    private StepScores() {}

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
}
