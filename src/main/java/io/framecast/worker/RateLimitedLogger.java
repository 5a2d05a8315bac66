package io.framecast.worker;

import io.framecast.frame.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;

/** Warns of the first of many, and of others a while later: what goes wrong may do so by the thousand. One thread's. */
final class RateLimitedLogger {
    private static final Duration AGAIN = Duration.ofSeconds(30);
    private static final int KIND = 10;

    private final Logger log;
    private final Ticker ticker;
    private final Map<String, Long> warned = new HashMap<>();

    RateLimitedLogger(Logger log, Ticker ticker) {
        this.log = log;
        this.ticker = ticker;
    }

    /** Warns, unless it did so lately in a line that begins in the same way. */
    void warn(String line) {
        String kind = line.substring(0, Math.min(line.length(), KIND));
        Long before = warned.get(kind);
        if (before != null && ticker.since(before).compareTo(AGAIN) < 0) {
            log.debug("{}", line);
            return;
        }
        warned.put(kind, ticker.nanos());
        log.warn("{}", line);
    }
}
