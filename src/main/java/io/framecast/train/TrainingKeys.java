package io.framecast.train;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The keys of training settings, as {@code schedule.learning-rate}: sections and names of {@link TrainingConfig}'s
 * components. Keys are what recipe files, {@code --set}, checkpoints and saved models use.
 */
public final class TrainingKeys {
    /** Names the recipe that settings left out come from. It is no component: it is resolved before. */
    public static final String RECIPE = "recipe";

    /** Names the network. */
    public static final String ARCHITECTURE = "network.architecture";
    /** Says how many frames the network reads. */
    public static final String CONTEXT_LENGTH = "sampling.context-length";

    /** From how many real frames on a model forecasts. */
    public static final String LEAST_CONTEXT_LENGTH = "sampling.least-context-length";
    /** Holds the network's own settings in a map; each also has a key of its own, this one, a dot and its name. */
    public static final String HYPER_PARAMETERS = "network.hyper-parameters";

    private static final PropertyNamingStrategies.KebabCaseStrategy NAMES =
            new PropertyNamingStrategies.KebabCaseStrategy();

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(NAMES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .build();

    /** Each key and the type of its value, in the order of the components. */
    private static final Map<String, Class<?>> TYPES = types();

    /** What settings were called while recipes had no sections; recipes and checkpoints of then can still be read. */
    private static final Map<String, String> FORMER_NAMES = Map.ofEntries(
            Map.entry("architecture", ARCHITECTURE),
            Map.entry("hyperParameters", HYPER_PARAMETERS),
            Map.entry("from", "network.from"),
            Map.entry("steps", "schedule.steps"),
            Map.entry("learningRate", "schedule.learning-rate"),
            Map.entry("schedule", "schedule.decay"),
            Map.entry("warmUpSteps", "schedule.warm-up-steps"),
            Map.entry("clipNorm", "schedule.clip-norm"),
            Map.entry("averaging", "schedule.averaging"),
            Map.entry("checkpointEvery", "schedule.checkpoint-every"),
            Map.entry("batch", "sampling.batch"),
            Map.entry("contextLength", CONTEXT_LENGTH),
            Map.entry("horizon", "sampling.horizon"),
            Map.entry("leastHorizon", "sampling.least-horizon"),
            Map.entry("maxStride", "sampling.max-stride"),
            Map.entry("oneCamera", "sampling.one-camera"),
            Map.entry("scheduledSampling", "objective.scheduled-sampling"),
            Map.entry("stepsDrawn", "objective.steps-drawn"),
            Map.entry("stillWeight", "objective.still-weight"),
            Map.entry("augmented", "augmentation.share"),
            Map.entry("enlarged", "augmentation.enlarged"),
            Map.entry("movingCamera", "augmentation.moving-camera"),
            Map.entry("pasted", "augmentation.pasted"),
            Map.entry("evaluateEvery", "validation.every"),
            Map.entry("validationHorizon", "validation.horizon"));

    private TrainingKeys() {}

    /** Every key, {@link #RECIPE} apart. */
    static Collection<String> all() {
        return TYPES.keySet();
    }

    /**
     * Settings by their keys, whether they come in sections or not.
     *
     * @throws IllegalArgumentException if a key is unknown, comes twice or has no value
     */
    public static Map<String, Object> flat(Map<?, ?> settings) {
        var flat = new LinkedHashMap<String, Object>();
        settings.forEach((key, value) -> put(flat, String.valueOf(key), value));
        return flat;
    }

    private static void put(Map<String, Object> flat, String typed, @Nullable Object value) {
        boolean section = isSection(typed);
        if (section && value instanceof Map<?, ?> inside) {
            inside.forEach((key, setting) -> put(flat, typed + "." + key, setting));
            return;
        }
        String key = FORMER_NAMES.getOrDefault(typed, typed);
        if (!isKnown(key)) {
            throw new IllegalArgumentException(
                    section ? "setting '" + typed + "' is a section: set one of " + within(typed) : unknown(typed));
        }
        if (value == null) {
            throw new IllegalArgumentException("setting " + key + " has no value: it must be " + expected(key));
        }
        if (flat.putIfAbsent(key, value) != null) {
            throw new IllegalArgumentException("setting " + key + " is given twice: keep one of them");
        }
    }

    private static boolean isSection(String key) {
        return TYPES.keySet().stream().anyMatch(known -> known.startsWith(key + "."));
    }

    private static boolean isKnown(String key) {
        return TYPES.containsKey(key) || key.equals(RECIPE) || key.startsWith(HYPER_PARAMETERS + ".");
    }

    private static List<String> within(String section) {
        return TYPES.keySet().stream()
                .filter(key -> key.startsWith(section + "."))
                .toList();
    }

    /**
     * The configuration of a full set of settings.
     *
     * @throws IllegalArgumentException if a value is malformed or out of range
     */
    static TrainingConfig config(Map<String, Object> flat) {
        try {
            return MAPPER.convertValue(nested(flat), TrainingConfig.class);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(reason(e, flat), e);
        }
    }

    /** Sections as maps. A hyper-parameter with a key of its own changes that one in the map of all. */
    private static Map<String, Object> nested(Map<String, Object> flat) {
        var nested = new LinkedHashMap<String, Object>();
        var ofNetwork = new LinkedHashMap<String, Object>();
        flat.forEach((key, value) -> {
            int dot = key.indexOf('.');
            if (key.startsWith(HYPER_PARAMETERS + ".")) {
                ofNetwork.put(key.substring(HYPER_PARAMETERS.length() + 1), value);
            } else if (dot >= 0) {
                section(nested, key.substring(0, dot)).put(key.substring(dot + 1), value);
            } else if (!key.equals(RECIPE)) {
                nested.put(key, value);
            }
        });
        if (!ofNetwork.isEmpty()) {
            var merged = new LinkedHashMap<String, Object>(map(flat.get(HYPER_PARAMETERS)));
            merged.putAll(ofNetwork);
            section(nested, "network").put("hyper-parameters", merged);
        }
        return nested;
    }

    @SuppressWarnings("unchecked") // sections are put here only, as maps
    private static Map<String, Object> section(Map<String, Object> nested, String name) {
        return (Map<String, Object>) nested.computeIfAbsent(name, key -> new LinkedHashMap<String, Object>());
    }

    private static Map<String, Object> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map
                ? MAPPER.convertValue(map, new TypeReference<LinkedHashMap<String, Object>>() {})
                : Map.of();
    }

