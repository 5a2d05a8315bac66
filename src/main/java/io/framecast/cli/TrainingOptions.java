package io.framecast.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.framecast.model.ModelDescription;
import io.framecast.model.ModelException;
import io.framecast.model.ModelFolder;
import io.framecast.train.TrainingConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a model is trained: a recipe, a file of it, and every hyper-parameter by itself; the latter go first. */
final class TrainingOptions {
    private static final ObjectMapper YAML = new YAMLMapper();

    /** What the data are read for and the network is made of. */
    private static final List<String> SAME_IN_ALL_STAGES =
            List.of("architecture", "hyperParameters", "contextLength", "enlarged", "from");

    @Option(
            names = "--recipe",
            paramLabel = "closed-loop|page|FILE",
            defaultValue = "closed-loop",
            description =
                    "closed-loop trains for what a live model does; page as the research page does (B = 4, T = 32,"
                            + " teacher forcing); a YAML file says it all, as models/*/recipe.yaml. Further documents of it"
                            + " (after ---) are further stages. Default: ${DEFAULT-VALUE}")
    String recipe = "closed-loop";

    @Option(
            names = "--from",
            paramLabel = "NAME|DIR",
            description = "Start with the weights of this model: to go on with other recordings, or another recipe."
                    + " Its network's settings hold unless others are given.")
    @Nullable
    String from;

    @Option(names = "--architecture", paramLabel = "NAME", description = "convlstm, deconv-lstm, flow-mixture or unet.")
    @Nullable
    String architecture;

    @Option(
            names = "--hyper-parameter",
            paramLabel = "KEY=VALUE",
            split = "\\R",
            splitSynopsisLabel = "",
            description = "A setting of the network, as filters=[16,32]; may stand again and again.")
    Map<String, String> hyperParameters = new LinkedHashMap<>();

    @Option(names = "--context", paramLabel = "N", description = "Real frames before a forecast.")
    @Nullable
    Integer context;

    @Option(names = "--horizon", paramLabel = "N", description = "Frames forecast in training.")
    @Nullable
    Integer horizon;

    @Option(names = "--batch", paramLabel = "N", description = "Windows a step.")
    @Nullable
    Integer batch;

    @Option(names = "--steps", paramLabel = "N", description = "Steps in all.")
    @Nullable
    Integer steps;

    @Option(names = "--learning-rate", paramLabel = "RATE", description = "The highest rate of Adam.")
    @Nullable
    Double learningRate;

    @Option(names = "--schedule", paramLabel = "cosine|constant", description = "How the rate goes on.")
    @Nullable
    String schedule;

    @Option(names = "--warm-up", paramLabel = "N", description = "Steps until the highest rate.")
    @Nullable
    Integer warmUp;

    @Option(names = "--clip-norm", paramLabel = "NORM", description = "Clip the gradient at this norm; 0 for never.")
    @Nullable
    Double clipNorm;

    @Option(names = "--averaging", paramLabel = "DECAY", description = "Of the mean of weights; 0 for none.")
    @Nullable
    Double averaging;

    @Option(
            names = "--scheduled-sampling",
            paramLabel = "SHARE",
            description = "Share of real frames fed back at the beginning; falls to 0 at half the steps.")
    @Nullable
    Double scheduledSampling;

    @Option(
            names = "--steps-drawn",
            paramLabel = "N",
            description = "Steps of the horizon that a training step looks at, drawn at random.")
    @Nullable
    Integer stepsDrawn;

    @Option(
            names = "--least-horizon",
            paramLabel = "N",
            description = "Learn from clips too short for a whole window, too, if they have so many frames after the"
                    + " context.")
    @Nullable
    Integer leastHorizon;

    @Option(
            names = "--still-weight",
            paramLabel = "WEIGHT",
            description =
                    "How many times the error of pixels counts that stay as they are; keeps the background sharp.")
    @Nullable
    Double stillWeight;

    @Option(
            names = "--one-camera",
            paramLabel = "PATTERN",
            description = "Recordings whose file names match, as door-*, show one camera: they are drawn together as"
                    + " often as one of their length. May stand again and again.")
    @Nullable
    List<String> oneCamera;

    @Option(
            names = "--enlarged",
            paramLabel = "N",
            description = "Read recordings N times larger, so that sharp parts can be cut.")
    @Nullable
    Integer enlarged;

    @Option(
            names = "--moving-camera",
            paramLabel = "SHARE",
            description = "Share of augmented windows, 0 to 1, in which the camera seems to move; needs --enlarged 2 or"
                    + " more for room.")
    @Nullable
    Double movingCamera;

    @Option(
            names = "--pasted",
            paramLabel = "SHARE",
            description = "Share of augmented windows, 0 to 1, in which things are made to fly about.")
    @Nullable
    Double pasted;

    @Option(names = "--max-stride", paramLabel = "N", description = "Every how many frames a window takes at most.")
    @Nullable
    Integer maxStride;

    @Option(
            names = "--augmented",
            paramLabel = "SHARE",
            description = "Share of windows, 0 to 1, that are cut, mirrored and recoloured.")
    @Nullable
    Double augmented;

    @Option(names = "--seed", paramLabel = "N", description = "Of weights, windows and augmentation.")
    @Nullable
    Long seed;

    @Option(names = "--evaluate-every", paramLabel = "N", description = "Steps between validations.")
    @Nullable
    Integer evaluateEvery;

