package io.framecast.cli;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Help that fits a screen: the options that are asked for often, and how to see the others. */
final class ShortHelp {
    private static final Set<String> RARE = Set.of(
            "--alert-every",
            "--alert-secret",
            "--allow-framing",
            "--allow-local-cameras",
            "--camera",
            "--clips",
            "--digits",
            "--fit",
            "--group",
            "--judged-share",
            "--kafka-config",
            "--kafka-port",
            "--kafka-property",
            "--libtorch",
            "--max-batch",
            "--max-delay",
            "--models-dir",
            "--open-timeout",
            "--precision",
            "--promote",
            "--public-url",
            "--read-timeout",
            "--replication",
            "--rtsp-transport",
            "--topic-prefix",
            "--validation-fps",
            "--validation-share",
            "--wait",
            "--wait-for-cameras");

    /** What the descriptions of options say that only change one setting of a recipe. */
    private static final String SETTING = "Key: ";

    private static final Set<String> SETTINGS_ASKED_FOR = Set.of("--from", "--steps");

    private ShortHelp() {}

    /** Shortens the help of a command and of those below it. */
    static void of(CommandLine line) {
        line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, ShortHelp::options);
        line.getCommandSpec().usageMessage().abbreviateSynopsis(true);
        line.getSubcommands().values().forEach(ShortHelp::of);
    }

    private static String options(Help help) {
        List<OptionSpec> all = help.commandSpec().options();
        List<OptionSpec> often = all.stream().filter(option -> !isRare(option)).toList();
        String list = help.optionListExcludingGroups(often);
        return often.size() == all.size()
                ? list
                : list + "-v with --help lists " + (all.size() - often.size()) + " more options."
                        + System.lineSeparator();
    }

    private static boolean isRare(OptionSpec option) {
        return RARE.contains(option.longestName())
                || (!SETTINGS_ASKED_FOR.contains(option.longestName())
                        && Stream.of(Objects.requireNonNull(option.description()))
                                .anyMatch(text -> text.contains(SETTING)));
    }
}
