package io.framecast.train;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Named sets of training settings, and files of them. A named recipe is a resource of the program,
 * {@code train/recipes/NAME.yaml}: it has every setting, each with its reason. A file changes some settings of a named
 * recipe; each further YAML document in it is a further training stage.
 */
public final class Recipe {
    /** The recipe that settings come from if none is named. */
    public static final String DEFAULT = "closed-loop";

    /** The name that {@code teacher-forced} had in the first version; recipe files and checkpoints have it. */
    private static final Map<String, String> FORMER_NAMES = Map.of("page", "teacher-forced");

    private static final List<String> NAMES = List.of(DEFAULT, "teacher-forced");
    private static final ObjectMapper YAML = YAMLMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    private Recipe() {}

    /** The named recipes. */
    public static List<String> names() {
        return NAMES;
    }

    /**
     * What a recipe says, stage by stage.
     *
     * @param nameOrFile one of {@link #names()}, or the path of a YAML file
     * @return at least one stage, each with the settings that it has or changes, by their keys
     * @throws IllegalArgumentException if there is neither such a recipe nor such a file, or the file cannot be read or
     *     is malformed
     */
    public static List<Map<String, Object>> stages(String nameOrFile) {
        String name = FORMER_NAMES.getOrDefault(nameOrFile, nameOrFile);
        if (NAMES.contains(name)) {
            return List.of(Map.of(TrainingKeys.RECIPE, name));
        }
        Path file = Path.of(nameOrFile);
        if (!Files.exists(file)) {
            throw new IllegalArgumentException(
                    unknown(nameOrFile) + ", or the path of a YAML file; there is no file " + file.toAbsolutePath());
        }
        try {
            return parse(Files.readString(file), nameOrFile);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "recipe '" + nameOrFile + "' cannot be read ("
                            + (Files.isDirectory(file)
                                    ? "it is a folder"
                                    : e.getClass().getSimpleName())
                            + "); give a readable YAML file, or " + choices(),
                    e);
        }
    }

    /**
     * Every setting of a named recipe, by its key.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    static Map<String, Object> values(String typed) {
        String plain = typed.replace('_', '-').toLowerCase(Locale.ROOT);
        String name = FORMER_NAMES.getOrDefault(plain, plain);
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException(unknown(typed));
        }
        String resource = "/train/recipes/" + name + ".yaml";
        try (InputStream in = Recipe.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its resource " + resource);
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), name)
                    .get(0);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the resource " + resource, e);
        }
    }

    private static String unknown(String typed) {
        return "recipe '" + typed + "' is unknown: "
                + NearestName.of(typed, NAMES)
                        .map(name -> "did you mean " + name + "? Use ")
                        .orElse("use ")
                + choices();
    }

    private static String choices() {
        return String.join(" or ", NAMES);
    }

    private static List<Map<String, Object>> parse(String text, String title) {
        var stages = new ArrayList<Map<String, Object>>();
        for (Object document : documents(text, title)) {
            if (!(document instanceof Map<?, ?> settings)) {
                throw empty(title);
            }
            try {
                stages.add(TrainingKeys.flat(settings));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("recipe '" + title + "' is malformed: " + e.getMessage(), e);
            }
        }
        if (stages.isEmpty()) {
            throw empty(title);
        }
        return stages;
    }

    private static List<Object> documents(String text, String title) {
        try (MappingIterator<Object> documents = YAML.readerFor(Object.class).readValues(text)) {
            return documents.readAll();
        } catch (JsonProcessingException e) {
            String why = e.getOriginalMessage().lines().findFirst().orElse("no YAML");
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            throw new IllegalArgumentException(
                    "recipe '" + title + "' is malformed: " + why + (line > 0 ? ", line " + line : ""), e);
        } catch (IOException e) { // a string always can be read
            throw new UncheckedIOException(e);
        }
    }

    private static IllegalArgumentException empty(String title) {
        return new IllegalArgumentException("recipe '" + title + "' is malformed: a document in it has no settings;"
                + " write lines such as 'schedule: {steps: 5000}'");
    }
}
