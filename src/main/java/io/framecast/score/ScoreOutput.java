package io.framecast.score;

import io.framecast.forecast.ForecastScore;
import io.framecast.forecast.FrameSurprise;
import io.framecast.forecast.SurprisingStretch;
import io.framecast.frame.CameraId;

/** What a scorer publishes. */
public sealed interface ScoreOutput {
    /** Whose frames it is about. */
    CameraId camera();

    /**
     * How well a forecast fitted.
     *
     * @param trace the forecast's W3C trace context, or empty
     */
    record OfForecast(ForecastScore score, String trace) implements ScoreOutput {
        @Override
        public CameraId camera() {
            return score.origin().camera();
        }
    }

    /** How surprising a frame was. */
    record OfFrame(FrameSurprise surprise) implements ScoreOutput {
        @Override
        public CameraId camera() {
            return surprise.camera();
        }
    }

    /** A stretch of surprising frames that began or ended. */
    record OfStretch(SurprisingStretch stretch) implements ScoreOutput {
        @Override
        public CameraId camera() {
            return stretch.camera();
        }
    }
}
