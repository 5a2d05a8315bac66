package io.framecast.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.framecast.train.NearestName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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

    /** What the launcher and Java read. */
    private static final Set<String> OTHER_VARIABLES = Set.of("FRAMECAST_CONFIG", "FRAMECAST_JAVA_OPTIONS");

    private static final ObjectMapper YAML =
            new ObjectMapper(new YAMLFactory()).enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private static final String PREFIX = "FRAMECAST_";
    private static final String SEVERAL_LINES =
            "' has several lines: put it into a file of properties, and name that with --kafka-config";

    private final Map<String, String> environment;
    private final Map<String, JsonNode> values;
    private final String file;

    private Defaults(Map<String, String> environment, Map<String, JsonNode> values, String file) {
        this.environment = environment;
        this.values = values;
        this.file = file;
    }

    /**
     * A value that was set outside of the command line.
     *
     * @param text as it would be typed there
     * @param origin the variable, or the file
     */
    record Value(String text, String origin) {}

    /**
     * Finds {@code --config FILE} or {@code --config=FILE} in the arguments and reads the file.
     *
     * @param root the command whose options, and whose subcommands' options, the file may name
     * @throws IllegalArgumentException if it cannot be read, or names what is no option
     */
    static Defaults of(String[] arguments, Map<String, String> environment, CommandSpec root) {
        requireEntries(environment);
        String file = environment.get("FRAMECAST_CONFIG");
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].startsWith("--config=")) {
                file = arguments[i].substring("--config=".length());
            } else if (arguments[i].equals("--config") && i + 1 < arguments.length) {
                file = arguments[i + 1];
            }
        }
        return file == null
                ? new Defaults(environment, Map.of(), "")
                : new Defaults(environment, read(Path.of(file), names(root)), file);
    }

    /** Variables that look like options but are none, each with the one that was perhaps meant. */
    static List<String> misspelt(Map<String, String> environment, CommandSpec root) {
        Set<String> known = names(root).stream().map(Defaults::variable).collect(Collectors.toCollection(TreeSet::new));
        known.addAll(OTHER_VARIABLES);
        return environment.keySet().stream()
                .filter(name -> name.startsWith(PREFIX) && !known.contains(name))
                .sorted()
                .flatMap(name -> NearestName.of(name.substring(PREFIX.length()), withoutPrefix(known)).stream()
                        .map(meant -> "the variable " + name + " is no option; did you mean " + PREFIX + meant + "?"))
                .toList();
    }

    private static List<String> withoutPrefix(Collection<String> variables) {
        return variables.stream().map(name -> name.substring(PREFIX.length())).toList();
    }

    /** The names of all options of a command and its subcommands, without dashes. */
    private static Set<String> names(CommandSpec command) {
        Set<String> names =
                command.options().stream().map(Defaults::name).collect(Collectors.toCollection(TreeSet::new));
        command.subcommands().values().forEach(sub -> names.addAll(names(sub.getCommandSpec())));
        names.removeAll(ONLY_OUTSIDE);
        return names;
    }

    /** How the file calls an option. */
    static String name(OptionSpec option) {
        return option.longestName().replaceFirst("^-+", "");
    }

    /** Whether an option can be set outside of the command line. */
    static boolean isSettable(OptionSpec option) {
        return !ONLY_OUTSIDE.contains(name(option)) && !option.hidden();
    }

    private static String variable(String name) {
        return PREFIX + name.toUpperCase(Locale.ROOT).replace('-', '_');
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
            values.forEach((name, value) -> entries("", value).forEach(entry -> requireOneLine(name, entry)));
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

    /** A value of several lines, such as a key, would be taken for several; its lines must not be shown. */
    private static void requireOneLine(String name, String entry) {
        if (entry.strip().contains("\n")) {
            throw new IllegalArgumentException(name + " '" + entry.replaceFirst("=[\\s\\S]*", "") + SEVERAL_LINES);
        }
    }

    private static void requireEntries(Map<String, String> environment) {
        String variable = variable("kafka-property");
        if (environment.getOrDefault(variable, "").lines().anyMatch(line -> !line.contains("="))) {
            throw new IllegalArgumentException("the variable " + variable + " has a line that is no KEY=VALUE: a value"
                    + " of several lines goes into a file of properties, which --kafka-config names");
        }
    }

    private static void requireKnown(Path file, Collection<String> keys, Set<String> known) {
        List<String> unknown = keys.stream().filter(key -> !known.contains(key)).toList();
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("configuration '" + file + "' has the unknown "
                    + unknown.stream()
                            .map(key -> "'" + key + "'" + meant(key, known))
                            .collect(Collectors.joining(", "))
                    + "; 'framecast config template' prints all that it may have");
        }
    }

    private static String meant(String key, Set<String> known) {
        return NearestName.of(key, known)
                .map(name -> " (did you mean '" + name + "'?)")
                .orElse("");
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        return argument instanceof OptionSpec option
                ? value(option).map(Value::text).orElse(null)
                : null;
    }

    /** What the environment or the file says of an option; the environment goes before the file. */
    Optional<Value> value(OptionSpec option) {
        String name = name(option);
        String variable = variable(name);
        String set = environment.get(variable);
        if (set != null && !set.isEmpty()) {
            return Optional.of(new Value(set, variable));
        }
        JsonNode value = values.get(name);
        return value == null || value.isNull()
                ? Optional.empty()
                : Optional.of(new Value(text(value, option.splitRegex().equals(",") ? "," : "\n"), file));
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
