package io.framecast.cli;

import java.util.List;
import reactor.core.Exceptions;

/** A failure in one line. */
final class OneLine {
    private OneLine() {}

    /** The line of one failure. */
    static String of(Throwable failure) {
        return all(failure).get(0);
    }

    /** A line for each thing that went wrong: what the failure says, or its kind if it says nothing. */
    static List<String> all(Throwable failure) {
        Throwable bare = Exceptions.unwrap(failure);
        String message = bare.getMessage();
        return message == null || message.isBlank()
                ? List.of(bare.getClass().getSimpleName() + " (-v shows where)")
                : message.lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .toList();
    }
}
