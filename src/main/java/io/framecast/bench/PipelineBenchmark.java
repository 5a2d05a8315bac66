package io.framecast.bench;

import io.framecast.node.BrokerConfig;
import io.framecast.node.CaptureConfig;
import io.framecast.node.Node;
import io.framecast.node.NodeConfig;
import io.framecast.node.PredictConfig;
import io.framecast.node.PreviewConfig;
import io.framecast.node.RunSummary;
import io.framecast.node.RunSummary.LatencyMillis;
import io.framecast.preview.http.HttpConfig;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceSpec;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * How many cameras one process holds: built-in scenes at 10 frames a second through the whole path, on an embedded
 * broker, more of them in each round; each number once as people run it, with scoring, page and a viewer, and once
 * without these.
 */
public final class PipelineBenchmark {
    private static final String SCENE = "test:shapes";
    private static final String PAGE = "preview   ";
    private static final String FIRST_FORECAST = "forecast  ";
    private static final Duration SAMPLING = Duration.ofSeconds(1);

    /** A forecast that is older when it comes is of little use. */
    private static final long BOUND_MILLIS = 500;

    private final PredictConfig predict;
    private final Path directory;
    private final Duration length;
    private int rounds;

    /**
     * Prepares it.
     *
     * @param predict what forecasts, and how often
     * @param directory an empty folder for the broker's logs
     * @param length how long each round lasts
     */
    public PipelineBenchmark(PredictConfig predict, Path directory, Duration length) {
        this.predict = predict;
        this.directory = directory;
        this.length = length;
    }

    /**
     * One round.
     *
     * @param cameras how many
     * @param whole whether with scoring, page and one viewer
     * @param forecastsASecond committed, all cameras together
     * @param latency from capture to forecast, of the camera with the highest p95
     * @param skipped windows that a newer one overtook
     * @param lost frames that were sampled and not published
     * @param load what the process used from the first forecast on
     */
    public record Round(
            int cameras,
            boolean whole,
            double forecastsASecond,
            LatencyMillis latency,
            long skipped,
            long lost,
            Load load) {
        /** Whether all forecasts came, and 95 of 100 within half a second. */
        public boolean holds() {
            return latency.p95() < BOUND_MILLIS && skipped == 0 && lost == 0;
        }
    }

    /**
     * What a round used.
     *
     * @param cores how many cores were busy, on average
     * @param modelCores of these, how many computed forecasts
     * @param residentMiB the most memory, in steps of a second, of which earlier rounds of this process left some;
     *     empty where the system does not tell
     */
    public record Load(double cores, double modelCores, OptionalLong residentMiB) {}

    /** Runs two rounds for each number of cameras, after one that is not counted: Java compiles what it runs often. */
    public void run(List<Integer> numbers, Consumer<Round> found) {
        var unused = round(1, true);
        for (int cameras : numbers) {
            found.accept(round(cameras, true));
            found.accept(round(cameras, false));
        }
    }

    /** The most cameras that rounds of one kind held; empty if none did. */
    public static OptionalInt knee(List<Round> found, boolean whole) {
        return found.stream()
                .filter(round -> round.whole() == whole)
                .sorted(Comparator.comparingInt(Round::cameras))
                .takeWhile(Round::holds)
                .mapToInt(Round::cameras)
                .max();
    }

    /** One round. */
    public Round round(int cameras, boolean whole) {
        try (var watch = new Watch()) {
            var node = new Node(config(cameras, whole), watch::line);
            RunSummary summary = node.run();
            return round(cameras, whole, summary, watch.load());
        }
    }

    private NodeConfig config(int cameras, boolean whole) {
        List<SourceSpec> sources = SourceSpec.parseAll(IntStream.range(0, cameras)
                .mapToObj(camera -> "camera" + camera + "=" + SCENE)
                .toList());
        var broker = new BrokerConfig(
                Optional.empty(),
                0,
                "framecast",
                Map.of(),
                Optional.empty(),
                directory.resolve("round-" + rounds++),
                false);
        var page = new PreviewConfig(new HttpConfig("127.0.0.1", 0, Optional.empty()), true, false);
        return new NodeConfig(
                broker,
                Optional.of(CaptureConfig.of(sources, SourceConfig.defaults())),
                Optional.of(predict),
                whole,
                whole ? Optional.of(page) : Optional.empty(),
                Optional.of(length));
    }

    private Round round(int cameras, boolean whole, RunSummary summary, Load load) {
        long forecasts = summary.cameras().stream()
                .mapToLong(RunSummary.Camera::forecasts)
                .sum();
        return new Round(
                cameras,
                whole,
                forecasts / (double) length.toSeconds(),
                summary.cameras().stream()
                        .map(RunSummary.Camera::latencyMs)
                        .max(Comparator.comparingLong(LatencyMillis::p95))
                        .orElseThrow(),
                dropped(summary, "window-skipped"),
                dropped(summary, "overflow") + dropped(summary, "unpublished"),
                load);
    }

    private static long dropped(RunSummary summary, String cause) {
        return summary.cameras().stream()
                .mapToLong(camera -> camera.dropped().getOrDefault(cause, 0L))
                .sum();
    }

    /** Looks at the page as soon as it is there, and at what the process uses from the first forecast on. */
    private static final class Watch implements AutoCloseable {
        private final PageViewer viewer = new PageViewer();
        private volatile Optional<ProcessUse> first = Optional.empty();
        private volatile Load load = new Load(0, 0, OptionalLong.empty());
        private final Disposable sampling = Flux.interval(SAMPLING, Schedulers.boundedElastic())
                .onBackpressureDrop()
                .subscribe(tick -> sample());

        private void line(String line) {
            if (line.startsWith(PAGE)) {
                viewer.watch(HttpClient.newHttpClient(), URI.create(line.substring(PAGE.length())));
            } else if (line.startsWith(FIRST_FORECAST)) {
                first = Optional.of(ProcessUse.now());
            }
        }

        private void sample() {
            Optional<ProcessUse> begin = first;
            if (begin.isEmpty()) {
                return;
            }
            ProcessUse now = ProcessUse.now();
            if (now.modelNanos()
                    < begin.get().modelNanos()) { // the model's threads have ended, and their time with them
                return;
            }
            OptionalLong before = load.residentMiB();
            OptionalLong most = now.residentMiB().isPresent() && before.isPresent()
                    ? OptionalLong.of(Math.max(now.residentMiB().getAsLong(), before.getAsLong()))
                    : now.residentMiB();
            load = new Load(now.coresSince(begin.get()), now.modelCoresSince(begin.get()), most);
        }

        private Load load() {
            return load;
        }

        @Override
        public void close() {
            sampling.dispose();
            viewer.stop();
        }
    }
}
