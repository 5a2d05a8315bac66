package io.framecast.export;

import io.framecast.forecast.Forecast;
import io.framecast.frame.FrameShape;
import java.time.Duration;
import java.util.function.IntFunction;

/**
 * Pictures that are to become a video; each is made when its turn comes.
 *
 * @param shape of the pictures, RGB or grey
 * @param scale how many pixels wide and high each of theirs becomes
 * @param interval between them, at most a second
 * @param count how many
 * @param bitsPerPixel of the encoded video
 * @param picture H x W x C bytes of the picture of a number from 0
 */
public record Video(
        FrameShape shape, int scale, Duration interval, int count, double bitsPerPixel, IntFunction<byte[]> picture) {
    private static final int FORECAST_SCALE = 4;

    /** A few times what such pictures need: they are small, and looked at closely. */
    private static final double FORECAST_BITS = 2;

    /** The frames of a forecast at their own pace, each pixel as a square of 4 by 4. */
    public static Video of(Forecast forecast) {
        return new Video(
                forecast.shape(),
                FORECAST_SCALE,
                forecast.interval(),
                forecast.frames().size(),
                FORECAST_BITS,
                step -> forecast.frames().get(step).toByteArray());
    }
}
