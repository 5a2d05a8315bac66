package io.framecast.node;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.LatencyStamps;
import io.framecast.frame.CameraId;
import io.framecast.frame.CameraState;
import io.framecast.frame.CameraStatus;
import io.framecast.frame.Frame;
import io.framecast.frame.Ticker;
import io.framecast.predict.PredictListener;
import io.framecast.score.ScoreOutput;
import io.framecast.source.SourceCounts;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;

/** What happened to each camera's frames in this process: the table at the end, and the metrics meanwhile. */
final class CameraStats implements PredictListener {
    /** Latencies from a millisecond to an hour, to two digits. */
    private static final long LONGEST_MILLIS = 3_600_000;

    private static final String UP = "framecast.camera.up";
    private static final double NANOS = 1e9;

    /** Why something is lost: by the source, on the way to Kafka, and on the way to the model. */
    private static final List<String> KNOWN_CAUSES =
            List.of("overflow", "corrupt", "unpublished", "stale", "window-skipped");

    /** Cameras beyond this number share one line: bounds memory against a producer that makes up camera ids. */
    private static final int MOST_CAMERAS = 1000;

    private static final CameraId OTHERS = new CameraId("_others");

    private final ConcurrentMap<CameraId, Account> accounts = new ConcurrentHashMap<>();
    private final Overloads overloads = new Overloads(Ticker.system());
    private final MeterRegistry metrics;
    private final Timer published;
    private final Timer polled;
    private final Timer forecast;
    private final Timer model;
    private final DistributionSummary batch;
    private final AtomicInteger waiting = new AtomicInteger();
    private final ConcurrentMap<CameraId, CameraState> states = new ConcurrentHashMap<>();
    private final InstantSource clock = InstantSource.system();
    private final Runnable onFirstForecast;
    private final AtomicBoolean anyForecast = new AtomicBoolean();

    CameraStats(MeterRegistry metrics) {
        this(metrics, () -> {});
    }