    @Option(names = "--checkpoint-every", paramLabel = "N", description = "Steps between checkpoints.")
    @Nullable
    Integer checkpointEvery;

    @Option(names = "--validation-horizon", paramLabel = "N", description = "Steps that are validated, at most 32.")
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
        List<Map<String, Object>> documents =
                recipe.matches("closed-loop|page") ? List.of(Map.of("recipe", recipe)) : read(Path.of(recipe), recipe);
        var settings = new LinkedHashMap<>(documents.get(0));
        putGiven(settings);
        if (settings.get("from") instanceof String start && !start.isEmpty()) {
            inherit(settings, ModelFolder.find(models.directory(), start).description());
        }
        if (!hyperParameters.isEmpty()) {
            settings.put("hyperParameters", merged(settings.get("hyperParameters")));
        }
        var stages = new ArrayList<>(List.of(TrainingConfig.of(settings)));
        for (Map<String, Object> changes : documents.subList(1, documents.size())) {
            requireSameNetwork(changes, stages.size() + 1);
            settings.putAll(changes);
            putGiven(settings);
            settings.put("from", stage(stages.size()));
            stages.add(TrainingConfig.of(settings));
        }
        return stages;
    }

    /** The folder of a stage that others follow, inside the model's; the first is 1. */
    static String stage(int number) {
        return "stage-" + number;
    }

    private void requireSameNetwork(Map<String, Object> changes, int stage) {
        SAME_IN_ALL_STAGES.stream().filter(changes::containsKey).findFirst().ifPresent(setting -> {
            throw new IllegalArgumentException("recipe '" + recipe + "' changes " + setting + " in stage " + stage
                    + ": it is the same in all; let the first document say it");
        });
    }

    private void putGiven(Map<String, Object> settings) {
        put(settings, "from", from);
        put(settings, "architecture", architecture);
        put(settings, "contextLength", context);
        put(settings, "horizon", horizon);
        put(settings, "batch", batch);
        put(settings, "steps", steps);
        put(settings, "learningRate", learningRate);
        put(settings, "schedule", schedule);
        put(settings, "warmUpSteps", warmUp);
        put(settings, "clipNorm", clipNorm);
        put(settings, "averaging", averaging);
        put(settings, "scheduledSampling", scheduledSampling);
        put(settings, "stepsDrawn", stepsDrawn);
        put(settings, "leastHorizon", leastHorizon);
        put(settings, "stillWeight", stillWeight);
        put(settings, "oneCamera", oneCamera);
        put(settings, "enlarged", enlarged);
        put(settings, "movingCamera", movingCamera);
        put(settings, "pasted", pasted);
        put(settings, "maxStride", maxStride);
        put(settings, "augmented", augmented);
        put(settings, "seed", seed);
        put(settings, "evaluateEvery", evaluateEvery);
        put(settings, "checkpointEvery", checkpointEvery);
        put(settings, "validationHorizon", validationHorizon);
    }

    /** Takes over what a model's network is like, where nothing else is said. */
    private static void inherit(Map<String, Object> settings, ModelDescription model) {
        settings.putIfAbsent("contextLength", model.contextLength());
        settings.putIfAbsent("architecture", model.architecture());
        if (model.architecture().equals(settings.get("architecture")) && model.hyperParameters() != null) {
            var network = new LinkedHashMap<String, Object>(model.hyperParameters());
            if (settings.get("hyperParameters") instanceof Map<?, ?> given) {
                given.forEach((key, value) -> network.put(String.valueOf(key), value));
            }
            settings.put("hyperParameters", network);
        }
    }

    private static void put(Map<String, Object> settings, String name, @Nullable Object value) {
        if (value != null) {
            settings.put(name, value);
        }
    }

    private static List<Map<String, Object>> read(Path file, String typed) {
        try (MappingIterator<Object> documents = YAML.readerFor(Object.class).readValues(Files.readString(file))) {
            List<Object> read = documents.readAll();
            var stages = new ArrayList<Map<String, Object>>();
            for (Object document : read) {
                if (document instanceof Map<?, ?> settings) {
                    var stage = new LinkedHashMap<String, Object>();
                    settings.forEach((key, value) -> stage.put(String.valueOf(key), value));
                    stages.add(stage);
                }
            }
            if (stages.isEmpty() || stages.size() < read.size()) {
                throw new IllegalArgumentException(
                        "recipe '" + typed
                                + "' is malformed: a document of it is empty or no settings; write lines such as 'steps: 5000'");
            }
            return stages;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("recipe '" + typed + "' is malformed: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "recipe '" + typed + "' cannot be read; give --recipe closed-loop, page or a YAML file", e);
        }
    }

    /** Those of the file, or else of the recipe's defaults, with those of the command line on top. */
    private Map<String, Object> merged(@Nullable Object before) {
        var merged = new LinkedHashMap<String, Object>();
        if (before instanceof Map<?, ?> map) {
            map.forEach((key, value) -> merged.put(String.valueOf(key), value));
        }
        hyperParameters.forEach((key, text) -> {
            try {
                merged.put(key, YAML.readValue(text, Object.class));
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(
                        "hyper-parameter " + key + "=" + text
                                + " is malformed: use a number, a word, or a list as in filters=[16,32]",
                        e);
            }
        });
        return merged;
    }
}
