package io.framecast.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.stream.Stream;

/**
 * A command run to its end in this process, without the seconds that a Java machine of its own takes. For what needs a
 * process, such as signals, folders and variables, there is {@link FramecastProcess}.
 *
 * @param exitCode 0 done, 1 failed, 2 wrong usage
 * @param output lines of standard output
 * @param errors lines of standard error
 */
@SuppressWarnings("SystemOut") // what a person would read is caught here
record Invocation(List<String> arguments, int exitCode, List<String> output, List<String> errors) {
    static Invocation of(String... arguments) {
        return of(Map.of(), arguments);
    }

    /** Runs it on files of a folder: {@code ./NAME} and {@code ID=./NAME} are that file there. */
    static Invocation in(Path folder, String... arguments) {
        return of(Stream.of(arguments)
                .map(argument -> argument.replaceFirst(
                        "^(\\w+=)?\\./", "$1" + Matcher.quoteReplacement(folder.toAbsolutePath() + "/")))
                .toArray(String[]::new));
    }

    /** Runs it with environment variables. */
    static Invocation of(Map<String, String> environment, String... arguments) {
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            int exitCode = Main.execute(arguments, environment);
            return new Invocation(List.of(arguments), exitCode, lines(out), lines(err));
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
        }
    }

    private static List<String> lines(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Override
    public String toString() {
        return "framecast " + String.join(" ", arguments) + " ended with " + exitCode + "\n[output] "
                + String.join("\n", output) + "\n[errors] " + String.join("\n", errors) + "\n";
    }
}
