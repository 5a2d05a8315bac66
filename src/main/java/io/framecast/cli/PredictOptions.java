package io.framecast.cli;

import io.framecast.node.PredictConfig;
import io.framecast.predict.BatchConfig;
import io.framecast.predict.Policy;
import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What forecasts, and how often. */
final class PredictOptions {
    @Option(
            names = "--model",
            paramLabel = "NAME|DIR",
            defaultValue = ModelsOption.DEFAULT,
            description = "A shipped model, a model's folder, or a baseline: persistence or flow-fade."
                    + " Default: ${DEFAULT-VALUE}")
    String model = ModelsOption.DEFAULT;

    @Mixin
    EngineOptions engine = new EngineOptions();

    @Mixin
    PrecisionOption precision = new PrecisionOption();

    @Option(names = "--every", paramLabel = "N", description = "Frames between forecasts of a camera. Default: 5")
    int every = 5;

    @Option(
            names = "--policy",
            paramLabel = "latest|all",
            description = "latest forecasts only the newest window of a camera and skips older ones; all forecasts"
                    + " every window, however late. Default: latest")
    Policy policy = BatchConfig.defaults().policy();

    @Option(
            names = "--max-batch",
            paramLabel = "N",
            description = "The most windows forecast and committed together. Default: 16")
    int maxBatch = BatchConfig.defaults().maxBatch();

    @Option(
            names = "--max-delay",
            paramLabel = "TIME",
            description = "How long a window waits for others to share a model call. Default: 20ms")
    Duration maxDelay = BatchConfig.defaults().maxDelay();

    @Option(
            names = "--group",
            paramLabel = "NAME",
            defaultValue = "",
            description = "The consumer group whose predictors share the cameras. Default: one per model.")
    String group = "";

    @Option(names = "--no-score", description = "Don't score forecasts, because processes of the role score do.")
    boolean noScore;

    @Option(
            names = "--shadow",
            paramLabel = "NAME|DIR",
            defaultValue = "",
            description = "A second model that forecasts the same windows, for comparison: it is scored, but its"
                    + " forecasts are not published. Default: none")
    String shadow = "";

    /**
     * The configuration.
     *
     * @throws IllegalArgumentException if a value is out of range
     */
    PredictConfig config(ModelsOption models) {
        return new PredictConfig(
                models.directory(),
                model,
                engine.config(),
                precision.value(),
                every,
                new BatchConfig(policy, maxBatch, maxDelay),
                group,
                shadow);
    }
}
