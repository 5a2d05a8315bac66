package io.framecast.score;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.util.BitSet;

/**
 * Where something moved since a forecast's origin: the pixels that in any real frame until now were more than 15 of 255
 * levels, in any channel, away from the last frame. A pixel stays in when the last frame's colour comes back, so that
 * repeating the last frame can be right there too.
 */
final class MovingPixels {
    private final FrameShape shape;
    private final Pixels last;
    private final BitSet moved = new BitSet();

    MovingPixels(FrameShape shape, Pixels last) {
        this.shape = shape;
        this.last = last;
    }

    /** Takes the next real frame. */
    void add(Pixels truth) {
        for (int i = 0; i < truth.size(); i++) {
            if (Math.abs(truth.at(i) - last.at(i)) > HorizonScores.STILL_LEVELS) {
                moved.set(i / shape.channels());
            }
        }
    }

    /** How many pixels moved. */
    int count() {
        return moved.cardinality();
    }

    /** The sum over them of the squared difference, the mean over channels, values taken as 0 to 1. */
    double squareError(Pixels forecast, Pixels truth) {
        long sum = 0;
        for (int pixel = moved.nextSetBit(0); pixel >= 0; pixel = moved.nextSetBit(pixel + 1)) {
            sum += squareDifference(forecast, truth, pixel);
        }
        return sum / (255.0 * 255.0 * shape.channels());
    }

    /** The same over all other pixels, which have not moved. */
    double stillSquareError(Pixels forecast, Pixels truth) {
        long sum = 0;
        int pixels = shape.height() * shape.width();
        for (int pixel = moved.nextClearBit(0); pixel < pixels; pixel = moved.nextClearBit(pixel + 1)) {
            sum += squareDifference(forecast, truth, pixel);
        }
        return sum / (255.0 * 255.0 * shape.channels());
    }

    private long squareDifference(Pixels forecast, Pixels truth, int pixel) {
        long sum = 0;
        int first = pixel * shape.channels();
        for (int i = first; i < first + shape.channels(); i++) {
            int difference = forecast.at(i) - truth.at(i);
            sum += (long) difference * difference;
        }
        return sum;
    }
}
