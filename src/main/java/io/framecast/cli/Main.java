package io.framecast.cli;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code framecast}: the command line's root. */
@Command(
        name = "framecast",
        synopsisSubcommandLabel = "COMMAND",
        description = "Attach a camera, read its next 32 frames.",
        subcommands = {
            RunCommand.class,
            CaptureCommand.class,
            PredictCommand.class,
            PreviewCommand.class,
            TrainCommand.class,
            ModelsCommand.class,
            TopicsCommand.class,
            TailCommand.class,
            BenchCommand.class,
            DoctorCommand.class
        })
public final class Main implements Runnable {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Option(names = "--version", versionHelp = true, description = "Show the version.")
    boolean version;

    private Main() {}

    @Override
    public void run() {
        throw new ParameterException(new CommandLine(this), "a command is missing: use run, or --help for all of them");
    }

    /** Runs one command and exits with its code: 0 done, 1 failed, 2 wrong usage. */
    public static void main(String[] args) {
        Logs.quiet(Arrays.asList(args).contains("-v"));
        System.exit(execute(args, System.getenv()));
    }

    static int execute(String[] args, Map<String, String> environment) {
        CommandLine line = commandLine();
        try {
            line.setDefaultValueProvider(Defaults.of(args, environment));
            return line.execute(args);
        } catch (IllegalArgumentException e) {
            Console.warn(OneLine.of(e));
            return ExitCodes.USAGE;
        }
    }

    private static CommandLine commandLine() {
        var line = new CommandLine(new Main());
        line.registerConverter(Duration.class, new Durations());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpWidth(110);
        line.getCommandSpec().version("framecast " + Version.current());
        line.setParameterExceptionHandler(Main::wrongUsage);
        line.setExecutionExceptionHandler(Main::failed);
        return line;
    }

    private static int wrongUsage(ParameterException e, String[] args) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        Console.warn(OneLine.of(e) + " (" + command + " --help lists what there is)");
        return ExitCodes.USAGE;
    }

    private static int failed(Exception e, CommandLine line, CommandLine.ParseResult arguments) {
        OneLine.all(e).forEach(Console::warn);
        if (List.of(arguments.originalArgs().toArray()).contains("-v")) {
            Console.trace(e);
        }
        return e instanceof IllegalArgumentException ? ExitCodes.USAGE : ExitCodes.FAILED;
    }
}
