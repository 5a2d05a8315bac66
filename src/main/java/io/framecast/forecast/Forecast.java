package io.framecast.forecast;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The next frames of a camera, as a model sees them coming.
 *
 * @param origin the last real frame it starts from
 * @param model what made it
 * @param contextLength how many real frames it was made from
 * @param interval the time between its frames
 * @param shape the size of every frame
 * @param frames the horizon, nearest first; H x W x C bytes each
 * @param expectedErrors the mean squared error that the model expects of each frame, values taken as 0 to 1; empty if
 *     it does not know
 * @param stamps when the work on it happened, if it was made live
 */
public record Forecast(
        Origin origin,
        ModelVersion model,
        int contextLength,
        Duration interval,
        FrameShape shape,
        List<Pixels> frames,
        List<Double> expectedErrors,
        Optional<LatencyStamps> stamps) {
    /** The number of frames every forecaster looks ahead. */
    public static final int HORIZON = 32;

    /**
     * Checks the frames.
     *
     * @throws IllegalArgumentException if there is no frame, or one does not fill the shape
     */
    public Forecast {
        frames = List.copyOf(frames);
        expectedErrors = List.copyOf(expectedErrors);
        if (!expectedErrors.isEmpty() && expectedErrors.size() != frames.size()) {
            throw new IllegalArgumentException("forecast of " + origin.camera() + " has " + frames.size()
                    + " frames, but " + expectedErrors.size() + " expected errors");
        }
        if (frames.isEmpty()) {
            throw new IllegalArgumentException("forecast of " + origin.camera() + " has no frames");
        }
        for (var pixels : frames) {
            if (pixels.size() != shape.bytes()) {
                throw new IllegalArgumentException("forecast of " + origin.camera() + " has a frame of " + pixels.size()
                        + " bytes, its shape " + shape + " needs " + shape.bytes());
            }
        }
    }

    /** A forecast of a model that does not know its error. */
    public Forecast(
            Origin origin,
            ModelVersion model,
            int contextLength,
            Duration interval,
            FrameShape shape,
            List<Pixels> frames,
            Optional<LatencyStamps> stamps) {
        this(origin, model, contextLength, interval, shape, frames, List.of(), stamps);
    }

    /** The forecast's name: {@code camera/epoch/sequence/model}; the same window and model give the same name. */
    public String id() {
        return origin.camera() + "/" + origin.epoch() + "/" + origin.sequence() + "/" + model.name();
    }

    /**
     * The moment a frame of the forecast is for.
     *
     * @param step 0 for the nearest frame
     */
    public Instant forTime(int step) {
        return origin.time().plus(interval.multipliedBy(step + 1L));
    }

    /** The same forecast with its latency stamps. */
    public Forecast stamped(LatencyStamps latency) {
        return new Forecast(
                origin, model, contextLength, interval, shape, frames, expectedErrors, Optional.of(latency));
    }
}
