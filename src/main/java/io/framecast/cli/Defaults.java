package io.framecast.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What options are when the command line does not say: the environment, then the {@code --config} file. */
final class Defaults implements IDefaultValueProvider {
    private final Map<String, String> environment;
    private final Map<String, String> file;

    private Defaults(Map<String, String> environment, Map<String, String> file) {
        this.environment = environment;
        this.file = file;
    }

    /**
     * Finds {@code --config FILE} or {@code --config=FILE} in the arguments and reads the file.
     *
     * @throws IllegalArgumentException if it cannot be read
     */
    static Defaults of(String[] arguments, Map<String, String> environment) {
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].startsWith("--config=")) {
                return new Defaults(environment, read(Path.of(arguments[i].substring("--config=".length()))));
            }
            if (arguments[i].equals("--config") && i + 1 < arguments.length) {
                return new Defaults(environment, read(Path.of(arguments[i + 1])));
            }
        }
        String named = environment.get("FRAMECAST_CONFIG");
        return new Defaults(environment, named == null ? Map.of() : read(Path.of(named)));
    }

    private static Map<String, String> read(Path file) {
        try {
            JsonNode root = new ObjectMapper(new YAMLFactory()).readTree(Files.readString(file));
            var values = new TreeMap<String, String>();
            root.properties().forEach(field -> values.put(field.getKey(), text(field.getValue())));
            return values;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "configuration '" + file + "' is no YAML: "
                            + e.getOriginalMessage().lines().findFirst().orElse(""),
                    e);
        } catch (IOException e) {
            throw new IllegalArgumentException("configuration '" + file + "' cannot be read; check --config", e);
        }
    }

    private static String text(JsonNode value) {
        if (!value.isArray()) {
            return value.asText();
        }
        List<String> parts = new ArrayList<>();
        value.forEach(part -> parts.add(part.asText()));
        return String.join(",", parts);
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option)) {
            return null;
        }
        String name = option.longestName().replaceFirst("^-+", "");
        String variable = "FRAMECAST_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
        String set = environment.get(variable);
        return set != null ? set : file.get(name);
    }

    /** Names in the file that no option has. */
    List<String> unknown(List<String> optionNames) {
        return file.keySet().stream()
                .filter(name -> !optionNames.contains("--" + name))
                .toList();
    }
}
