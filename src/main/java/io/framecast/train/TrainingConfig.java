package io.framecast.train;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.framecast.forecast.Forecast;
import java.nio.file.FileSystems;
import java.nio.file.PathMatcher;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.PatternSyntaxException;
import java.util.stream.IntStream;

/**
 * Every hyper-parameter of a training run; it stands in the saved model.
 *
 * @param recipe how a step is made
 * @param architecture the network, by name
 * @param hyperParameters the network's own settings
 * @param contextLength real frames before a closed-loop forecast
 * @param horizon frames forecast in training; with the page's recipe, frames that are read and followed by one more
 * @param batch windows a step
 * @param steps steps in all
 * @param learningRate the highest rate of Adam
 * @param schedule how the rate goes on after warming up
 * @param warmUpSteps steps until the highest rate, 0 to begin with it
 * @param clipNorm the largest norm of a step's whole gradient, 0 for any
 * @param averaging decay of the running mean of weights that is what is saved (Polyak averaging), 0 for none
 * @param scheduledSampling share of a forecast's steps that get the real frame instead of the network's own, at the
 *     beginning; it falls to 0 at half the steps (S. Bengio et al.: Scheduled Sampling. NeurIPS 2015)
 * @param stepsDrawn how many steps of the horizon, drawn at random, a training step looks at; more than there are: all.
 *     A network that must go through all of them in turn saves nothing by fewer
 * @param leastHorizon frames after the context that a clip must have to be learnt from; one with fewer than the horizon
 *     gives windows that end early. From the horizon on: all of them
 * @param stillWeight how many times the error of a pixel counts, in closed loop, that stays as it is while a window is
 *     forecast, at least 1; more than 1 keeps the background sharper and foresees less of what moves
 * @param oneCamera patterns of recordings' file names, as {@code door-*}: those that match one show one camera, and are
 *     drawn together as often as one recording of their length
 * @param enlarged how many times larger recordings are read than the network's frames are, 1 to 4; from larger ones
 *     parts are cut, which look like other cameras
 * @param movingCamera share of augmented windows, 0 to 1, in which the camera seems to move; more than 0 wants
 *     {@code enlarged} over 1, for room
 * @param pasted share of augmented windows, 0 to 1, in which things are made to fly about
 * @param maxStride every how many frames a window may take at most, so that slow and fast motion is met
 * @param augmented share of windows, 0 to 1, that are cut, mirrored and recoloured at random
 * @param seed of weights, windows and augmentation
 * @param evaluateEvery steps between validations
 * @param checkpointEvery steps between checkpoints
 * @param validationHorizon steps of the closed-loop forecasts that weights are chosen by
 * @param from the model whose weights it starts with, by name or folder; empty for fresh weights
 */
