package io.framecast.score;

import io.framecast.forecast.PixelError;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.score.PictureComparison.Comparison;
import java.util.Arrays;
import java.util.List;

/** Errors of many forecasts, summed up step by step; its size does not grow with their number. */
public final class HorizonScores {
    /** A pixel is still while no channel is further from the last real frame than so many of 255 levels. */
    public static final int STILL_LEVELS = 15;

    private static final double[] RANGES = {1, 2};

    private final FrameShape shape;
    private final double[] meanSquare;
    private final double[] meanAbsolute;
    private final double[] psnr;
    private final double[] ssim;
    private final double[] ssimOfRangeTwo;
    private final double[] movingError;
    private final double[] stillError;
    private long stillPixels;
    private long windows;

    /**
     * Starts empty.
     *
     * @param shape the size of every frame
     * @param horizon how many steps of a forecast count, at least 1
     */
    public HorizonScores(FrameShape shape, int horizon) {
        this.shape = shape;
        meanSquare = new double[horizon];
        meanAbsolute = new double[horizon];
        psnr = new double[horizon];
        ssim = new double[horizon];
        ssimOfRangeTwo = new double[horizon];
        movingError = new double[horizon];
        stillError = new double[horizon];
    }

    /**
     * Takes one forecast.
     *
     * @param last the frame it started from
     * @param truth the real frames that came, as many as the horizon or more
     * @param forecast the frames forecast, likewise
     */
    public void add(Pixels last, List<Pixels> truth, List<Pixels> forecast) {
        var moving = new MovingPixels(shape, last);
        var comparison = new PictureComparison(shape);
        for (int step = 0; step < meanSquare.length; step++) {
            Pixels real = truth.get(step);
            Pixels seen = forecast.get(step);
            Comparison found = comparison.compare(comparison.sums(real), seen, RANGES);
            double error = found.meanSquare();
            meanSquare[step] += error;
            meanAbsolute[step] += PixelError.meanAbsolute(seen, real);
            psnr[step] += PixelError.psnr(error);
            ssim[step] += found.similarities().get(0);
            ssimOfRangeTwo[step] += found.similarities().get(1);
            moving.add(real);
            movingError[step] += moving.squareError(seen, real);
        }
        for (int step = 0; step < meanSquare.length; step++) { // background is what no step has moved
            stillError[step] += moving.stillSquareError(forecast.get(step), truth.get(step));
        }
        stillPixels += shape.height() * shape.width() - moving.count();
        windows++;
    }

    /** An empty one of the same shape and horizon. */
    public HorizonScores emptyCopy() {
        return new HorizonScores(shape, horizon());
    }

    /** Takes all that another has, of the same shape and horizon. */
    public void addAll(HorizonScores other) {
        add(meanSquare, other.meanSquare);
        add(meanAbsolute, other.meanAbsolute);
        add(psnr, other.psnr);
        add(ssim, other.ssim);
        add(ssimOfRangeTwo, other.ssimOfRangeTwo);
        add(movingError, other.movingError);
        add(stillError, other.stillError);
        stillPixels += other.stillPixels;
        windows += other.windows;
    }

    private static void add(double[] sums, double[] more) {
        for (int step = 0; step < sums.length; step++) {
            sums[step] += more[step];
        }
    }

    /** How many forecasts it has. */
    public long windows() {
        return windows;
    }

    /** How many steps of each forecast. */
    public int horizon() {
        return meanSquare.length;
    }

    /** Mean squared error of each step, values taken as 0 to 1. */
    public double[] mse() {
        return means(meanSquare);
    }

    /** Mean absolute error of each step, values taken as 0 to 1. */
    public double[] mae() {
        return means(meanAbsolute);
    }

    /** The mean over forecasts of each step's PSNR, in dB. */
    public double[] psnr() {
        return means(psnr);
    }

    /** The mean over forecasts of each step's SSIM. */
    public double[] ssim() {
        return means(ssim);
    }

    /** SSIM as OpenSTL publishes it, with the range of values taken as 2. */
    public double[] ssimOfRangeTwo() {
        return means(ssimOfRangeTwo);
    }

    /** Squared error over the pixels that moved since the origin: a sum over those, a mean over forecasts. */
    public double[] movingError() {
        return means(movingError);
    }

    /**
     * PSNR of each step over the still background, of all forecasts together, in dB: how sharp that stays. Background
     * is, for each forecast, the pixels that at no step of the horizon move; NaN if there are none.
     */
    public double[] stillPsnr() {
        return Arrays.stream(stillError).map(this::stillPsnr).toArray();
    }

    /** PSNR over the still background of all steps together, in dB, see {@link #stillPsnr()}. */
    public double stillPsnrOfAllSteps() {
        return stillPsnr(mean(stillError));
    }

    private double stillPsnr(double squareError) {
        return stillPixels == 0 ? Double.NaN : PixelError.psnr(squareError / stillPixels);
    }

    /**
     * Squared error as the literature on Moving MNIST gives it: the sum over pixels, the mean over channels, steps and
     * forecasts.
     */
    public double summedMse() {
        return mean(mse()) * shape.height() * shape.width();
    }

    /** Absolute error as the literature on Moving MNIST gives it, see {@link #summedMse}. */
    public double summedMae() {
        return mean(mae()) * shape.height() * shape.width();
    }

    /** The mean over all steps of one of the measures above. */
    public static double mean(double[] steps) {
        return Arrays.stream(steps).average().orElse(Double.NaN);
    }

    private double[] means(double[] sums) {
        return Arrays.stream(sums).map(sum -> sum / windows).toArray();
    }
}
