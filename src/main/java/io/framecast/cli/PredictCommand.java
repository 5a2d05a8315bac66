package io.framecast.cli;

import io.framecast.pipeline.NodeConfig;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code framecast predict}: the frames topic into the forecasts topic. */
@Command(
        name = "predict",
        sortOptions = false,
        description = "Forecast what is in the frames topic; start more of them to share the cameras.")
final class PredictCommand implements Callable<Integer> {
    @Mixin
    PredictOptions predict = new PredictOptions();

    @Mixin
    ModelsOption models = new ModelsOption();

    @Option(
            names = "--health",
            negatable = true,
            fallbackValue = "true",
            description = "Serve health and metrics over HTTP.")
    boolean health;

    @Mixin
    PreviewOptions http = new PreviewOptions();

    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    @Mixin
    RunOptions running = new RunOptions();

    @Mixin
    SharedOptions shared = new SharedOptions();

    @Override
    public Integer call() {
        return running.run(config());
    }

    /** What the options say. */
    NodeConfig config() {
        return new NodeConfig(
                kafka.config(true),
                Optional.empty(),
                Optional.of(predict.config(models)),
                health ? Optional.of(http.config(PreviewOptions.Kind.NONE)) : Optional.empty(),
                running.duration());
    }
}
