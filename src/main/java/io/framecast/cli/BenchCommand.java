package io.framecast.cli;

import io.framecast.bench.CaptureBenchmark;
import io.framecast.bench.PreviewBenchmark;
import io.framecast.bench.SoakBenchmark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code framecast bench}: rates next to the limits of the machine. */
@Command(
        name = "bench",
        footer = "Example: framecast bench model --calls 60",
        sortOptions = false,
        description = "Measure how fast this machine does one part of the work, and compare it with a limit.",
        subcommands = {
            BenchCommand.Capture.class,
            BenchPipeline.class,
            BenchModel.class,
            BenchTrain.class,
            BenchCommand.Preview.class,
            BenchCommand.Soak.class
        })
final class BenchCommand implements Callable<Integer> {
    @Mixin
    SharedOptions shared = new SharedOptions();

    @Override
    public Integer call() {
        throw new IllegalArgumentException(
                "benchmark is missing: use bench capture, model, pipeline, preview, soak or train");
    }

    /** {@code bench capture}. */
    @Command(
            name = "capture",
            footer = "Example: framecast bench capture",
            description = "Decode and resize 720p30 and 1080p30 video, compared with the ffmpeg program.")
    static final class Capture implements Callable<Integer> {
        @Mixin
        SharedOptions shared = new SharedOptions();

        @Override
        public Integer call() {
            sayMachine();
            Console.say(
                    String.format("%-10s %-12s %10s %14s  %s", "video", "reader", "frames/s", "cores a stream", ""));
            inTemporaryFolder(folder -> new CaptureBenchmark()
                    .run(folder)
                    .forEach(row -> Console.say(String.format(
                            Locale.ROOT,
                            "%-10s %-12s %10s %14s  %s",
                            row.video(),
                            row.reader(),
                            row.framesPerSecond()
                                    .map(rate -> String.format(Locale.ROOT, "%.0f", rate))
                                    .orElse("-"),
                            row.shareOfCore()
                                    .map(share -> String.format(Locale.ROOT, "%.3f", share))
                                    .orElse("-"),
                            row.note()))));
            return ExitCodes.DONE;
        }
    }

    /** {@code bench preview}. */
    @Command(
            name = "preview",
            footer = "Example: framecast bench preview --viewers 1,20",
            sortOptions = false,
            description = "Measure what viewers of the page cost, and how old the pictures are that they see.")
    static final class Preview implements Callable<Integer> {
        @Option(
                names = "--viewers",
                split = ",",
                paramLabel = "N",
                description = "How many viewers, one number per round. Default: 1,20,1,20")
        List<Integer> viewers = List.of(1, 20, 1, 20);

        @Option(names = "--cameras", paramLabel = "N", description = "How many cameras the page shows. Default: 1")
        int cameras = 1;

        @Option(names = "--round", paramLabel = "TIME", description = "How long a round lasts. Default: 15s")
        Duration round = Duration.ofSeconds(15);

        @Mixin
        SharedOptions shared = new SharedOptions();

        @Override
        public Integer call() {
            Logs.onlyWarnings();
            System.setProperty("java.awt.headless", "true");
            if (cameras < 1 || viewers.stream().anyMatch(number -> number < 1)) {
                throw new IllegalArgumentException(
                        "--cameras " + cameras + " or --viewers " + viewers + " is out of range: use 1 or more");
            }
            sayMachine();
            Console.say(cameras + " cameras at 10 frames a second, a forecast of each every half second");
            Console.say(String.format(
                    "%7s %18s %20s %12s %12s",
                    "viewers", "of the machine, %", "frames/s each camera", "age p50 ms", "p95 ms"));
            new PreviewBenchmark(cameras, round)
                    .run(
                            viewers,
                            found -> Console.say(String.format(
                                    Locale.ROOT,
                                    "%7d %18.1f %20.1f %12d %12d",
                                    found.viewers(),
                                    100 * found.machineShare(),
                                    found.framesASecond(),
                                    found.ageP50Millis(),
                                    found.ageP95Millis())));
            return ExitCodes.DONE;
        }
    }

    /** {@code bench soak}. */
    @Command(
            name = "soak",
            footer = "Example: framecast bench soak --minutes 15 --seed 7",
            sortOptions = false,
            description = "Run every role as a process of its own, kill and freeze them at random, and then check"
                    + " that no record is missing or doubled.")
    static final class Soak implements Callable<Integer> {
        @Option(names = "--minutes", paramLabel = "N", description = "How long failures are caused. Default: 30")
        int minutes = 30;

        @Option(
                names = "--seed",
                paramLabel = "N",
                description = "Seed of the random failures: the same seed gives the same ones. Default: 1")
        long seed = 1;

        @Mixin
        SharedOptions shared = new SharedOptions();

        @Override
        public Integer call() {
            Logs.onlyWarnings();
            sayMachine();
            Path folder = temporaryFolder();
            Console.say("logs and topics in " + folder + " until it ends clean");
            var soak = new SoakBenchmark(Children::start, folder, seed, Console::say);
            SoakBenchmark.Verdict verdict = soak.run(Duration.ofMinutes(minutes));
            verdict.rows().forEach((what, found) -> Console.say(String.format("%-20s %s", what, found)));
            Console.say(verdict.clean() ? "clean" : "NOT CLEAN");
            if (!verdict.clean()) {
                return ExitCodes.FAILED;
            }
            delete(folder);
            return ExitCodes.DONE;
        }
    }

    /** What is done in a folder that is gone afterwards. */
    interface Work {
        void in(Path folder) throws IOException;
    }

    static void sayMachine() {
        Runtime runtime = Runtime.getRuntime();
        Console.say(System.getProperty("os.arch") + ", " + runtime.availableProcessors() + " processors, Java "
                + Runtime.version().feature());
    }

    static void inTemporaryFolder(Work work) {
        Path folder = temporaryFolder();
        try {
            work.in(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot work in the temporary directory", e);
        } finally {
            delete(folder);
        }
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("framecast-bench");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot work in the temporary directory", e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot clear the temporary directory " + folder, e);
        }
    }
}
