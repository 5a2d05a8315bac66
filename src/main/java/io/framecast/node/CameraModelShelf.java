package io.framecast.node;

import io.framecast.forecast.Forecaster;
import io.framecast.forecast.ModelVersion;
import io.framecast.frame.CameraId;
import io.framecast.predict.CameraModels;
import io.framecast.predict.RunningModel;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The models that cameras of a predictor may have of their own: loads them, and tells of them in lines and a metric.
 */
final class CameraModelShelf implements CameraModels.Shelf {
    private static final String LOADING = "loading";
    private static final String RUNNING = "running";
    private static final String REFUSED = "refused";

    private final ModelLoader models;
    private final RunningModel usual;
    private final Predicate<String> isUsual;
    private final Consumer<String> out;
    private final Map<String, String> states = new ConcurrentHashMap<>();

    /**
     * Starts without a model.
     *
     * @param usual that of all other cameras
     * @param isUsual whether it is the one of a name
     */
    CameraModelShelf(
            ModelLoader models,
            RunningModel usual,
            Predicate<String> isUsual,
            MeterRegistry metrics,
            Consumer<String> out) {
        this.models = models;
        this.usual = usual;
        this.isUsual = isUsual;
        this.out = out;
        for (String state : new String[] {LOADING, RUNNING, REFUSED}) {
            Gauge.builder("framecast.camera.models", states, all -> Collections.frequency(all.values(), state))
                    .tag("state", state)
                    .register(metrics);
        }
    }

    @Override
    public Forecaster load(String name) {
        states.putIfAbsent(name, LOADING); // one that is tried again stays refused meanwhile
        ModelLoader.Found found = models.findNamed(name);
        ModelLoader.requireSameShape(found, usual.current().takes());
        return models.load(found);
    }

    @Override
    public boolean isUsual(String name) {
        return isUsual.test(name);
    }

    @Override
    public void loaded(String name, ModelVersion model) {
        states.put(name, RUNNING);
        out.accept("model     " + model.name() + " " + model.version() + " is loaded for cameras of its own");
    }

    @Override
    public void refused(String name, CameraId camera, String why) {
        states.put(name, REFUSED);
        out.accept("model     '" + name + "', which camera " + camera + " is to have, cannot run here: " + why
                + "; its cameras stay with " + usual.current().model().name());
    }

    @Override
    public void released(String name) {
        if (RUNNING.equals(states.remove(name))) {
            out.accept("model     " + name + " is closed: no camera has needed it for " + CameraModels.KEPT.toMinutes()
                    + " minutes");
        }
    }
}
