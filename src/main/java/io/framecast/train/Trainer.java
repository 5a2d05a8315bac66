package io.framecast.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.model.FrameArrays;
import io.framecast.model.FramePredictor;
import io.framecast.model.ModelDescription;
import io.framecast.model.ModelFolder;
import io.framecast.model.Torch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Trains one network. All of its work happens on the thread that made it, because the engine keeps its gradient mode a
 * thread.
 */
public final class Trainer implements AutoCloseable {
    private final TrainingConfig config;
    private final FrameShape shape;
    private final Torch torch = Torch.open();
    private final NDManager manager;
    private final FramePredictor network;
    private final ParameterStore store;
    private final Objective objective;
    private final List<NDArray> weights = new ArrayList<>();
    private final List<NDArray> averages = new ArrayList<>();
    private final Adam adam;
    private int step;
    private double gradientNorm;

    public Trainer(TrainingConfig config, ModelDescription description, FrameShape shape, Device device) {
        this.config = config;
        this.shape = shape;
        manager = NDManager.newBaseManager(device, "PyTorch");
        manager.getEngine().setRandomSeed((int) config.seed());
        network = ModelFolder.build(description, torch, manager);
        store = new ParameterStore(manager, false);
        objective = new Objective(config, network, store);
        network.getParameters().forEach(entry -> {
            NDArray weight = entry.getValue().getArray();
            averages.add(weight.duplicate());
            weight.setRequiresGradient(true);
            weights.add(weight);
        });
        adam = new Adam(weights);
    }

    /** Its hyper-parameters. */
    TrainingConfig config() {
        return config;
    }

    /** How many steps are done. */
    int step() {
        return step;
    }

    /** The norm of the newest step's gradient, before clipping. */
    double gradientNorm() {
        return gradientNorm;
    }

    /** The network with the weights of the newest step. */
    FramePredictor network() {
        return network;
    }

    /**
     * Makes one step.
     *
     * @param windows the batch; none longer than the recipe's windows, and those that end early have their context
     * @return the loss before it
     * @throws TrainingDivergedException if loss or gradient is no finite number; the weights are those before
     */
    public double advance(List<List<Pixels>> windows) {
        double value;
        try (NDManager scratch = manager.newSubManager()) {
            NDArray frames = frames(scratch, windows);
            try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
                NDArray loss = objective.loss(frames, lengths(windows), step);
                collector.backward(loss);
                value = loss.getFloat();
            }
        }
        if (!Double.isFinite(value)) {
            throw new TrainingDivergedException(step, value, Double.NaN);
        }
        gradientNorm = adam.update(
                config.schedule().rate(step),
                config.schedule().clipNorm() == 0
                        ? Double.MAX_VALUE
                        : config.schedule().clipNorm());
        if (!Double.isFinite(gradientNorm)) {
            throw new TrainingDivergedException(step, value, gradientNorm);
        }
        average();
        step++;
        return value;
    }

    /** The loss of windows, without learning from them and without real frames fed back. */
    double loss(List<List<Pixels>> windows) {
        try (NDManager scratch = manager.newSubManager()) {
            return objective
                    .loss(
                            frames(scratch, windows),
                            lengths(windows),
                            config.schedule().steps())
                    .getFloat();
        }
    }

    /** Windows as (B, T, C, H, W), T the recipe's window length: those that end early repeat their last frame. */
    private NDArray frames(NDManager scratch, List<List<Pixels>> windows) {
        List<List<Pixels>> whole = windows.stream()
                .map(window -> Stream.concat(
                                window.stream(),
                                Collections.nCopies(
                                        config.windowLength() - window.size(), window.get(window.size() - 1))
                                        .stream())
                        .toList())
                .toList();
        return FrameArrays.toArray(scratch, whole, shape);
    }

    private static int[] lengths(List<List<Pixels>> windows) {
        return windows.stream().mapToInt(List::size).toArray();
    }

    private void average() {
        // Early averages forget faster, or they would remember the random start.
        float keep = (float) Math.min(config.schedule().averaging(), (1.0 + step) / (10.0 + step));
        try (NDManager scratch = manager.newSubManager()) {
            for (int i = 0; i < weights.size(); i++) {
                NDArray now = weights.get(i).duplicate();
                now.attach(scratch);
                averages.get(i).muli(keep).addi(now.mul(1 - keep));
            }
        }
    }

    /** Exchanges the newest weights and their running mean; call it again to undo it. */
    void swapAverages() {
        for (int i = 0; i < weights.size(); i++) {
            try (NDArray kept = weights.get(i).duplicate()) {
                averages.get(i).copyTo(weights.get(i));
                kept.copyTo(averages.get(i));
            }
        }
    }

    /**
     * Forecasts in closed loop with the weights as they are.
     *
     * @param contexts windows of real frames
     * @return (B, horizon, C, H, W) in the scratch manager
     */
    NDArray forecast(NDManager scratch, List<List<Pixels>> contexts, int horizon) {
        return network.forecast(store, FrameArrays.toArray(scratch, contexts, shape), horizon, false);
    }

    NDManager newScratch() {
        return manager.newSubManager();
    }

    /** Writes weights, averages, moments and step to one file, whole or not at all, with notes of the caller's. */
    void save(Path checkpoint, Map<String, Object> notes) {
        try (NDManager scratch = manager.newSubManager()) {
            var arrays = new NDList();
            for (int i = 0; i < weights.size(); i++) {
                arrays.add(named("weight" + i, weights.get(i).duplicate(), scratch));
                arrays.add(named("average" + i, averages.get(i).duplicate(), scratch));
            }
            for (NDArray moment : adam.moments()) {
                arrays.add(named("adam" + moment.getName(), moment.duplicate(), scratch));
            }
            arrays.add(named("step", scratch.create(step), scratch));
            Checkpoint.write(checkpoint, scratch, arrays, notes);
        }
    }

    private static NDArray named(String name, NDArray array, NDManager scratch) {
        array.attach(scratch);
        array.setName(name);
        return array;
    }

    /** The notes of a file that {@link #save} wrote. */
    Map<String, Object> notes(Path checkpoint) {
        try (NDManager scratch = manager.newSubManager()) {
            return Checkpoint.read(checkpoint, scratch, new NDList());
        }
    }

    /**
     * Takes a model's weights before the first step.
     *
     * @throws IllegalArgumentException if they are not those of such a network
     */
    void startFrom(ModelFolder model) {
        model.giveTo(network, torch, manager);
        for (int i = 0; i < weights.size(); i++) {
            weights.get(i).copyTo(averages.get(i));
        }
    }

    /** Goes on from a file that {@link #save} wrote. */
    void resume(Path checkpoint) {
        try (NDManager scratch = manager.newSubManager()) {
            var arrays = new NDList();
            Checkpoint.read(checkpoint, scratch, arrays);
            var moments = new NDList();
            for (NDArray array : arrays) {
                String name = array.getName();
                if (name.equals("step")) {
                    step = array.getInt();
                } else if (name.startsWith("adam")) {
                    array.setName(name.substring("adam".length()));
                    moments.add(array);
                } else {
                    int index = Integer.parseInt(name.replaceAll("\\D", ""));
                    array.copyTo((name.startsWith("weight") ? weights : averages).get(index));
                }
            }
            adam.resume(moments, step);
        }
    }

    @Override
    public void close() {
        manager.close();
        torch.close();
    }
}
