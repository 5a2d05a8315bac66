package io.framecast.cli;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** From when to when a topic is read. */
final class TimeOptions {
    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Read the topic from this time on, as in 2026-01-31T08:00:00Z.")
    @Nullable
    String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Read the topic up to this time.")
    @Nullable
    String until;

    /** Whether one of them was given. */
    boolean isGiven() {
        return since != null || until != null;
    }

    /**
     * The first time that counts.
     *
     * @throws IllegalArgumentException if it is no time
     */
    Instant from() {
        return time("--since", since, Instant.EPOCH);
    }

    /**
     * The first time that no longer counts.
     *
     * @throws IllegalArgumentException if it is no time
     */
    Instant to() {
        return time("--until", until, Instant.MAX);
    }

    private static Instant time(String option, @Nullable String text, Instant usual) {
        try {
            return text == null ? usual : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    option + " '" + text + "' is no time: write it as 2026-01-31T08:00:00Z", e);
        }
    }
}
