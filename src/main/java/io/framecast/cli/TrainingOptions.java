package io.framecast.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.framecast.model.ModelDescription;
import io.framecast.model.ModelException;
import io.framecast.model.ModelFolder;
import io.framecast.train.Recipe;
import io.framecast.train.TrainingConfig;
import io.framecast.train.TrainingKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a model is trained: a recipe, an option for nearly every setting of it, and {@code --set} for all of them. */
final class TrainingOptions {
    private static final ObjectMapper YAML = new YAMLMapper();
    private static final String FROM = "network.from";

    /** What the data are read for and the network is made of. */
    private static final List<String> SAME_IN_ALL_STAGES =
            List.of(TrainingKeys.ARCHITECTURE, TrainingKeys.HYPER_PARAMETERS, "augmentation.enlarged", FROM);

    @Option(
            names = "--recipe",
            paramLabel = "NAME|FILE",
            defaultValue = Recipe.DEFAULT,
            description = "Where all settings come from. closed-loop trains a model to forecast from the context"
                    + " alone, as a live model does; teacher-forced to forecast each next frame from real"
                    + " frames. A YAML file, such as models/*/recipe.yaml, changes settings of a named recipe;"
                    + " further documents in it (after ---) are further training stages. Default:"
                    + " ${DEFAULT-VALUE}")
    String recipe = Recipe.DEFAULT;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            split = "\\R",
            hideParamSyntax = true,
            description = "Change one setting of the recipe, as schedule.learning-rate=1e-3, in all stages; can be"
                    + " repeated. It has priority over the options below, which name their keys. An unknown KEY makes"
                    + " Framecast list all keys.")
    List<String> set = List.of();

    @Option(
            names = "--from",
            paramLabel = "NAME|DIR",
            description = "Start with the weights of this model, to train it further on other recordings or with"
                    + " another recipe. Its network's settings are kept unless others are given. Key: network.from")
    @Nullable
    String from;

    @Option(
            names = "--architecture",
            paramLabel = "NAME",
            description = "convlstm, deconv-lstm, flow-lstm, flow-mixture or unet. Key: network.architecture")
    @Nullable
    String architecture;

    @Option(
            names = "--hyper-parameter",
            paramLabel = "KEY=VALUE",
            split = "\\R",
            hideParamSyntax = true,
            description = "A setting of the network, as filters=[16,32]; can be repeated. Replaces those of"
                    + " a named recipe, and changes those of a file or of --from. Key:" + " network.hyper-parameters")
    Map<String, String> hyperParameters = new LinkedHashMap<>();

    @Option(
            names = "--context",
            paramLabel = "N",
            description = "Real frames before a forecast, at most. Key: sampling.context-length")
    @Nullable
    Integer context;

    @Option(names = "--horizon", paramLabel = "N", description = "Frames forecast in training. Key: sampling.horizon")
    @Nullable
    Integer horizon;

    @Option(names = "--batch", paramLabel = "N", description = "Windows per training step. Key: sampling.batch")
    @Nullable
    Integer batch;

    @Option(names = "--steps", paramLabel = "N", description = "Training steps in all. Key: schedule.steps")
    @Nullable
    Integer steps;

    @Option(
            names = "--learning-rate",
            paramLabel = "RATE",
            description = "Adam's highest learning rate. Key: schedule.learning-rate")
    @Nullable
    Double learningRate;

    @Option(
            names = "--schedule",
            paramLabel = "cosine|constant",
            description = "How the learning rate changes after warming up. Key: schedule.decay")
    @Nullable
    String schedule;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            description = "Steps in which the learning rate rises to its highest. Key:" + " schedule.warm-up-steps")
    @Nullable
    Integer warmUp;

    @Option(
            names = "--clip-norm",
            paramLabel = "NORM",
            description = "Clip the gradient to this norm; 0 for no limit. Key: schedule.clip-norm")
    @Nullable
    Double clipNorm;

    @Option(
            names = "--averaging",
            paramLabel = "DECAY",
            description = "Decay of the running mean of the weights, which is what is saved; 0 for none."
                    + " Key: schedule.averaging")
    @Nullable
    Double averaging;

    @Option(
            names = "--scheduled-sampling",
            paramLabel = "SHARE",
            description = "Share of real frames fed back at the start; falls to 0 at half the steps. Key:"
                    + " objective.scheduled-sampling")
    @Nullable
    Double scheduledSampling;

    @Option(
            names = "--steps-drawn",
            paramLabel = "N",
            description = "How many steps of the horizon, drawn at random, count in a training step. Key:"
                    + " objective.steps-drawn")
    @Nullable
    Integer stepsDrawn;

    @Option(
            names = "--least-horizon",
            paramLabel = "N",
            description = "Also use clips too short for a whole window, if they have this many frames after"
                    + " the context. Key: sampling.least-horizon")
    @Nullable
    Integer leastHorizon;

    @Option(
            names = "--still-weight",
            paramLabel = "WEIGHT",
            description = "How many times the error of unchanging pixels counts; more than 1 keeps the"
                    + " background sharp. Key: objective.still-weight")
    @Nullable
    Double stillWeight;

    @Option(
            names = "--one-camera",
            paramLabel = "PATTERN",
            description = "Recordings whose file names match, as door-*, show one camera: they are drawn"
                    + " together as often as one recording of their total length. Can be repeated. Key:"
                    + " sampling.one-camera")
    @Nullable
    List<String> oneCamera;

    @Option(
            names = "--enlarged",
            paramLabel = "N",
            description = "Read recordings N times larger, 1 to 4, so that sharp parts can be cut. Key:"
                    + " augmentation.enlarged")
    @Nullable
    Integer enlarged;

    @Option(
            names = "--moving-camera",
            paramLabel = "SHARE",
            description = "Share of augmented windows, 0 to 1, in which the camera seems to move; needs"
                    + " --enlarged 2 or more for room. Key: augmentation.moving-camera")
    @Nullable
    Double movingCamera;

    @Option(
            names = "--pasted",
            paramLabel = "SHARE",
            description = "Share of augmented windows, 0 to 1, into which moving objects are pasted. Key:"
                    + " augmentation.pasted")
    @Nullable
    Double pasted;

    @Option(
            names = "--max-stride",
            paramLabel = "N",
            description = "A window takes every frame, every second one and so on up to every Nth. Key:"
                    + " sampling.max-stride")
    @Nullable
    Integer maxStride;

    @Option(
            names = "--augmented",
            paramLabel = "SHARE",
            description = "Share of windows, 0 to 1, that are cut, mirrored and recoloured at random. Key:"
                    + " augmentation.share")
    @Nullable
    Double augmented;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of weights, windows and augmentation. Key: seed")
    @Nullable
    Long seed;

    @Option(
            names = "--evaluate-every",
            paramLabel = "N",
            description = "Training steps between validations. Key: validation.every")
    @Nullable
    Integer evaluateEvery;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "N",
            description = "Training steps between checkpoints. Key: schedule.checkpoint-every")
    @Nullable
    Integer checkpointEvery;

    @Option(
            names = "--validation-horizon",
            paramLabel = "N",
            description = "Forecast steps that are validated, at most 32. Key: validation.horizon")
    @Nullable
    Integer validationHorizon;

    /**
     * What is trained, one stage after the other: a recipe's first document, then each further one with what it
     * changes. A later stage names the one it starts {@code from}, as {@code stage-1}.
     *
     * @param models where the model to start from is looked for
     * @return one stage at least
     * @throws ModelException if that is none, or damaged
     * @throws IllegalArgumentException if a value is malformed or out of range
     */
    List<TrainingConfig> stages(ModelsOption models) {
        List<Map<String, Object>> documents = Recipe.stages(recipe);
        Map<String, Object> changes = changes();
        var settings = new LinkedHashMap<>(documents.get(0));
        settings.putAll(changes);
        if (settings.get(FROM) instanceof String start && !start.isEmpty()) {
            inherit(settings, ModelFolder.find(models.directory(), start).description());
        }
        putHyperParameters(settings, changes);
        var stages = new ArrayList<>(List.of(TrainingConfig.of(settings)));
        for (Map<String, Object> document : documents.subList(1, documents.size())) {
            requireSameNetwork(document, stages.size() + 1);
            settings.putAll(document);
            settings.putAll(changes);
            settings.put(FROM, stage(stages.size()));
            stages.add(TrainingConfig.of(settings));
        }
        return stages;
    }

    /** The folder of a stage that others follow, inside the model's; the first is 1. */
    static String stage(int number) {
        return "stage-" + number;
    }

    private void requireSameNetwork(Map<String, Object> document, int stage) {
        document.keySet().stream()
                .filter(key ->
                        SAME_IN_ALL_STAGES.stream().anyMatch(same -> key.equals(same) || key.startsWith(same + ".")))
                .findFirst()
                .ifPresent(key -> {
                    throw new IllegalArgumentException("recipe '" + recipe + "' changes " + key + " in stage " + stage
                            + ": it must be the same in all stages; set it in the first document");
                });
    }

    /** What the command line says of single settings, by their keys. */
    private Map<String, Object> changes() {
        var settings = new LinkedHashMap<String, Object>();
        put(settings, FROM, from);
        put(settings, TrainingKeys.ARCHITECTURE, architecture);
        put(settings, TrainingKeys.CONTEXT_LENGTH, context);
        put(settings, "sampling.horizon", horizon);
        put(settings, "sampling.batch", batch);
        put(settings, "schedule.steps", steps);
        put(settings, "schedule.learning-rate", learningRate);
        put(settings, "schedule.decay", schedule);
        put(settings, "schedule.warm-up-steps", warmUp);
        put(settings, "schedule.clip-norm", clipNorm);
        put(settings, "schedule.averaging", averaging);
        put(settings, "objective.scheduled-sampling", scheduledSampling);
        put(settings, "objective.steps-drawn", stepsDrawn);
        put(settings, "sampling.least-horizon", leastHorizon);
        put(settings, "objective.still-weight", stillWeight);
        put(settings, "sampling.one-camera", oneCamera);
        put(settings, "augmentation.enlarged", enlarged);
        put(settings, "augmentation.moving-camera", movingCamera);
        put(settings, "augmentation.pasted", pasted);
        put(settings, "sampling.max-stride", maxStride);
        put(settings, "augmentation.share", augmented);
        put(settings, "seed", seed);
        put(settings, "validation.every", evaluateEvery);
        put(settings, "schedule.checkpoint-every", checkpointEvery);
        put(settings, "validation.horizon", validationHorizon);
        settings.putAll(set());
        return settings;
    }

    private Map<String, Object> set() {
        var values = new LinkedHashMap<String, Object>();
        for (String typed : set) {
            int equals = typed.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(
                        "--set '" + typed + "' is malformed: use KEY=VALUE, as in schedule.steps=5000");
            }
            Object value =
                    value("--set " + typed, typed.substring(equals + 1), "a number, a word, or a list as in [16,32]");
            values.put(typed.substring(0, equals), value);
        }
        return TrainingKeys.flat(values);
    }

    private static Object value(String typed, String text, String expected) {
        try {
            return YAML.readValue(text, Object.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(typed + " is malformed: use " + expected, e);
        }
    }

    /** Uses a model's network, where nothing else is said. */
    private static void inherit(Map<String, Object> settings, ModelDescription model) {
        boolean isAsLong = settings.putIfAbsent(TrainingKeys.CONTEXT_LENGTH, model.contextLength()) == null;
        if (isAsLong && model.leastContextLength() != null) {
            settings.putIfAbsent(TrainingKeys.LEAST_CONTEXT_LENGTH, model.leastContextLength());
        }
        settings.putIfAbsent(TrainingKeys.ARCHITECTURE, model.architecture());
        if (model.architecture().equals(settings.get(TrainingKeys.ARCHITECTURE)) && model.hyperParameters() != null) {
            var network = new LinkedHashMap<String, Object>(model.hyperParameters());
            if (settings.get(TrainingKeys.HYPER_PARAMETERS) instanceof Map<?, ?> given) {
                given.forEach((key, value) -> network.put(String.valueOf(key), value));
            }
            settings.put(TrainingKeys.HYPER_PARAMETERS, network);
        }
    }

    /** Those of {@code --hyper-parameter} on top of the file's or the model's, and in place of a named recipe's. */
    private void putHyperParameters(Map<String, Object> settings, Map<String, Object> changes) {
        if (hyperParameters.isEmpty()) {
            return;
        }
        var merged = new LinkedHashMap<String, Object>();
        if (settings.get(TrainingKeys.HYPER_PARAMETERS) instanceof Map<?, ?> before) {
            before.forEach((key, value) -> merged.put(String.valueOf(key), value));
        }
        hyperParameters.forEach((key, text) -> {
            String typed = "hyper-parameter " + key + "=" + text;
            merged.put(key, value(typed, text, "a number, a word, or a list as in filters=[16,32]"));
            String own = TrainingKeys.HYPER_PARAMETERS + "." + key;
            if (!changes.containsKey(own)) {
                settings.remove(own); // of the file
            }
        });
        settings.put(TrainingKeys.HYPER_PARAMETERS, merged);
    }

    private static void put(Map<String, Object> settings, String name, @Nullable Object value) {
        if (value != null) {
            settings.put(name, value);
        }
    }
}
