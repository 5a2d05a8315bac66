package io.framecast.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/** Where a person reads: results on standard output, what went wrong on standard error. */
@SuppressWarnings("SystemOut") // this is the one place that prints
final class Console {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private static final PrintStream ERR = new PrintStream(System.err, true, StandardCharsets.UTF_8);

    private Console() {}

    static void say(String line) {
        OUT.println(line);
    }

    static void warn(String line) {
        ERR.println("framecast: " + line);
    }

    static void trace(Throwable failure) {
        var stack = new StringWriter();
        failure.printStackTrace(new PrintWriter(stack));
        stack.toString().lines().map(OneLine::masked).forEach(ERR::println);
    }
}
