package io.framecast.bench;

import io.framecast.export.Mp4Clips;
import io.framecast.forecast.Persistence;
import io.framecast.forecast.Window;
import io.framecast.frame.Frame;
import io.framecast.preview.CameraViews;
import io.framecast.preview.http.Health;
import io.framecast.preview.http.HttpConfig;
import io.framecast.preview.http.PreviewServer;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceSpec;
import io.framecast.source.reader.FrameSources;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;

/**
 * What viewers of the page cost: built-in scenes at 10 frames a second with a forecast each half second, watched over
 * WebSocket on loopback as the page does. The time of the viewers' own threads is not counted, nor is that of the Java
 * machine's collector and compiler, which it does not tell.
 */
public final class PreviewBenchmark {
    private static final String VIEWER = "viewer-";
    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final int EVERY = 5;

    private final int cameras;
    private final Duration round;

    /**
     * Prepares it.
     *
     * @param cameras how many are shown
     * @param round how long each number of viewers watches
     */
    public PreviewBenchmark(int cameras, Duration round) {
        this.cameras = cameras;
        this.round = round;
    }

    /**
     * One round.
     *
     * @param viewers how many watched
     * @param machineShare processor time of all Java threads but the viewers', as a share of all processors' time
     * @param framesASecond that each viewer got of each camera
     * @param ageP50Millis from a frame's capture to its arrival at a viewer
     * @param ageP95Millis likewise
     */
    public record Round(int viewers, double machineShare, double framesASecond, long ageP50Millis, long ageP95Millis) {}

    /** Runs a round for each number of viewers. */
    public void run(List<Integer> numbers, Consumer<Round> rounds) {
        var views = new CameraViews();
        var feed = Flux.merge(IntStream.range(0, cameras)
                        .mapToObj(camera -> FrameSources.open(
                                        SourceSpec.parse("camera" + camera + "=test:street"), SourceConfig.defaults())
                                .frames())
                        .toList())
                .subscribe(frame -> show(views, frame));
        try (var server = PreviewServer.start(
                new HttpConfig("127.0.0.1", 0, Optional.empty()), views, Health.READY, () -> "", new Mp4Clips())) {
            for (int viewers : numbers) {
                rounds.accept(measure(server.address(), viewers));
            }
        } finally {
            feed.dispose();
        }
    }

    private static void show(CameraViews views, Frame frame) {
        views.accept(frame);
        if (frame.sequence() % EVERY == 0) {
            views.accept(new Persistence()
                    .forecast(List.of(new Window(frame.camera(), List.of(frame))))
                    .get(0));
        }
    }

    private Round measure(URI page, int viewers) {
        var threads = new AtomicInteger();
        ExecutorService pool =
                Executors.newCachedThreadPool(work -> new Thread(work, VIEWER + threads.incrementAndGet()));
        var watching = new ArrayList<PageViewer>();
        try {
            HttpClient client = HttpClient.newBuilder().executor(pool).build();
            for (int i = 0; i < viewers; i++) {
                var viewer = new PageViewer();
                watching.add(viewer);
                viewer.watch(client, page);
            }
            LockSupport.parkNanos(WARM_UP.toNanos());
            watching.forEach(PageViewer::reset);
            long before = othersNanos();
            long start = System.nanoTime();
            LockSupport.parkNanos(round.toNanos());
            double seconds = (System.nanoTime() - start) / 1e9;
            double used = (othersNanos() - before) / 1e9;
            return round(watching, used / seconds / Runtime.getRuntime().availableProcessors(), seconds);
        } finally {
            watching.forEach(PageViewer::stop);
            pool.shutdownNow();
        }
    }

    private Round round(List<PageViewer> watching, double share, double seconds) {
        long[] ages = watching.stream()
                .flatMap(viewer -> viewer.ages().stream())
                .mapToLong(Long::longValue)
                .sorted()
                .toArray();
        double frames = ages.length / seconds / watching.size() / cameras;
        return new Round(watching.size(), share, frames, quantile(ages, 0.5), quantile(ages, 0.95));
    }

    private static long quantile(long[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[(int) (share * (sorted.length - 1))];
    }

    /** Processor time of all threads that are no viewers'. */
    private static long othersNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(thread -> thread != null && !isViewers(thread.getThreadName()))
                .mapToLong(thread -> Math.max(0, threads.getThreadCpuTime(thread.getThreadId())))
                .sum();
    }

    private static boolean isViewers(String thread) {
        return thread.startsWith(VIEWER) || thread.startsWith("HttpClient-");
    }
}
