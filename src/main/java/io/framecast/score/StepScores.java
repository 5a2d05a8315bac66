package io.framecast.score;

import io.framecast.forecast.PixelError;
import io.framecast.forecast.StepScore;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.score.PictureComparison.Comparison;

/**
 * Compares frames of forecasts with the real ones. Keeps its buffers, so it is used by one thread; all cameras of a
 * thread may share it.
 */
final class StepScores {
    private static final double RANGE = 1;

    private PictureComparison comparison = new PictureComparison(FrameShape.STANDARD);

    /** What is to be known of a real frame, computed once. */
    WindowSums sums(FrameShape shape, Pixels real) {
        return comparison(shape).sums(real);
    }

    /**
     * Compares a forecast and the last frame with the real frame.
     *
     * @param forecast of the shape of the other two
     */
    StepScore of(Pixels forecast, WindowSums last, WindowSums real) {
        Comparison seen = comparison(real.shape()).compare(real, forecast, RANGE);
        Comparison still = comparison.compare(real, last, RANGE);
        return new StepScore(
                seen.meanSquare(),
                PixelError.psnr(seen.meanSquare()),
                seen.similarities().get(0),
                still.meanSquare(),
                PixelError.psnr(still.meanSquare()),
                still.similarities().get(0));
    }

    private PictureComparison comparison(FrameShape shape) {
        if (!comparison.shape().equals(shape)) {
            comparison = new PictureComparison(shape);
        }
        return comparison;
    }
}