    /** Calls {@code onFirstForecast} once, when the first forecast is committed. */
    CameraStats(MeterRegistry metrics, Runnable onFirstForecast) {
        this.metrics = metrics;
        this.onFirstForecast = onFirstForecast;
        published = age("published");
        polled = age("polled");
        forecast = age("forecast");
        model = Timer.builder("framecast.model.call")
                .serviceLevelObjectives(MeterNames.BOUNDS)
                .register(metrics);
        batch = DistributionSummary.builder("framecast.model.windows")
                .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64)
                .register(metrics);
        Gauge.builder("framecast.model.waiting", waiting, AtomicInteger::get).register(metrics);
        for (CameraState state : CameraState.values()) {
            Gauge.builder("framecast.cameras", states, all -> Collections.frequency(all.values(), state))
                    .tag("state", state.word())
                    .register(metrics);
        }
    }

    /** How old frames are when they reach a stage. No camera's own, or a thousand cameras would make 36,000 series. */
    private Timer age(String stage) {
        return Timer.builder("framecast.age")
                .tag("stage", stage)
                .serviceLevelObjectives(MeterNames.BOUNDS)
                .register(metrics);
    }

    /** One camera's counts. A value that is not known yet has no gauge. */
    private static final class Account {
        private final MeterRegistry metrics;
        private final Tags tags;
        private final AtomicLong published = new AtomicLong();
        private final AtomicLong forecasts = new AtomicLong();
        private final AtomicLong scores = new AtomicLong();
        private final ConcurrentMap<String, AtomicLong> dropped = new ConcurrentHashMap<>();
        private final ConcurrentMap<String, AtomicReference<Double>> values = new ConcurrentHashMap<>();
        private final Histogram latencyMillis = new SynchronizedHistogram(LONGEST_MILLIS, 2);
        private volatile long reconnects;
        private volatile boolean isRemoved;
        private volatile Supplier<SourceCounts> source = SourceCounts::none;

        private Account(CameraId camera, MeterRegistry metrics) {
            this.metrics = metrics;
            tags = Tags.of("camera", camera.value());
            count("framecast.frames.read", tags, account -> account.source.get().framesRead());
            count(
                    "framecast.frames.sampled",
                    tags,
                    account -> account.source.get().framesSampled());
            count("framecast.camera.reconnects", tags, account -> account.reconnects);
            count("framecast.frames.published", tags, account -> account.published.get());
            count("framecast.forecasts", tags, account -> account.forecasts.get());
            count("framecast.scores", tags, account -> account.scores.get());
            KNOWN_CAUSES.forEach(cause -> count(
                    "framecast.frames.dropped",
                    tags.and("cause", cause),
                    account -> account.allDropped().getOrDefault(cause, 0L)));
        }

        private void count(String name, Tags labels, ToDoubleFunction<Account> value) {
            FunctionCounter.builder(name, this, value).tags(labels).register(metrics);
        }

        /** Shows a value, the newest of its name. */
        private void show(String name, double value) {
            if (isRemoved) {
                return; // a forecast or score of it was still under way
            }
            values.computeIfAbsent(name, this::gauge).set(value);
        }

        private AtomicReference<Double> gauge(String name) {
            var value = new AtomicReference<Double>(Double.NaN);
            Gauge.builder(name, value, AtomicReference::get).tags(tags).register(metrics);
            return value;
        }

        private void remove() {
            isRemoved = true;
            values.keySet().forEach(this::hide);
        }

        private void hide(String name) {
            values.remove(name);
            metrics.find(name).tags(tags).meters().forEach(metrics::remove);
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
        return accounts.computeIfAbsent(counted(camera, accounts.keySet()), id -> new Account(id, metrics));
    }

    /** What a camera is counted as, where so many have a line of their own. */
    static CameraId counted(CameraId camera, Set<CameraId> known) {
        return known.contains(camera) || known.size() < MOST_CAMERAS ? camera : OTHERS;
    }

    /** Takes reading's own counts from a source; those of an earlier source of the camera, which has ended, remain. */
    void reads(CameraId camera, Supplier<SourceCounts> counts) {
        Account account = of(camera);
        account.isRemoved = false;
        SourceCounts before = account.source.get();
        account.source = () -> before.plus(counts.get());
    }

    /** Kafka has a frame. */
    void published(Frame frame) {
        of(frame.camera()).published.incrementAndGet();
        published.record(notNegative(Duration.between(frame.captureTime(), clock.instant())));
    }

    private static Duration notNegative(Duration age) {
        return age.isNegative() ? Duration.ZERO : age; // another machine's clock
    }

    /** What a camera of this process is doing. */
    void status(CameraStatus status) {
        states.put(status.camera(), status.state());
        Account account = of(status.camera());
        if (isOver(status.state())) {
            account.hide(UP);
        } else {
            account.show(UP, status.state() == CameraState.LIVE ? 1 : 0);
        }
        account.reconnects = status.reconnects();
    }

    /** Whether nobody expects pictures of the camera, so that it is neither up nor down. */
    private static boolean isOver(CameraState state) {
        return state == CameraState.PAUSED || state == CameraState.ENDED;
    }

    /** Another process has the camera. */
    void left(CameraId camera) {
        states.remove(camera);
        of(camera).hide(UP);
    }

    /** The camera is not wanted any more: what it was doing is not shown, what was counted is. */
    void removed(CameraId camera) {
        states.remove(camera);
        of(camera).remove();
    }

    @Override
    public void dropped(CameraId camera, String cause) {
        of(camera).dropped.computeIfAbsent(cause, key -> new AtomicLong()).incrementAndGet();
    }

    /** A scorer has committed what it said. */
    void scored(ScoreOutput said) {
        Account account = of(said.camera());
        if (said instanceof ScoreOutput.OfForecast scored) {
            account.scores.incrementAndGet();
            scored.score().skill().ifPresent(skill -> account.show("framecast.camera.skill", skill));
        } else if (said instanceof ScoreOutput.OfFrame frame
                && !Double.isNaN(frame.surprise().surprise())) {
            account.show("framecast.camera.surprise", frame.surprise().surprise());
        }
    }

    @Override
    public void batch(int windows, int left, Duration time) {
        batch.record(windows);
        model.record(time);
        waiting.set(left);
    }

    @Override
    public void forecast(Forecast made, LatencyStamps stamps) {
        if (anyForecast.compareAndSet(false, true)) {
            onFirstForecast.run();
        }
        Account account = of(made.origin().camera());
        account.forecasts.incrementAndGet();
        Duration latency = notNegative(stamps.total());
        overloads.forecast(made, latency);
        polled.record(notNegative(Duration.between(stamps.captured(), stamps.polled())));
        forecast.record(latency);
        account.show("framecast.camera.forecast.age.seconds", latency.toNanos() / NANOS);
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
