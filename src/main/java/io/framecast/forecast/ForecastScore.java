package io.framecast.forecast;

import java.util.List;
import java.util.OptionalDouble;

/**
 * How well a forecast fitted what really came.
 *
 * @param forecastId the forecast's name
 * @param origin the last real frame it started from
 * @param steps a score a frame, nearest first; {@link StepScore#MISSING} where the real one was dropped
 * @param surprise the highest of the frames that were compared with it, see {@link FrameSurprise}; NaN while that is
 *     not known, or none was
 * @param recent the errors of the camera's recent forecasts by this model, with this one
 */
public record ForecastScore(
        String forecastId, Origin origin, List<StepScore> steps, double surprise, RecentErrors recent) {
    /** Copies the steps. */
    public ForecastScore {
        steps = List.copyOf(steps);
    }

    public static ForecastScore of(Forecast forecast, List<StepScore> steps, double surprise, RecentErrors recent) {
        return new ForecastScore(forecast.id(), forecast.origin(), steps, surprise, recent);
    }

    /** The skill over all steps whose frames came, see {@link PixelError#skill}; empty if that is not known. */
    public OptionalDouble skill() {
        List<StepScore> known = steps.stream().filter(step -> !step.isMissing()).toList();
        double mse = known.stream().mapToDouble(StepScore::mse).sum();
        double persistenceMse =
                known.stream().mapToDouble(StepScore::persistenceMse).sum();
        double skill = PixelError.skill(mse, persistenceMse);
        return known.isEmpty() || !Double.isFinite(skill) ? OptionalDouble.empty() : OptionalDouble.of(skill);
    }

    /** The name of the model that made the forecast: the fourth part of its id. */
    public String model() {
        return forecastId.split("/", 4)[3];
    }
}
