package io.framecast.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/** {@code framecast}: the command line's root. */
@Command(
        name = "framecast",
        footer = "Example: framecast run front=rtsp://192.0.2.10/stream",
        synopsisSubcommandLabel = "COMMAND",
        description = "Attach a camera, read its next 32 frames.",
        subcommands = {
            RunCommand.class,
            CaptureCommand.class,
            PredictCommand.class,
            ScoreCommand.class,
            PreviewCommand.class,
            TrainCommand.class,
            EvaluateCommand.class,
            ModelsCommand.class,
            TopicsCommand.class,
            ConfigCommand.class,
            TailCommand.class,
            ExportCommand.class,
            BenchCommand.class,
            DoctorCommand.class,
            GenerateCompletion.class
        })
public final class Main implements Runnable {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Option(names = "--version", versionHelp = true, description = "Show the version.")
    boolean version;

    private static final Pattern CHOICES = Pattern.compile("expected one of \\[([^]]*)] \\(case-insensitive\\)");

    private Main() {}

    @Override
    public void run() {
        throw new ParameterException(new CommandLine(this), "a command is missing: use run, or --help for all of them");
    }

    /** Runs one command and exits with its code: 0 done, 1 failed, 2 wrong usage. */
    public static void main(String[] args) {
        System.exit(execute(args, System.getenv()));
    }

    static int execute(String[] args, Map<String, String> environment) {
        Logs.quiet(false);
        try {
            CommandLine line = commandLine(args, environment);
            Defaults.misspelt(environment, line.getCommandSpec()).forEach(Console::warn);
            return line.execute(args);
        } catch (IllegalArgumentException e) {
            Console.warn(OneLine.of(e));
            return ExitCodes.USAGE;
        } catch (OutOfMemoryError
                | LinkageError e) { // picocli leaves errors to the virtual machine, which shows stacks
            Console.warn(
                    e instanceof LinkageError
                            ? "native libraries cannot be loaded here (" + OneLine.of(e) + "); see framecast doctor"
                            : "out of memory (" + OneLine.of(e) + "); give more with FRAMECAST_JAVA_OPTIONS=-Xmx4g");
            return ExitCodes.FAILED;
        }
    }

    /**
     * The commands, with the defaults of environment and file.
     *
     * @throws IllegalArgumentException if the file is malformed
     */
    static CommandLine commandLine(String[] args, Map<String, String> environment) {
        var line = new CommandLine(new Main());
        CommandSpec root = line.getCommandSpec();
        CommandLine prepared = prepared(line, Defaults.of(args, environment, root));
        if (Stream.of(args).noneMatch(Set.of("-v", "--verbose")::contains)) {
            ShortHelp.of(prepared);
        }
        return prepared;
    }

    /** The commands, with defaults that have been read. */
    static CommandLine commandLine(Defaults defaults) {
        return prepared(new CommandLine(new Main()), defaults);
    }

    private static CommandLine prepared(CommandLine line, Defaults defaults) {
        line.registerConverter(Duration.class, new Durations());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExpandAtFiles(false); // @clip.mp4 is the name of a file
        line.setUsageHelpWidth(110);
        line.getCommandSpec().version("framecast " + Version.current());
        line.setDefaultValueProvider(defaults);
        line.setExecutionStrategy(Main::runLast);
        line.setParameterExceptionHandler(Main::wrongUsage);
        line.setExecutionExceptionHandler(Main::failed);
        ConfigCommand.leaveOptionsToCommands(line);
        Objects.requireNonNull(line.getSubcommands().get("generate-completion"))
                .getCommandSpec()
                .usageMessage()
                .hidden(true);
        return line;
    }

    private static int runLast(ParseResult parsed) {
        Logs.quiet(isVerbose(parsed));
        return new RunLast().execute(parsed);
    }

    private static boolean isVerbose(ParseResult parsed) {
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        OptionSpec option = last.commandSpec().findOption("-v");
        return option != null && Boolean.TRUE.equals(option.getValue());
    }

    private static int wrongUsage(ParameterException e, String[] args) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        Console.warn(choices(OneLine.of(e)) + " (" + command + " --help lists what there is)");
        return ExitCodes.USAGE;
    }

    /** Writes the choices of an option as they are typed. */
    private static String choices(String line) {
        return CHOICES.matcher(line)
                .replaceAll(found -> "use one of " + found.group(1).toLowerCase(Locale.ROOT));
    }

    private static int failed(Exception e, CommandLine line, ParseResult arguments) {
        OneLine.all(e).forEach(Console::warn);
        if (isVerbose(arguments)) {
            Console.trace(e);
        }
        return e instanceof IllegalArgumentException ? ExitCodes.USAGE : ExitCodes.FAILED;
    }
}
