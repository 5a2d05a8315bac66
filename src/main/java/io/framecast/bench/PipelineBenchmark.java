package io.framecast.bench;

import io.framecast.node.BrokerConfig;
import io.framecast.node.CaptureConfig;
import io.framecast.node.Node;
import io.framecast.node.NodeConfig;
import io.framecast.node.PredictConfig;
import io.framecast.node.RunSummary;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * How many cameras one process holds: built-in scenes at 10 frames a second through the whole path, on an embedded
 * broker, more of them in each round.
 */
public final class PipelineBenchmark {
    private static final String SCENE = "test:shapes";

    private final PredictConfig predict;
    private final Path directory;
    private final Duration round;

    /**
     * Prepares it.
     *
     * @param predict what forecasts, and how often
     * @param directory an empty folder for the broker's logs
     * @param round how long each number of cameras runs
     */
    public PipelineBenchmark(PredictConfig predict, Path directory, Duration round) {
        this.predict = predict;
        this.directory = directory;
        this.round = round;
    }

    /**
     * One round.
     *
     * @param cameras how many
     * @param forecastsASecond committed, all cameras together
     * @param p95Millis from capture to forecast, of the slowest camera
     * @param skipped windows that a newer one overtook
     * @param lost frames that were sampled and not published
     */
    public record Round(int cameras, double forecastsASecond, long p95Millis, long skipped, long lost) {}

    /** Runs a round for each number of cameras. */
    public void run(List<Integer> numbers, Consumer<Round> rounds) {
        for (int cameras : numbers) {
            rounds.accept(measure(cameras));
        }
    }

    private Round measure(int cameras) {
        List<SourceSpec> sources = SourceSpec.parseAll(IntStream.range(0, cameras)
                .mapToObj(camera -> "camera" + camera + "=" + SCENE)
                .toList());
        var broker = new BrokerConfig(
                Optional.empty(),
                0,
                "framecast",
                Map.of(),
                Optional.empty(),
                directory.resolve("cameras-" + cameras),
                false);
        var node = new Node(
                new NodeConfig(
                        broker,
                        Optional.of(CaptureConfig.of(sources, SourceConfig.defaults())),
                        Optional.of(predict),
                        false,
                        Optional.empty(),
                        Optional.of(round)),
                line -> {});
        return round(cameras, node.run());
    }

    private Round round(int cameras, RunSummary summary) {
        return new Round(
                cameras,
                summary.cameras().stream()
                                .mapToLong(RunSummary.Camera::forecasts)
                                .sum()
                        / (double) round.toSeconds(),
                summary.cameras().stream()
                        .mapToLong(camera -> camera.latencyMs().p95())
                        .max()
                        .orElse(0),
                dropped(summary, "window-skipped"),
                dropped(summary, "overflow"));
    }

    private static long dropped(RunSummary summary, String cause) {
        return summary.cameras().stream()
                .mapToLong(camera -> camera.dropped().getOrDefault(cause, 0L))
                .sum();
    }
}
