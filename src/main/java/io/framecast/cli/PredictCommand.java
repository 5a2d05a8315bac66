package io.framecast.cli;

import io.framecast.node.NodeConfig;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code framecast predict}: the frames topic into the forecasts topic. */
@Command(
        name = "predict",
        footer = "Example: framecast predict --kafka kafka:9092 --health",
        sortOptions = false,
        description =
                "Forecast the cameras whose frames are in the frames topic. Several predictors share the" + " cameras.")
final class PredictCommand implements Callable<Integer> {
    @Mixin
    PredictOptions predict = new PredictOptions();

    @Mixin
    ModelsOption models = new ModelsOption();

    @Mixin
    HealthOptions health = new HealthOptions();

    @Mixin
    RoleOptions role = new RoleOptions();

    @Override
    public Integer call() {
        EngineThreads.one();
        return role.running.run(config());
    }

    /** What the options say. */
    NodeConfig config() {
        return role.config(
                true, Optional.empty(), Optional.of(predict.config(models)), !predict.noScore, health.config());
    }
}
