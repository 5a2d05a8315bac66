package io.framecast.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** How much is logged. */
final class Logs {
    private Logs() {}

    /** Ours at INFO and libraries' errors; with {@code -v}, ours at DEBUG and libraries' warnings. */
    static void quiet(boolean verbose) {
        level("io.framecast", verbose ? Level.DEBUG : Level.INFO);
        level(Logger.ROOT_LOGGER_NAME, verbose ? Level.WARN : Level.ERROR);
        // It tells of every failed connection, and we tell of the cluster that cannot be reached.
        level("org.apache.kafka.clients.NetworkClient", Level.OFF);
        // It tells of errors that come after the end, as when two sources fail at once, and we tell of each source.
        level("reactor.core.publisher.Operators", verbose ? Level.ERROR : Level.OFF);
    }

    /** Ours at WARN: for commands whose output is a table. */
    static void onlyWarnings() {
        level("io.framecast", Level.WARN);
    }

    private static void level(String name, Level level) {
        if (LoggerFactory.getLogger(name) instanceof Logger logger) {
            logger.setLevel(level);
        }
    }
}
