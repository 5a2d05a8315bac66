package io.framecast.cli;

import io.framecast.bench.PipelineBenchmark;
import io.framecast.bench.Profile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code framecast bench pipeline}. */
@Command(
        name = "pipeline",
        footer = "Example: framecast bench pipeline --cameras 1,2,4 --round 10s",
        sortOptions = false,
        description = {
            "Cameras at 10 frames a second through the whole path, more in each round:",
            "with scoring, page and a viewer, and without them. Tells how many it holds."
        })
final class BenchPipeline implements Callable<Integer> {
    private static final int METHODS = 10;

    @Option(
            names = "--cameras",
            split = ",",
            paramLabel = "N",
            description = "How many cameras, one number per round. Default: 1,2,4,8,16,32,64")
    List<Integer> cameras = List.of(1, 2, 4, 8, 16, 32, 64);

    @Option(names = "--round", paramLabel = "TIME", description = "How long a round lasts. Default: 20s")
    Duration round = Duration.ofSeconds(20);

    @Option(
            names = "--profile",
            description = "Add a round with as many cameras as this machine keeps up with, and list the methods"
                    + " that take most time in it.")
    boolean profile;

    @Mixin
    PredictOptions predict = new PredictOptions();

    @Mixin
    ModelsOption models = new ModelsOption();

    @Mixin
    SharedOptions shared = new SharedOptions();

    @Override
    public Integer call() {
        if (cameras.stream().anyMatch(number -> number < 1)) {
            throw new IllegalArgumentException("--cameras " + cameras + " is out of range: use 1 or more");
        }
        Logs.onlyWarnings();
        System.setProperty("java.awt.headless", "true");
        EngineThreads.one();
        BenchCommand.sayMachine();
        Console.say("model " + predict.model + ", a forecast of a camera every " + predict.every + " frames");
        BenchCommand.inTemporaryFolder(this::measure);
        return ExitCodes.DONE;
    }

    private void measure(Path folder) {
        var benchmark = new PipelineBenchmark(predict.config(models), folder, round);
        var rounds = new ArrayList<PipelineBenchmark.Round>();
        Console.say(String.format(
                "%7s %-9s %12s %7s %7s %7s %8s %6s %6s %9s %13s  %s",
                "cameras",
                "page",
                "forecasts/s",
                "p50 ms",
                "p95 ms",
                "p99 ms",
                "skipped",
                "lost",
                "cores",
                "of model",
                "resident MiB",
                "holds"));
        benchmark.run(cameras, found -> {
            rounds.add(found);
            say(found);
        });
        sayKnee(rounds, true, "with scoring, page and a viewer");
        sayKnee(rounds, false, "without them");
        if (profile) {
            int most = PipelineBenchmark.knee(rounds, true).orElse(1);
            List<Profile.Row> methods = Profile.of(() -> say(benchmark.round(most, true)), folder, METHODS);
            Console.say("methods at the top of stacks in that round, with the recorder's own cost; % of samples");
            methods.forEach(
                    row -> Console.say(String.format(Locale.ROOT, "%5.1f  %s", 100 * row.share(), row.method())));
        }
    }

    private static void sayKnee(List<PipelineBenchmark.Round> rounds, boolean whole, String words) {
        PipelineBenchmark.knee(rounds, whole)
                .ifPresentOrElse(
                        most -> Console.say("holds " + most + " cameras " + words),
                        () -> Console.say("holds none of these numbers of cameras " + words));
    }

    private static void say(PipelineBenchmark.Round found) {
        Console.say(String.format(
                Locale.ROOT,
                "%7d %-9s %12.1f %7d %7d %7d %8d %6d %6.2f %9.2f %13s  %s",
                found.cameras(),
                found.whole() ? "and score" : "without",
                found.forecastsASecond(),
                found.latency().p50(),
                found.latency().p95(),
                found.latency().p99(),
                found.skipped(),
                found.lost(),
                found.load().cores(),
                found.load().modelCores(),
                found.load().residentMiB().isPresent()
                        ? String.valueOf(found.load().residentMiB().getAsLong())
                        : "-",
                found.holds() ? "yes" : "no"));
    }
}
