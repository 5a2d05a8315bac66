package io.framecast.train;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.Map;

/**
 * Every hyper-parameter of a training run; it stands in the saved model.
 *
 * @param architecture the network, by name
 * @param hyperParameters the network's own settings
 * @param recipe {@code page}: teacher forcing on real frames, half the sum of squares; {@code closed-loop}: the context
 *     is real, then the network lives on its own output, and each window's error is divided by persistence's, because
 *     otherwise the few windows that move most would be all that is learnt
 * @param contextLength real frames before a closed-loop forecast
 * @param horizon frames forecast in training
 * @param batch windows a step
 * @param steps steps in all
 * @param learningRate the highest rate of Adam; it rises over the first steps and then falls along a cosine
 * @param warmUpSteps steps until the highest rate
 * @param clipNorm the largest norm of a step's whole gradient
 * @param averaging decay of the running mean of weights that is what is saved (Polyak averaging)
 * @param stepsDrawn how many steps of the horizon, drawn at random, a training step looks at; more than there are: all.
 *     A network that must go through all of them in turn saves nothing by fewer
 * @param enlarged how many times larger training clips are read than the network's frames are, 1 or 2; from larger ones
 *     parts are cut, which look like other cameras
 * @param pasted share of windows, 0 to 1, in which things are made to fly about
 * @param maxStride every how many frames a window may take at most, so that slow and fast motion is met
 * @param seed of weights, windows and augmentation
 * @param evaluateEvery steps between validations; each also writes a checkpoint
 */
@JsonIgnoreProperties(ignoreUnknown = false)
public record TrainingConfig(
        String architecture,
        Map<String, Object> hyperParameters,
        Recipe recipe,
        int contextLength,
        int horizon,
        int batch,
        int steps,
        double learningRate,
        int warmUpSteps,
        double clipNorm,
        double averaging,
        int stepsDrawn,
        int enlarged,
        double pasted,
        int maxStride,
        long seed,
        int evaluateEvery) {
    /** How a step is made. */
    public enum Recipe {
        PAGE,
        CLOSED_LOOP
    }

    /** What is used where nothing else is said: closed loop from 10 frames to 20. */
    public static TrainingConfig defaults() {
        return new TrainingConfig(
                "deconv-lstm",
                Map.of("output", "change"),
                Recipe.CLOSED_LOOP,
                10,
                20,
                4,
                1000,
                1e-3,
                50,
                1.0,
                0.99,
                20,
                1,
                0,
                4,
                1,
                100);
    }

    /** The learning rate of a step, counted from 0. */
    double rate(int step) {
        if (step < warmUpSteps) {
            return learningRate * (step + 1) / warmUpSteps;
        }
        double done = (double) (step - warmUpSteps) / Math.max(1, steps - warmUpSteps);
        return learningRate * (0.01 + 0.99 * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, done))));
    }

    /** How many frames a window of this recipe holds: what goes in and what is asked for. */
    int windowLength() {
        return recipe == Recipe.PAGE ? Math.max(contextLength, 32) + 1 : contextLength + horizon;
    }
}
