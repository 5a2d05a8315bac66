package io.framecast.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import io.framecast.model.FramePredictor;
import io.framecast.score.HorizonScores;
import java.util.Random;

/**
 * What training makes small.
 *
 * <p>Never {@code mul(Number)} or {@code div(Number)} under a gradient: DJL lends the number's memory to the engine,
 * and the garbage collector may take it back before the backward pass reads it.
 */
final class Objective {
    /**
     * Added to persistence's error before dividing by it: that of a difference of 1.4 levels, as noise makes. Frames
     * are in [-1, 1], where a level is 1 / 127.5.
     */
    private static final float STILL = 1.2e-4f;

    /** How far a pixel that stays may be from the last real frame. */
    private static final float STAYS = HorizonScores.STILL_LEVELS / 127.5f;

    private final TrainingConfig config;
    private final FramePredictor network;
    private final ParameterStore store;

    Objective(TrainingConfig config, FramePredictor network, ParameterStore store) {
        this.config = config;
        this.network = network;
        this.store = store;
    }

    /**
     * The loss of a batch.
     *
     * @param windows (B, T, C, H, W), T the recipe's window length
     * @param known how many frames of each window are real; the others don't count
     * @param step which step of the training it is
     * @return one number
     */
    NDArray loss(NDArray windows, int[] known, int step) {
        return config.isTeacherForced() ? teacherForced(windows) : closedLoop(windows, known, step);
    }

    /** Half the sum of squared errors of the frame after each real one, a window and step. */
    private NDArray teacherForced(NDArray windows) {
        NDArray inputs = windows.get(new NDIndex(":, :-1"));
        NDArray truth = windows.get(new NDIndex(":, 1:"));
        NDArray predictions = network.forward(store, new NDList(inputs), true).get(0);
        if (!predictions.getShape().equals(truth.getShape())) {
            throw new IllegalArgumentException(
                    "architecture " + config.network().architecture()
                            + " does not say what follows every frame, so it cannot be trained with --recipe teacher-forced; use"
                            + " closed-loop");
        }
        Shape tensorShape = truth.getShape();
        NDArray scale = windows.getManager().full(new Shape(), 1f / (2 * tensorShape.get(0) * tensorShape.get(1)));
        return predictions.sub(truth).square().sum().mul(scale);
    }

    /**
     * Squared error of the forecast over that of persistence, the mean over windows and steps. Half of the divisor is
     * the step's own error, half the mean over the window's steps, so that a step at which little happens by chance
     * does not count for more than the others. Pixels that stay as they are count the recipe's still weight.
     */
    private NDArray closedLoop(NDArray windows, int[] known, int step) {
        int context = config.sampling().contextLength();
        NDArray real = windows.get(new NDIndex(":, :{}", context));
        NDArray last = windows.get(new NDIndex(":, {}:{}", context - 1, context));
        double share = config.realShare(step);
        int[] steps = share > 0 ? config.allSteps() : config.drawnSteps(step);
        NDArray truth = at(windows, steps);
        NDArray forecast = share > 0
                ? mixedForecast(real, truth, share, new Random(config.seed() * 1_000_033L + step))
                : network.forecast(store, real, steps, true);
        NDArray still = meanSquare(last.sub(truth)); // (B, steps)
        NDArray divisor = still.add(still.mean(new int[] {1}, true)).div(2).add(STILL);
        return meanSquare(forecast.sub(truth).mul(emphasis(last.sub(truth))))
                .div(divisor)
                .mul(weights(windows.getManager(), known, steps))
                .sum();
    }

    /**
     * By what errors are multiplied before they are squared, from how the truth differs from the last real frame (B,
     * steps, C, H, W): (B, 1, 1, H, W), more than 1 where it stays as it is at all of the steps.
     */
    private NDArray emphasis(NDArray changes) {
        NDArray stays = changes.abs()
                .max(new int[] {1}, true)
                .max(new int[] {2}, true)
                .lte(STAYS)
                .toType(DataType.FLOAT32, false);
        return stays.mul((float) Math.sqrt(config.objective().stillWeight()) - 1)
                .add(1);
    }

    /** What each window's steps count for, the same for all that are known and 0 for the others: (B, steps). */
    private NDArray weights(NDManager manager, int[] known, int[] steps) {
        var weights = new float[known.length * steps.length];
        int count = 0;
        for (int i = 0; i < weights.length; i++) {
            boolean counts = config.sampling().contextLength() + steps[i % steps.length] <= known[i / steps.length];
            weights[i] = counts ? 1 : 0;
            count += counts ? 1 : 0;
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= Math.max(1, count);
        }
        return manager.create(weights, new Shape(known.length, steps.length));
    }

    /** The real frames of some steps after the context: (B, steps, C, H, W). */
    private NDArray at(NDArray windows, int[] steps) {
        var wanted = new NDList();
        for (int step : steps) {
            wanted.add(windows.get(new NDIndex(":, {}", config.sampling().contextLength() - 1 + step)));
        }
        return NDArrays.stack(wanted, 1);
    }

    /** Closed loop in which each window gets the real frame instead of its own, at random, in that share of steps. */
    private NDArray mixedForecast(NDArray real, NDArray truth, double share, Random random) {
        NDList remembered = network.forward(store, new NDList(real), true);
        NDArray next = remembered.get(0).get(new NDIndex(":, -1:"));
        var drawn = new NDList(next);
        for (int step = 1; step < config.sampling().horizon(); step++) {
            NDArray mask = mask(real, share, random);
            NDArray own = next.mul(mask.neg().add(1));
            NDArray given = truth.get(new NDIndex(":, {}:{}", step - 1, step)).mul(mask);
            var inputs = new NDList(own.add(given));
            inputs.addAll(remembered.subNDList(1));
            remembered = network.forward(store, inputs, true);
            next = remembered.get(0);
            drawn.add(next);
        }
        return NDArrays.concat(drawn, 1);
    }

    /** 1 for a window that gets the real frame, else 0: (B, 1, 1, 1, 1). */
    private static NDArray mask(NDArray like, double share, Random random) {
        int batch = (int) like.getShape().get(0);
        var values = new float[batch];
        for (int i = 0; i < batch; i++) {
            values[i] = random.nextDouble() < share ? 1 : 0;
        }
        return like.getManager().create(values, new Shape(batch, 1, 1, 1, 1));
    }

    /** (B, T, C, H, W) to (B, T). */
    private static NDArray meanSquare(NDArray difference) {
        Shape shape = difference.getShape();
        return difference.square().reshape(shape.get(0), shape.get(1), -1).mean(new int[] {2});
    }
}
