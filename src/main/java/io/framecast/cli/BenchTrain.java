package io.framecast.cli;

import io.framecast.bench.TrainingBenchmark;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench train}. */
@Command(
        name = "train",
        footer = "Example: framecast bench train --network deconv-lstm",
        sortOptions = false,
        description = "Measure how fast networks are trained (recipe teacher-forced, on synthetic frames), and"
                + " how fast this machine multiplies matrices.")
final class BenchTrain implements Callable<Integer> {
    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Training steps of each network, at least 10. Default: 20")
    int steps = 20;

    @Option(names = "--batch", paramLabel = "N", description = "Windows per training step. Default: 4")
    int batch = 4;

    @Option(
            names = "--network",
            paramLabel = "NAME",
            split = ",",
            description = "Which networks to train: deconv-lstm, convlstm, thin. Default: deconv-lstm,convlstm")
    List<String> networks = List.of("deconv-lstm", "convlstm");

    @Mixin
    EngineOptions engine = new EngineOptions();

    @Mixin
    SharedOptions shared = new SharedOptions();

    @Override
    public Integer call() {
        if (steps < 10) {
            throw new IllegalArgumentException("steps " + steps + " are too few to measure: use 10 or more");
        }
        Logs.onlyWarnings();
        System.setProperty("java.awt.headless", "true");
        EngineThreads.all();
        var benchmark = new TrainingBenchmark(engine.choose(), steps, batch);
        Console.say(String.format(Locale.ROOT, "matrix product 2048x2048, float32: %.0f GFLOP/s", benchmark.product()));
        Console.say(String.format("%-44s %10s %12s %22s", "network", "frames/s", "waiting", "resident MiB"));
        benchmark.run(
                chosen(),
                row -> Console.say(String.format(
                        Locale.ROOT,
                        "%-44s %10.1f %10.2f %% %10s -> %8s",
                        row.network(),
                        row.framesPerSecond(),
                        100 * row.share(),
                        text(row.firstMebibytes()),
                        text(row.lastMebibytes()))));
        return ExitCodes.DONE;
    }

    private Map<String, Map<String, Object>> chosen() {
        var chosen = new LinkedHashMap<String, Map<String, Object>>();
        for (String network : networks) {
            switch (network) {
                case "deconv-lstm" -> chosen.put("deconv-lstm (8x8, 256 hidden)", Map.of("output", "frame"));
                case "convlstm" -> chosen.put("convlstm (64x64; 32, 32, 3)", Map.of());
                case "thin" ->
                    chosen.put(
                            "deconv-lstm (thin: 16, 32, 48, 64; 64 hidden)",
                            Map.of("filters", List.of(16, 32, 48, 64), "hidden", 64, "output", "frame"));
                default ->
                    throw new IllegalArgumentException(
                            "network '" + network + "' is none of deconv-lstm, convlstm and thin");
            }
        }
        return chosen;
    }

    private static String text(OptionalLong mebibytes) {
        return mebibytes.isPresent() ? String.valueOf(mebibytes.getAsLong()) : "-";
    }
}
