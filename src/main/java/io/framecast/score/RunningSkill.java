package io.framecast.score;

import io.framecast.forecast.ForecastScore;
import io.framecast.forecast.PixelError;
import io.framecast.forecast.StepScore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How good the forecasts of a camera have been lately, step by step: the errors of forecasts and of persistence, of
 * which each newer score lets the older ones fade. Immutable.
 *
 * @param errors fading sums of the mean squared error, one per step
 * @param persistenceErrors the same of persistence
 * @param forecasts how many scores it has seen
 */
public record RunningSkill(List<Double> errors, List<Double> persistenceErrors, long forecasts) {
    /** What is left of older scores with each newer one: they count for about fifty forecasts. */
    private static final double KEEP = 0.98;

    /** Copies the lists. */
    public RunningSkill {
        errors = List.copyOf(errors);
        persistenceErrors = List.copyOf(persistenceErrors);
    }

    /** Before the first score. */
    public static RunningSkill none() {
        return new RunningSkill(List.of(), List.of(), 0);
    }

    /** With one more score; its missing steps leave the sums as they are. */
    public RunningSkill with(ForecastScore score) {
        var all = new ArrayList<Double>();
        var still = new ArrayList<Double>();
        for (int step = 0; step < score.steps().size(); step++) {
            StepScore one = score.steps().get(step);
            boolean known = !one.isMissing() && !Double.isNaN(one.persistenceMse());
            double before = step < errors.size() ? errors.get(step) : 0;
            double stillBefore = step < persistenceErrors.size() ? persistenceErrors.get(step) : 0;
            all.add(known ? KEEP * before + one.mse() : before);
            still.add(known ? KEEP * stillBefore + one.persistenceMse() : stillBefore);
        }
        return new RunningSkill(all, still, forecasts + 1);
    }

    /** Skill at each step, see {@link PixelError#skill}; 0 where nothing is known. */
    public List<Double> steps() {
        var skills = new ArrayList<Double>();
        for (int step = 0; step < errors.size(); step++) {
            skills.add(PixelError.skill(errors.get(step), persistenceErrors.get(step)));
        }
        return Collections.unmodifiableList(skills);
    }
}
