package io.framecast.cli;

import io.framecast.source.AddressMask;
import java.util.List;
import reactor.core.Exceptions;

/** A failure in one line, without the secrets of an address in it. */
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
                        .map(line -> masked(line.strip()))
                        .filter(line -> !line.isEmpty())
                        .toList();
    }

    /** A line without the secrets of any address in it. */
    static String masked(String line) {
        return AddressMask.in(line);
    }
}