    /** Every setting by its key. */
    static Map<String, Object> settings(TrainingConfig config) {
        return flat(map(MAPPER.convertValue(config, Map.class)));
    }

    private static String reason(IllegalArgumentException e, Map<String, Object> flat) {
        if (e.getCause() instanceof MismatchedInputException mismatch) {
            String key = key(mismatch.getPath());
            if (TYPES.containsKey(key)) {
                return "setting " + key + " '" + flat.get(key) + "' is malformed: it must be " + expected(key);
            }
        }
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root instanceof JsonMappingException json
                ? json.getOriginalMessage().lines().findFirst().orElse("a setting is malformed")
                : String.valueOf(root.getMessage());
    }

    private static String key(List<Reference> path) {
        return path.stream()
                .map(Reference::getFieldName)
                .takeWhile(name -> name != null)
                .limit(2)
                .collect(Collectors.joining("."));
    }

    private static String expected(String key) {
        Class<?> type = TYPES.getOrDefault(key, Object.class);
        if (type.isEnum()) {
            return "one of "
                    + Stream.of(type.getEnumConstants())
                            .map(constant -> MAPPER.convertValue(constant, String.class))
                            .collect(Collectors.joining(", "));
        }
        if (type == int.class || type == long.class) {
            return "a whole number";
        }
        if (type == double.class) {
            return "a number";
        }
        if (type == List.class) {
            return "a list, as in [door-*, yard.mp4]";
        }
        if (type == Map.class) {
            return "a map, as in {filters: [16, 32]}";
        }
        return "a name";
    }

    private static String unknown(String typed) {
        return "setting '" + typed + "' is unknown"
                + NearestName.of(typed, TYPES.keySet())
                        .map(key -> ": did you mean " + key + "? The keys are ")
                        .orElse(": the keys are ")
                + String.join(", ", TYPES.keySet());
    }

    private static Map<String, Class<?>> types() {
        var types = new LinkedHashMap<String, Class<?>>();
        for (RecordComponent component : TrainingConfig.class.getRecordComponents()) {
            String name = NAMES.translate(component.getName());
            if (component.getType().isRecord()) {
                for (RecordComponent inside : component.getType().getRecordComponents()) {
                    types.put(name + "." + NAMES.translate(inside.getName()), inside.getType());
                }
            } else {
                types.put(name, component.getType());
            }
        }
        return Collections.unmodifiableMap(types);
    }
}
