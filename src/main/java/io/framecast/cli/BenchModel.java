package io.framecast.cli;

import io.framecast.bench.ForecastBenchmark;
import io.framecast.bench.TrainingBenchmark;
import io.framecast.evaluate.Evaluation;
import io.framecast.forecast.Forecaster;
import io.framecast.model.ModelFolder;
import io.framecast.model.NetworkForecaster;
import io.framecast.model.engine.ComputeDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench model}. */
@Command(
        name = "model",
        footer = "Example: framecast bench model --model flow-mixture --calls 60",
        sortOptions = false,
        description = "Measure how long models take to forecast 32 frames of the rendered street, and how fast"
                + " this machine multiplies matrices.")
final class BenchModel implements Callable<Integer> {
    @Option(
            names = "--model",
            paramLabel = "NAME|DIR",
            split = ",",
            description = "Models or baselines; may be repeated. Default: " + ModelsOption.DEFAULT)
    List<String> names = new ArrayList<>();

    @Option(
            names = "--batch",
            paramLabel = "N",
            split = ",",
            description = "How many windows each call forecasts, one number per row of the table. Default: 1,4,8")
    List<Integer> batches = List.of(1, 4, 8);

    @Option(
            names = "--calls",
            paramLabel = "N",
            description = "How many calls are measured for each row, at least 5. Default: 20")
    int calls = 20;

    @Mixin
    EngineOptions engine = new EngineOptions();

    @Mixin
    PrecisionOption precision = new PrecisionOption();

    @Mixin
    ModelsOption models = new ModelsOption();

    @Mixin
    SharedOptions shared = new SharedOptions();

    @Override
    public Integer call() {
        if (calls < 5 || batches.stream().anyMatch(batch -> batch < 1 || batch > 1024)) {
            throw new IllegalArgumentException("calls " + calls + " and batches " + batches
                    + " cannot be measured: use 5 calls or more, and batches of 1 to 1024");
        }
        Logs.onlyWarnings();
        EngineThreads.one();
        ComputeDevice device = engine.choose();
        double product = new TrainingBenchmark(device, 10, 1).product();
        Console.say(String.format(Locale.ROOT, "matrix product 2048x2048, float32: %.0f GFLOP/s", product));
        Console.say(String.format("%-24s %6s %10s %10s %13s", "model", "batch", "median ms", "p95 ms", "forecasts/s"));
        for (String name : names.isEmpty() ? List.of(ModelsOption.DEFAULT) : names) {
            try (Forecaster forecaster = open(name, device)) {
                batches.forEach(batch -> say(name, new ForecastBenchmark(forecaster, calls).run(batch)));
            }
        }
        return ExitCodes.DONE;
    }

    private Forecaster open(String name, ComputeDevice device) {
        Forecaster baseline = Evaluation.baselines().get(name);
        if (baseline != null) {
            return baseline;
        }
        var network = NetworkForecaster.load(ModelFolder.find(models.directory(), name), device, precision.value());
        Console.say(name + " computes in " + network.precision().title());
        return network;
    }

    private static void say(String name, ForecastBenchmark.Row row) {
        Console.say(String.format(
                Locale.ROOT,
                "%-24s %6d %10.1f %10.1f %13.1f",
                name,
                row.batch(),
                row.medianMillis(),
                row.worstMillis(),
                row.forecastsPerSecond()));
    }
}
