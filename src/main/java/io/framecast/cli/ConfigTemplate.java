package io.framecast.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/** {@code framecast config template}: every option with its default, as a file for {@code --config}. */
@Command(
        name = "template",
        footer = "Example: framecast config template",
        sortOptions = false,
        description =
                "Print a configuration file that names every option, its default and what it is for; all of them commented out.")
final class ConfigTemplate implements Callable<Integer> {
    private static final int WIDTH = 110;

    private static final String HEAD = """
            # Framecast's configuration: every option, with its default. Use it with --config FILE, or name it in the
            # variable FRAMECAST_CONFIG. A line that begins with "#" and a letter is an option that is not set: take the "#"
            # away to set it, and put a value where the default is a word in CAPITALS. The environment (FRAMECAST_FPS=5) goes
            # before this file, and the command line (--fps 5) before both. 'framecast config show run' prints what is set.
            # TIME is written as 20ms, 30s, 5m or 2h. An option is listed under the first command that has it; others may have it
            # too, as capture has most of run's, and then take the same value.
            """;

    /**
     * What the commands say of an option.
     *
     * @param commands those that have it, by what they say of it
     */
    private record Entry(String name, OptionSpec option, Map<String, List<String>> commands) {
        /** The command that is listed first of those that have it. */
        String section() {
            return commands.values().iterator().next().get(0).replaceFirst(" .*", "");
        }
    }

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Mixin
    SharedOptions shared = new SharedOptions();

    @Override
    public Integer call() {
        text(spec.root()).lines().forEach(Console::say);
        return ExitCodes.DONE;
    }

    /** The whole file. */
    static String text(CommandSpec root) {
        var entries = new LinkedHashMap<String, Entry>();
        collect(root, "", entries);
        Map<String, List<Entry>> sections = entries.values().stream()
                .collect(Collectors.groupingBy(Entry::section, LinkedHashMap::new, Collectors.toList()));
        return HEAD
                + sections.entrySet().stream()
                        .map(section -> "\n## " + section.getKey() + "\n"
                                + section.getValue().stream()
                                        .map(ConfigTemplate::text)
                                        .collect(Collectors.joining()))
                        .collect(Collectors.joining());
    }

    private static void collect(CommandSpec command, String name, Map<String, Entry> entries) {
        command.options().stream()
                .filter(Defaults::isSettable)
                .forEach(option -> entries.computeIfAbsent(
                                Defaults.name(option), key -> new Entry(key, option, new LinkedHashMap<>()))
                        .commands()
                        .computeIfAbsent(OptionText.description(option), key -> new ArrayList<>())
                        .add(name));
        command.subcommands().forEach((key, sub) -> collect(sub.getCommandSpec(), (name + " " + key).strip(), entries));
    }

    private static String text(Entry entry) {
        boolean isSameEverywhere = entry.commands().size() == 1;
        String comments = entry.commands().entrySet().stream()
                .map(said -> comment(
                        "# " + (isSameEverywhere ? "" : String.join(", ", said.getValue()) + ": ") + said.getKey()))
                .collect(Collectors.joining());
        return "\n" + comments + "#" + entry.name() + ": " + OptionText.example(entry.option()) + "\n";
    }

    /** Lines of a comment, broken between words. */
    private static String comment(String text) {
        var lines = new ArrayList<String>();
        var line = new StringBuilder();
        Stream.of(text.split(" ")).forEach(word -> {
            if (line.length() + word.length() >= WIDTH) {
                lines.add(line.toString());
                line.setLength(0);
                line.append('#');
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        });
        lines.add(line.toString());
        return String.join("\n", lines) + "\n";
    }
}
