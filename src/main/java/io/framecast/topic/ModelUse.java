package io.framecast.topic;

import java.time.Instant;

/**
 * Which model the predictors of a consumer group run.
 *
 * @param group the group, which is named after the model that its predictors started with
 * @param model the model that they run: a name in their models folder, a folder, or a baseline
 * @param since when that was asked for
 * @param by who asked, as {@code user@host}
 */
public record ModelUse(String group, String model, Instant since, String by) {
    /**
     * Checks the names.
     *
     * @throws IllegalArgumentException if group or model is empty
     */
    public ModelUse {
        if (group.isEmpty() || model.isEmpty()) {
            throw new IllegalArgumentException("model '" + model + "' of group '" + group + "': both need a name");
        }
    }
}