public record TrainingConfig(
        Recipe recipe,
        String architecture,
        Map<String, Object> hyperParameters,
        int contextLength,
        int horizon,
        int batch,
        int steps,
        double learningRate,
        Schedule schedule,
        int warmUpSteps,
        double clipNorm,
        double averaging,
        double scheduledSampling,
        int stepsDrawn,
        int leastHorizon,
        double stillWeight,
        List<String> oneCamera,
        int enlarged,
        double movingCamera,
        double pasted,
        int maxStride,
        double augmented,
        long seed,
        int evaluateEvery,
        int checkpointEvery,
        int validationHorizon,
        String from) {
    private static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);

    /** What is left of the rate at the end of a falling schedule. */
    private static final double LAST_RATE = 0.01;

    /** How a step is made. */
    public enum Recipe {
        /** The research page's: teacher forcing on real frames, half the sum of squares. */
        PAGE,
        /**
         * The context is real, then the network lives on its own output; each window's error is divided by
         * persistence's, because otherwise the few windows that move most would be all that is learnt.
         */
        CLOSED_LOOP;

        /**
         * The recipe of a name, as {@code closed-loop}.
         *
         * @throws IllegalArgumentException if there is none
         */
        @JsonCreator
        public static Recipe named(String title) {
            return Arrays.stream(values())
                    .filter(recipe ->
                            recipe.title().equals(title.replace('_', '-').toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(() ->
                            new IllegalArgumentException("recipe '" + title + "' is unknown: use page or closed-loop"));
        }

        /** Its name on the command line and in files. */
        @JsonValue
        public String title() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** How the learning rate goes on after warming up. */
    public enum Schedule {
        CONSTANT,
        COSINE;

        @JsonCreator
        static Schedule named(String title) {
            return Arrays.stream(values())
                    .filter(schedule -> schedule.title().equals(title.toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "schedule '" + title + "' is unknown: use constant or cosine"));
        }

        @JsonValue
        String title() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is outside its range
     */
    public TrainingConfig {
        hyperParameters = Map.copyOf(hyperParameters);
        oneCamera = List.copyOf(oneCamera);
        require("contextLength", contextLength, 1, 256);
        require("horizon", horizon, 1, 256);
        require("batch", batch, 1, 4096);
        require("steps", steps, 1, Integer.MAX_VALUE);
        require("warmUpSteps", warmUpSteps, 0, Integer.MAX_VALUE);
        require("clipNorm", clipNorm, 0, Double.MAX_VALUE);
        require("averaging", averaging, 0, 0.999999);
        require("scheduledSampling", scheduledSampling, 0, 1);
        require("stepsDrawn", stepsDrawn, 1, Integer.MAX_VALUE);
        require("leastHorizon", leastHorizon, 1, Integer.MAX_VALUE);
        require("stillWeight", stillWeight, 1, 1000);
        require("enlarged", enlarged, 1, 4);
        require("movingCamera", movingCamera, 0, 1);
        require("pasted", pasted, 0, 1);
        require("augmented", augmented, 0, 1);
        require("maxStride", maxStride, 1, 64);
        require("evaluateEvery", evaluateEvery, 1, Integer.MAX_VALUE);
        require("checkpointEvery", checkpointEvery, 1, Integer.MAX_VALUE);
        require("validationHorizon", validationHorizon, 1, Forecast.HORIZON);
        oneCamera.forEach(TrainingConfig::recordingsLike);
        if (movingCamera > 0 && enlarged == 1) {
            throw new IllegalArgumentException("movingCamera " + movingCamera
                    + " has no room at enlarged 1: use 2 or more, so that a part of the picture can move");
        }
        if (!(learningRate > 0)) {
            throw new IllegalArgumentException("learningRate " + learningRate + " is out of range: more than 0");
        }
    }

    private static void require(String name, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(name + " " + value + " is out of range: from " + least + " to " + most);
        }
    }

    /**
     * Tells the file names of recordings that a pattern of {@link #oneCamera} stands for.
     *
     * @throws IllegalArgumentException if it is malformed
     */
    static PathMatcher recordingsLike(String pattern) {
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("oneCamera '" + pattern + "' is malformed: " + e.getDescription()
                    + "; use a pattern as in door-*"); // without its cause, whose words would stand in its place
        }
    }

    /** What is used where nothing else is said: closed loop from 10 frames to 20. */
    public static TrainingConfig defaults() {
        return new TrainingConfig(
                Recipe.CLOSED_LOOP,
                "deconv-lstm",
                Map.of("output", "change"),
                10,
                20,
                4,
                1000,
                1e-3,
                Schedule.COSINE,
                50,
                1.0,
                0.99,
                0,
                Forecast.HORIZON,
                Forecast.HORIZON,
                1,
                List.of(),
                1,
                0,
                0,
                4,
                1,
                1,
                100,
                100,
                Forecast.HORIZON,
                "");
    }

    /** The research page's way: B = 4, T = 32, teacher forcing, half the sum of squares, Adam at 1e-3. */
    public static TrainingConfig page() {
        return new TrainingConfig(
                Recipe.PAGE,
                "deconv-lstm",
                Map.of("output", "frame"),
                10,
                32,
                4,
                1000,
                1e-3,
                Schedule.CONSTANT,
                0,
                0,
                0,
                0,
                Forecast.HORIZON,
                Forecast.HORIZON,
                1,
                List.of(),
                1,
                0,
                0,
                1,
                0,
                1,
                100,
                100,
                Forecast.HORIZON,
                "");
    }

    /**
     * The defaults of a recipe, with some settings changed.
     *
     * @param settings by the names above; {@code recipe} says whose defaults the others have
     * @throws IllegalArgumentException if one is unknown or malformed
     */
    public static TrainingConfig of(Map<String, Object> settings) {
        var recipe = Recipe.named(String.valueOf(settings.getOrDefault("recipe", Recipe.CLOSED_LOOP)));
        TrainingConfig usual = recipe == Recipe.PAGE ? page() : defaults();
        var all = new LinkedHashMap<>(usual.settings());
        if (!usual.architecture().equals(settings.getOrDefault("architecture", usual.architecture()))) {
            all.put("hyperParameters", Map.of()); // those of another network
        }
        all.putAll(settings);
        try {
            return MAPPER.convertValue(all, TrainingConfig.class);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(reason(e), e);
        }
    }

    private static String reason(IllegalArgumentException e) {
        if (e.getCause() instanceof UnrecognizedPropertyException unknown) {
            return "hyper-parameter '" + unknown.getPropertyName() + "' is unknown: there are "
                    + new TreeMap<>(defaults().settings()).keySet();
        }
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage()).lines().findFirst().orElse("a hyper-parameter is malformed");
    }

    /** Every setting by its name, as {@link #of} takes them. */
    public Map<String, Object> settings() {
        return MAPPER.convertValue(this, new TypeReference<LinkedHashMap<String, Object>>() {});
    }

    /** Every step of the horizon, from 1. */
    int[] allSteps() {
        return IntStream.rangeClosed(1, horizon).toArray();
    }

    /** The steps of the horizon that a training step looks at, from 1, rising; they depend on the seed and the step. */
    int[] drawnSteps(int step) {
        if (stepsDrawn >= horizon) {
            return allSteps();
        }
        return new Random(seed * 1_000_003L - 1 - step)
                .ints(1, horizon + 1)
                .distinct()
                .limit(stepsDrawn)
                .sorted()
                .toArray();
    }

    /** The learning rate of a step, counted from 0. */
    double rate(int step) {
        if (step < warmUpSteps) {
            return learningRate * (step + 1) / warmUpSteps;
        }
        if (schedule == Schedule.CONSTANT) {
            return learningRate;
        }
        double done = (double) (step - warmUpSteps) / Math.max(1, steps - warmUpSteps);
        double falling = 0.5 * (1 + Math.cos(Math.PI * Math.min(1, done)));
        return learningRate * (LAST_RATE + (1 - LAST_RATE) * falling);
    }

    /** The share of real frames that a step feeds back. */
    double realShare(int step) {
        return scheduledSampling * Math.max(0, 1 - 2.0 * step / steps);
    }

    /** How many frames a window of this recipe holds: what goes in and what is asked for. */
    int windowLength() {
        return recipe == Recipe.PAGE ? horizon + 1 : contextLength + horizon;
    }

    /** How many a window holds at least, where a clip has no more. */
    int leastWindowLength() {
        return recipe == Recipe.PAGE ? windowLength() : contextLength + Math.min(leastHorizon, horizon);
    }
}
