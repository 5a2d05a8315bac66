package io.framecast.preview.history;

import io.framecast.frame.EncodedImage;
import io.framecast.frame.FrameId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A moment of a camera that has passed.
 *
 * @param frame which frame it is
 * @param time when that was captured
 * @param first whether it is the first of its epoch, so that there is a gap before it
 * @param seen the frame as a JPEG file, in its own size
 * @param expected what had been forecast for this moment, if anything was in time
 * @param surprise how surprising the frame was, or a later one up to the next moment; NaN if that is not known
 */
public record Moment(
        FrameId frame, Instant time, boolean first, EncodedImage seen, Optional<Expected> expected, double surprise) {
    /**
     * What had been forecast for a moment.
     *
     * @param picture the frame of the forecast as a JPEG file
     * @param lead how long before the moment the forecast's last real frame was captured
     * @param error the root of the mean squared error of that frame, values taken as 0 to 1
     */
    public record Expected(EncodedImage picture, Duration lead, double error) {}

    /** The moment with the surprise of one of its frames, if that is higher than what is known. */
    Moment withSurprise(double other) {
        double highest = Double.isNaN(surprise) ? other : Math.max(surprise, other);
        return new Moment(frame, time, first, seen, expected, highest);
    }

    /** How many bytes its pictures have. */
    long bytes() {
        return seen.size() + expected.map(then -> (long) then.picture().size()).orElse(0L);
    }
}
