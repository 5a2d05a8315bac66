package io.framecast.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.model.FrameArrays;
import io.framecast.model.FramePredictor;
import io.framecast.model.ModelDescription;
import io.framecast.model.ModelFolder;
import io.framecast.model.Torch;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Trains one network. All of its work happens on the thread that made it, because the engine keeps its gradient mode a
 * thread.
 */
final class Trainer implements AutoCloseable {
    /**
     * Added to persistence's error before dividing by it: that of a difference of 1.4 levels, as noise makes. Frames
     * are in [-1, 1], where a level is 1 / 127.5.
     */
    private static final float STILL = 1.2e-4f;

    private final TrainingConfig config;
    private final FrameShape shape;
    private final WindowSampler sampler;
    private final Torch torch = Torch.open();
    private final NDManager manager;
    private final FramePredictor network;
    private final ParameterStore store;
    private final List<NDArray> weights = new ArrayList<>();
    private final List<NDArray> averages = new ArrayList<>();
    private final Adam adam;
    private int step;

    Trainer(TrainingConfig config, ModelDescription description, List<TrainingSet> clips, Device device) {
        this.config = config;
        shape = ModelFolder.shape(description);
        sampler = new WindowSampler(clips, shape, config);
        manager = NDManager.newBaseManager(device, "PyTorch");
        manager.getEngine().setRandomSeed((int) config.seed());
        network = ModelFolder.build(description, torch, manager);
        store = new ParameterStore(manager, false);
        network.getParameters().forEach(entry -> {
            NDArray weight = entry.getValue().getArray();
            averages.add(weight.duplicate());
            weight.setRequiresGradient(true);
            weights.add(weight);
        });
        adam = new Adam(weights);
    }

    /** How many steps are done. */
    int step() {
        return step;
    }

    /** The network with the weights of the newest step. */
    FramePredictor network() {
        return network;
    }

    /**
     * Makes one step.
     *
     * @return the loss before it
     * @throws TrainingDivergedException if loss or gradient is no finite number
     */
    double advance() {
        double value;
        try (NDManager scratch = manager.newSubManager()) {
            NDArray windows = FrameArrays.toArray(scratch, sampler.windows(step), shape); // (B, T, C, H, W)
            try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
                NDArray loss =
                        config.recipe() == TrainingConfig.Recipe.PAGE ? teacherForced(windows) : closedLoop(windows);
                collector.backward(loss);
                value = loss.getFloat();
            }
        }
        double norm = adam.update(config.rate(step), config.clipNorm() == 0 ? Double.MAX_VALUE : config.clipNorm());
        if (!Double.isFinite(value) || !Double.isFinite(norm)) {
            throw new TrainingDivergedException(step, value, norm);
        }
        average();
        step++;
        return value;
    }

    /** Half the sum of squared errors of the frame after each real one, a window and step. */
    private NDArray teacherForced(NDArray windows) {
        NDArray inputs = windows.get(new NDIndex(":, :-1"));
        NDArray truth = windows.get(new NDIndex(":, 1:"));
        NDArray predictions = network.forward(store, new NDList(inputs), true).get(0);
        Shape lying = truth.getShape();
        float share = 1f / (2 * lying.get(0) * lying.get(1));
        // Never mul(Number) or div(Number) under a gradient: DJL lends the number's memory to the engine, and the
        // garbage
        // collector may take it back before the backward pass reads it.
        NDArray scale = windows.getManager().full(new Shape(), share);
        return predictions.sub(truth).square().sum().mul(scale);
    }

    /**
     * Squared error of the forecast over that of persistence, the mean over windows and steps. Half of the divisor is
     * the step's own error, half the mean over the window's steps, so that a step at which little happens by chance
     * does not count for more than the others.
     */
    private NDArray closedLoop(NDArray windows) {
        int context = config.contextLength();
        int[] steps = sampler.steps(step);
        NDArray last = windows.get(new NDIndex(":, {}:{}", context - 1, context));
        NDArray[] wanted = IntStream.of(steps)
                .mapToObj(ahead -> windows.get(new NDIndex(":, {}", context - 1 + ahead)))
                .toArray(NDArray[]::new);
        NDArray truth = NDArrays.stack(new NDList(wanted), 1);
        NDArray still = meanSquare(last.sub(truth)); // (B, steps)
        NDArray divisor = still.add(still.mean(new int[] {1}, true)).div(2).add(STILL);
        NDArray known = windows.get(new NDIndex(":, :{}", context));
        NDArray forecast = network.forecast(store, known, steps, true);
        return meanSquare(forecast.sub(truth)).div(divisor).mean();
    }

    /** (B, T, C, H, W) to (B, T). */
    private static NDArray meanSquare(NDArray difference) {
        Shape shape = difference.getShape();
        return difference.square().reshape(shape.get(0), shape.get(1), -1).mean(new int[] {2});
    }

    private void average() {
        // Early averages forget faster, or they would remember the random start.
        float keep = (float) Math.min(config.averaging(), (1.0 + step) / (10.0 + step));
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

    /** Writes weights, averages, moments and step to one file, whole or not at all. */
    void save(Path checkpoint) {
        Path partial = checkpoint.resolveSibling(checkpoint.getFileName() + ".partial");
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
            try (OutputStream out = Files.newOutputStream(partial)) {
                arrays.encode(out, NDList.Encoding.NPZ);
            }
            Files.move(partial, checkpoint, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the checkpoint " + checkpoint, e);
        }
    }

    private static NDArray named(String name, NDArray array, NDManager scratch) {
        array.attach(scratch);
        array.setName(name);
        return array;
    }

    /** Goes on from a file that {@link #save} wrote. */
    void resume(Path checkpoint) {
        try (NDManager scratch = manager.newSubManager();
                InputStream in = Files.newInputStream(checkpoint)) {
            var moments = new NDList();
            for (NDArray array : NDList.decode(scratch, in)) {
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
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the checkpoint " + checkpoint, e);
        }
    }

    @Override
    public void close() {
        manager.close();
        torch.close();
    }
}
