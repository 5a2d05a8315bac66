package io.framecast.node;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.LatencyStamps;
import io.framecast.frame.CameraId;
import io.framecast.frame.Ticker;
import io.framecast.predict.PredictListener;
import io.framecast.source.SourceCounts;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;

/** What happened to each camera's frames in this process: the table at the end, and the metrics meanwhile. */
final class CameraStats implements PredictListener {
    /** Latencies from a millisecond to an hour, to two digits. */
    private static final long LONGEST_MILLIS = 3_600_000;

    /** Why something is lost: by the source, on the way to Kafka, and on the way to the model. */
    private static final List<String> KNOWN_CAUSES =
            List.of("overflow", "corrupt", "unpublished", "stale", "window-skipped");

    /** Cameras beyond this number share one line: bounds memory against a producer that makes up camera ids. */
    private static final int MOST_CAMERAS = 1000;

    private static final CameraId OTHERS = new CameraId("_others");

    private final ConcurrentMap<CameraId, Account> accounts = new ConcurrentHashMap<>();
    private final Overloads overloads = new Overloads(Ticker.system());
    private final MeterRegistry metrics;
    private final Runnable onFirstForecast;
    private final AtomicBoolean anyForecast = new AtomicBoolean();

    CameraStats(MeterRegistry metrics) {
        this(metrics, () -> {});
    }

    /** Calls {@code onFirstForecast} once, when the first forecast is committed. */
    CameraStats(MeterRegistry metrics, Runnable onFirstForecast) {
        this.metrics = metrics;
        this.onFirstForecast = onFirstForecast;
    }

    /** One camera's counts. */
    private static final class Account {
        private final AtomicLong published = new AtomicLong();
        private final AtomicLong forecasts = new AtomicLong();
        private final AtomicLong scores = new AtomicLong();
        private final ConcurrentMap<String, AtomicLong> dropped = new ConcurrentHashMap<>();
        private final Histogram latencyMillis = new SynchronizedHistogram(LONGEST_MILLIS, 2);
        private final Timer latency;
        private volatile Supplier<SourceCounts> source = () -> new SourceCounts(0, 0, Map.of());

        private Account(CameraId camera, MeterRegistry metrics) {
            var tags = Tags.of("camera", camera.value());
            count(
                    metrics,
                    "framecast.frames.read",
                    tags,
                    account -> account.source.get().framesRead());
            count(
                    metrics,
                    "framecast.frames.sampled",
                    tags,
                    account -> account.source.get().framesSampled());
            count(metrics, "framecast.frames.published", tags, account -> account.published.get());
            count(metrics, "framecast.forecasts", tags, account -> account.forecasts.get());
            count(metrics, "framecast.scores", tags, account -> account.scores.get());
            KNOWN_CAUSES.forEach(cause -> countDropped(metrics, tags, cause));
            latency = Timer.builder("framecast.capture.to.forecast")
                    .tags(tags)
                    .publishPercentileHistogram()
                    .register(metrics);
        }

        private void countDropped(MeterRegistry metrics, Tags tags, String cause) {
            count(
                    metrics,
                    "framecast.dropped",
                    tags.and("cause", cause),
                    account -> account.allDropped().getOrDefault(cause, 0L));
        }

        private void count(MeterRegistry metrics, String name, Tags tags, ToDoubleFunction<Account> value) {
            FunctionCounter.builder(name, this, value).tags(tags).register(metrics);
        }

        private Map<String, Long> allDropped() {
            var all = new TreeMap<String, Long>(source.get().dropped());
            dropped.forEach((cause, count) -> all.merge(cause, count.get(), Long::sum));
            return all;
        }
    }

    private Account of(CameraId camera) {
        Account known = accounts.get(camera);
        if (known != null) {
            return known;
        }
        CameraId counted = accounts.size() < MOST_CAMERAS ? camera : OTHERS;
        return accounts.computeIfAbsent(counted, id -> new Account(id, metrics));
    }

    /** Takes reading's own counts from a source. */
    void reads(CameraId camera, Supplier<SourceCounts> counts) {
        of(camera).source = counts;
    }

    void published(CameraId camera) {
        of(camera).published.incrementAndGet();
    }

    @Override
    public void dropped(CameraId camera, String cause) {
        of(camera).dropped.computeIfAbsent(cause, key -> new AtomicLong()).incrementAndGet();
    }

    void scored(CameraId camera) {
        of(camera).scores.incrementAndGet();
    }

    @Override
    public void forecast(Forecast forecast, LatencyStamps stamps) {
        if (anyForecast.compareAndSet(false, true)) {
            onFirstForecast.run();
        }
        Account account = of(forecast.origin().camera());
        account.forecasts.incrementAndGet();
        Duration latency = stamps.total().isNegative() ? Duration.ZERO : stamps.total();
        overloads.forecast(forecast, latency);
        account.latency.record(latency);
        account.latencyMillis.recordValue(Math.min(latency.toMillis(), LONGEST_MILLIS));
    }

    /** Which cameras' forecasts come too late. */
    Overloads overloads() {
        return overloads;
    }

    /** The table so far, cameras in the order of their names. */
    RunSummary summary() {
        return new RunSummary(new TreeMap<>(accounts)
                .entrySet().stream()
                        .map(entry -> line(entry.getKey(), entry.getValue()))
                        .toList());
    }

    private static RunSummary.Camera line(CameraId camera, Account account) {
        Histogram latency = account.latencyMillis;
        SourceCounts source = account.source.get();
        return new RunSummary.Camera(
                camera.value(),
                source.framesRead(),
                source.framesSampled(),
                account.published.get(),
                account.allDropped(),
                account.forecasts.get(),
                new RunSummary.LatencyMillis(
                        latency.getValueAtPercentile(50),
                        latency.getValueAtPercentile(95),
                        latency.getValueAtPercentile(99)));
    }
}
