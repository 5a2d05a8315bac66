package io.framecast.cli;

import java.util.List;
import java.util.regex.Pattern;
import reactor.core.Exceptions;

/** A failure in one line, without the user and password of a URL in it. */
final class OneLine {
    /** Up to the last {@code @}, as a password may hold one: rather too much than a part of it; but not our advice. */
    private static final Pattern USER_INFO = Pattern.compile("(?<=://)(?!\\[?USER:PASSWORD@)[^\\s]*@");

    /** The same in a query, whatever follows it. */
    private static final Pattern SECRET_PARAMETER =
            Pattern.compile("(?i)(?<=[?&])(user|pass|pwd|token|key|secret|auth)([a-z_-]*=)[^&#\\s']*");

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

    /** A line without the user and password of any URL in it. */
    static String masked(String line) {
        String open = SECRET_PARAMETER.matcher(line).replaceAll("$1$2***");
        return USER_INFO.matcher(open).replaceAll("***@");
    }
}
