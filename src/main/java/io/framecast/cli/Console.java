package io.framecast.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarConsumer;

/** Where a person reads: results on standard output, what went wrong on standard error. */
@SuppressWarnings("SystemOut") // this is the one place that prints
final class Console {
    private Console() {}

    private static PrintStream out() {
        return new PrintStream(System.out, true, StandardCharsets.UTF_8);
    }

    private static PrintStream err() {
        return new PrintStream(System.err, true, StandardCharsets.UTF_8);
    }

    static void say(String line) {
        out().println(line);
    }

    static void warn(String line) {
        err().println("framecast: " + line);
    }

    /** Whether a person sees the output as it comes. */
    @SuppressWarnings("SystemConsoleNull") // what newer ones return instead of null is asked below
    static boolean isTerminal() {
        var console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return Boolean.TRUE.equals(
                    java.io.Console.class.getMethod("isTerminal").invoke(console));
        } catch (ReflectiveOperationException e) { // before JDK 22, where there is no console without a terminal
            return true;
        }
    }

    /** Where progress bars are drawn: on a terminal over themselves, else a line each time. */
    static ProgressBarConsumer progress() {
        return isTerminal() ? new ConsoleProgressBarConsumer(err()) : new DelegatingProgressBarConsumer(Console::say);
    }

    /** A line that stays, while a progress bar is there. */
    static void sayAboveProgress(String line) {
        say(isTerminal() ? "\r\u001B[K" + line : line);
    }

    static void trace(Throwable failure) {
        var stack = new StringWriter();
        failure.printStackTrace(new PrintWriter(stack));
        stack.toString().lines().map(OneLine::masked).forEach(err()::println);
    }
}
