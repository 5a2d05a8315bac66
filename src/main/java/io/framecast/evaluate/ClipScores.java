package io.framecast.evaluate;

import io.framecast.score.HorizonScores;
import java.util.Map;

/**
 * What an evaluation found on one clip.
 *
 * @param clip its name
 * @param models the scores of each model, by its name
 */
public record ClipScores(String clip, Map<String, HorizonScores> models) {
    /** The scores of a model that took part. */
    public HorizonScores of(String model) {
        HorizonScores scores = models.get(model);
        if (scores == null) {
            throw new IllegalArgumentException("model '" + model + "' was not evaluated on " + clip);
        }
        return scores;
    }
}
