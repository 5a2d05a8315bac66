package io.framecast.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What options are when the command line does not say: the environment, then the {@code --config} file. */
final class Defaults implements IDefaultValueProvider {
    /** Options that make no sense in a file. */
    private static final Set<String> ONLY_OUTSIDE = Set.of("config", "help", "version");

    private static final ObjectMapper YAML =
            new ObjectMapper(new YAMLFactory()).enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private final Map<String, String> environment;
    private final Map<String, JsonNode> file;

    private Defaults(Map<String, String> environment, Map<String, JsonNode> file) {
        this.environment = environment;
        this.file = file;
    }

    /**
     * Finds {@code --config FILE} or {@code --config=FILE} in the arguments and reads the file.
     *
     * @param root the command whose options, and whose subcommands' options, the file may name
     * @throws IllegalArgumentException if it cannot be read, or names what is no option
     */
    static Defaults of(String[] arguments, Map<String, String> environment, CommandSpec root) {
        String file = environment.get("FRAMECAST_CONFIG");
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].startsWith("--config=")) {
                file = arguments[i].substring("--config=".length());
            } else if (arguments[i].equals("--config") && i + 1 < arguments.length) {
                file = arguments[i + 1];
            }
        }
        return new Defaults(environment, file == null ? Map.of() : read(Path.of(file), names(root)));
    }

    /** The names of all options of a command and its subcommands, without dashes. */
    private static Set<String> names(CommandSpec command) {
        Set<String> names =
                command.options().stream().map(Defaults::name).collect(Collectors.toCollection(TreeSet::new));
        command.subcommands().values().forEach(sub -> names.addAll(names(sub.getCommandSpec())));
        names.removeAll(ONLY_OUTSIDE);
        return names;
    }

    private static String name(OptionSpec option) {
        return option.longestName().replaceFirst("^-+", "");
    }

    private static Map<String, JsonNode> read(Path file, Set<String> known) {
        try {
            JsonNode root = YAML.readTree(Files.readString(file));
            if (!root.isObject() && !root.isMissingNode()) {
                throw new IllegalArgumentException(
                        "configuration '" + file + "' is no map of options: write lines such as 'fps: 5'");
            }
            var values = new TreeMap<String, JsonNode>();
            root.properties().forEach(field -> values.put(field.getKey(), field.getValue()));
            requireKnown(file, values.keySet(), known);
            return values;
        } catch (JsonProcessingException e) {
            String why = e.getOriginalMessage().lines().findFirst().orElse("malformed");
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            throw new IllegalArgumentException(
                    "configuration '" + file + "' is no YAML: " + why + (line > 0 ? ", line " + line : "")
                            + "; write lines such as 'fps: 5'",
                    e);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "configuration '" + file + "' cannot be read; check --config or FRAMECAST_CONFIG", e);
        }
    }

    private static void requireKnown(Path file, Collection<String> keys, Set<String> known) {
        List<String> unknown = keys.stream().filter(key -> !known.contains(key)).toList();
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("configuration '" + file + "' has the unknown "
                    + unknown.stream().map(key -> "'" + key + "'").collect(Collectors.joining(", "))
                    + "; it may have: " + String.join(", ", known));
        }
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option)) {
            return null;
        }
        String name = name(option);
        String set =
                environment.get("FRAMECAST_" + name.toUpperCase(Locale.ROOT).replace('-', '_'));
        if (set != null) {
            return set;
        }
        JsonNode value = file.get(name);
        return value == null || value.isNull()
                ? null
                : text(value, option.splitRegex().equals(",") ? "," : "\n");
    }

    /** A value as it would stand on the command line; several, or a map's entries, with {@code separator} between. */
    private static String text(JsonNode value, String separator) {
        if (value.isObject()) {
            return entries("", value).collect(Collectors.joining(separator));
        }
        return value.isArray()
                ? StreamSupport.stream(value.spliterator(), false)
                        .map(JsonNode::asText)
                        .collect(Collectors.joining(separator))
                : value.asText();
    }

    /** The entries of a map, and those of the maps in it, whose keys have dots between. */
    private static Stream<String> entries(String prefix, JsonNode map) {
        return map.properties().stream()
                .flatMap(entry -> entry.getValue().isObject()
                        ? entries(prefix + entry.getKey() + ".", entry.getValue())
                        : Stream.of(
                                prefix + entry.getKey() + "=" + entry.getValue().asText()));
    }
}
