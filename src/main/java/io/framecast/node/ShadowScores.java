package io.framecast.node;

import io.framecast.forecast.ForecastScore;
import io.framecast.forecast.PixelError;
import io.framecast.forecast.StepScore;
import io.framecast.frame.CameraId;
import io.framecast.score.PairedScorer.Pair;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How the model that runs and its shadow compare on each camera, over the same windows: in metrics, and for the
 * summary. Written by one thread, read by any.
 */
final class ShadowScores {
    private final MeterRegistry metrics;
    private final String shadow;
    private final ConcurrentMap<CameraId, Account> accounts = new ConcurrentHashMap<>();
    private final AtomicLong forecast = new AtomicLong();
    private final AtomicLong skipped = new AtomicLong();

    /**
     * Starts with nothing.
     *
     * @param shadow the name of the shadow's model
     */
    ShadowScores(MeterRegistry metrics, String shadow) {
        this.metrics = metrics;
        this.shadow = shadow;
        windows("forecast", forecast);
        windows("skipped", skipped);
    }

    private void windows(String result, AtomicLong count) {
        FunctionCounter.builder("framecast.shadow.windows", count, AtomicLong::get)
                .tag("result", result)
                .register(metrics);
    }

    /** Sums of squared errors over the same steps of the same windows. */
    private record Sums(String model, long pairs, double own, double shadow, double persistence) {
        private Sums with(Pair pair) {
            double ownError = own;
            double shadowError = shadow;
            double still = persistence;
            for (int step = 0; step < pair.first().steps().size(); step++) {
                StepScore one = pair.first().steps().get(step);
                StepScore other = pair.second().steps().get(step);
                if (!one.isMissing() && !other.isMissing()) {
                    ownError += one.mse();
                    shadowError += other.mse();
                    still += one.persistenceMse();
                }
            }
            return new Sums(model, pairs + 1, ownError, shadowError, still);
        }

        private double ownSkill() {
            return PixelError.skill(own, persistence);
        }

        private double shadowSkill() {
            return PixelError.skill(shadow, persistence);
        }
    }

    private final class Account {
        private final AtomicLong all = new AtomicLong();
        private volatile Sums sums;

        private Account(CameraId camera, String model) {
            sums = new Sums(model, 0, 0, 0, 0);
            var tags = Tags.of("camera", camera.value());
            FunctionCounter.builder("framecast.shadow.scores", all, AtomicLong::get)
                    .tags(tags)
                    .register(metrics);
            Gauge.builder("framecast.shadow.skill", this, account -> account.sums.ownSkill())
                    .tags(tags.and("of", "own"))
                    .register(metrics);
            Gauge.builder("framecast.shadow.skill", this, account -> account.sums.shadowSkill())
                    .tags(tags.and("of", "shadow"))
                    .register(metrics);
        }
    }

    /** A window was forecast by both. */
    void forecast() {
        forecast.incrementAndGet();
    }

    /** A window was left to the camera's own model only. */
    void skipped() {
        skipped.incrementAndGet();
    }

    /** Both forecasts of a window are scored. Another own model starts the comparison afresh. */
    void scored(CameraId camera, Pair pair) {
        ForecastScore own = pair.first();
        CameraId counted = CameraStats.counted(camera, accounts.keySet());
        Account account = accounts.computeIfAbsent(counted, id -> new Account(id, own.model()));
        Sums sums = account.sums;
        account.sums = (sums.model().equals(own.model()) ? sums : new Sums(own.model(), 0, 0, 0, 0)).with(pair);
        account.all.incrementAndGet();
    }

    /** One line for each camera that has been compared, in the order of their names. */
    List<RunSummary.Shadow> summary() {
        return new TreeMap<>(accounts)
                .entrySet().stream()
                        .map(entry -> line(entry.getKey(), entry.getValue().sums))
                        .toList();
    }

    private RunSummary.Shadow line(CameraId camera, Sums sums) {
        double own = sums.ownSkill();
        double other = sums.shadowSkill();
        return new RunSummary.Shadow(camera.value(), sums.model(), shadow, sums.pairs(), own, other, other - own);
    }
}
