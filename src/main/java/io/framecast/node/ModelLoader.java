package io.framecast.node;

import io.framecast.forecast.Forecaster;
import io.framecast.frame.FrameShape;
import io.framecast.model.ModelException;
import io.framecast.model.ModelFolder;
import io.framecast.model.NetworkForecaster;
import io.framecast.model.engine.ComputeDevice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Finds and loads the models that this machine has. */
final class ModelLoader {
    private final PredictConfig config;
    private final Consumer<String> out;
    private final Found first;
    private final Optional<Found> shadow;

    /**
     * Looks for the models that the process starts with.
     *
     * @throws io.framecast.model.ModelException if it is unknown or its description is damaged
     */
    ModelLoader(PredictConfig config, Consumer<String> out) {
        this.config = config;
        this.out = out;
        first = find(config.model());
        shadow = Optional.of(config.shadow()).filter(name -> !name.isEmpty()).map(this::find);
    }

    /**
     * A model that is there, as it is now.
     *
     * @param name what it was asked for by
     * @param folder what it is loaded from; empty for a baseline
     * @param written when its description was written
     */
    record Found(String name, Optional<ModelFolder> folder, Optional<FileTime> written) {}

    /**
     * Looks for a model.
     *
     * @param model a name, a folder, or a baseline
     * @throws io.framecast.model.ModelException if it is unknown or its description is damaged
     */
    Found find(String model) {
        if (Baselines.has(model)) {
            return new Found(model, Optional.empty(), Optional.empty());
        }
        ModelFolder folder = ModelFolder.find(config.models(), model);
        return new Found(model, Optional.of(folder), Optional.of(written(folder.path())));
    }

    /**
     * Looks for a model that a camera is to have of its own.
     *
     * @param name of a model in the models folder, or of a baseline; no other folder, because others than the person
     *     who started this process may name it
     * @throws IllegalArgumentException if there is none
     * @throws io.framecast.model.ModelException if its description is damaged
     */
    Found findNamed(String name) {
        if (!Baselines.has(name) && !ModelFolder.names(config.models()).contains(name)) {
            var there = new TreeSet<>(ModelFolder.names(config.models()));
            there.addAll(Baselines.names());
            throw new IllegalArgumentException("model '" + name + "' is unknown: there are " + there);
        }
        return find(name);
    }

    /**
     * Refuses a model of cameras of this process that cannot run here, as far as its description says.
     *
     * @throws IllegalArgumentException if there is none, it takes other frames, or its description is damaged
     */
    void requireNamed(String name) {
        try {
            requireSameShape(findNamed(name), Optional.of(FrameShape.STANDARD));
        } catch (ModelException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * Refuses a model that takes other frames than there are.
     *
     * @param given the frames that there are, as far as that is known
     * @throws IllegalArgumentException if it does
     */
    static void requireSameShape(Found model, Optional<FrameShape> given) {
        Optional<FrameShape> taken = model.folder().map(ModelFolder::shape);
        if (given.isPresent() && taken.isPresent() && !given.equals(taken)) {
            throw new IllegalArgumentException("model '" + model.name() + "' takes frames of " + taken.get()
                    + ", and those of the cameras are " + given.get());
        }
    }

    /** Whether a model is the one of a name in the models folder, or that baseline. */
    boolean isNamed(Found model, String name) {
        return model.folder()
                .map(folder ->
                        absolute(folder.path()).equals(absolute(config.models().resolve(name))))
                .orElse(model.name().equals(name));
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }

    private static FileTime written(Path folder) {
        try {
            return Files.getLastModifiedTime(folder.resolve("model.yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the model in " + folder, e);
        }
    }

    /**
     * Loads a model and makes a forecast with it.
     *
     * @throws io.framecast.model.ModelException if it is damaged
     */
    Forecaster load(Found model) {
        if (model.folder().isEmpty()) {
            return Baselines.open(model.name());
        }
        return NetworkForecaster.load(model.folder().get(), ComputeDevice.choose(config.engine()), config.precision());
    }

    /** The model that the process starts with. */
    Found first() {
        return first;
    }

    /** The model that is to be its shadow, if one is. */
    Optional<Found> shadow() {
        return shadow;
    }

    /** Loads the first, and tells what it runs on. */
    Forecaster loadFirst() {
        if (first.folder().isEmpty()) {
            return load(first);
        }
        ComputeDevice device = ComputeDevice.choose(config.engine());
        out.accept("device    " + device.description());
        NetworkForecaster forecaster = NetworkForecaster.load(first.folder().get(), device, config.precision());
        out.accept("precision " + forecaster.precision().title());
        return forecaster;
    }
}
