package io.framecast.node;

import io.framecast.forecast.ModelVersion;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import java.util.function.Consumer;

/** Which model this process runs, in metrics and in a line for each change. */
final class ModelMeters {
    private final MeterRegistry metrics;
    private final Consumer<String> out;
    private final Counter changed;
    private final Counter refused;
    private Optional<Meter.Id> running = Optional.empty();
    private volatile boolean isRefused;

    ModelMeters(MeterRegistry metrics, Consumer<String> out) {
        this.metrics = metrics;
        this.out = out;
        changed = changes("changed");
        refused = changes("refused");
        Gauge.builder("framecast.model.refused", this, meters -> meters.isRefused ? 1 : 0)
                .register(metrics);
    }

    private Counter changes(String result) {
        return Counter.builder("framecast.model.changes").tag("result", result).register(metrics);
    }

    /** This model runs now. */
    synchronized void runs(ModelVersion model) {
        running.ifPresent(metrics::remove);
        running = Optional.of(Gauge.builder("framecast.model.running", () -> 1)
                .tag("model", model.name())
                .tag("version", model.version())
                .register(metrics)
                .getId());
    }

    /** One model has taken the place of another. */
    void changed(ModelVersion before, ModelVersion after) {
        runs(after);
        changed.increment();
        out.accept("model     " + words(before) + " -> " + words(after));
    }

    /** The model that was asked for last runs, or is about to. */
    void granted() {
        isRefused = false;
    }

    /** A model that was asked for cannot run here. */
    void refused(ModelVersion stays, String asked, String why) {
        isRefused = true;
        refused.increment();
        out.accept("model     stays " + words(stays) + ", '" + asked + "' cannot run here: " + why);
    }

    /** Nobody can change the model. */
    void fixed(String why) {
        out.accept("model     cannot be changed while it runs: " + why);
    }

    private static String words(ModelVersion model) {
        return model.name() + " " + model.version();
    }
}
