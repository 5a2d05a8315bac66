package io.framecast.node;

import io.framecast.model.engine.EngineConfig;
import io.framecast.model.engine.Precision;
import io.framecast.predict.BatchConfig;
import java.nio.file.Path;

/**
 * The predict role.
 *
 * @param models the folder of shipped models
 * @param model a model's name there, its folder, or a baseline: {@code persistence} or {@code flow-fade}
 * @param engine what the model runs on
 * @param precision what the model computes with
 * @param every frames between forecasts of a camera
 * @param batching how windows of several cameras are put together
 * @param group the consumer group, or empty for one named after the model
 * @param shadow a model that forecasts the same windows, compared and not published; empty for none
 */
public record PredictConfig(
        Path models,
        String model,
        EngineConfig engine,
        Precision precision,
        int every,
        BatchConfig batching,
        String group,
        String shadow) {
    /** Without a shadow. */
    public PredictConfig(
            Path models,
            String model,
            EngineConfig engine,
            Precision precision,
            int every,
            BatchConfig batching,
            String group) {
        this(models, model, engine, precision, every, batching, group, "");
    }

    /**
     * Checks the period.
     *
     * @throws IllegalArgumentException if it is outside 1 to 100000
     */
    public PredictConfig {
        if (every < 1 || every > 100_000) {
            throw new IllegalArgumentException("every " + every + " is outside 1 to 100000 frames");
        }
    }

    /** The consumer group of the predictors that were started with a model. */
    public static String group(String prefix, String model) {
        return prefix + ".predict." + model;
    }
}
