package io.framecast.worker;

import io.framecast.frame.Ticker;
import java.time.Duration;
import org.slf4j.Logger;

/** Warns of the first of many, and of others a while later: what goes wrong may do so by the thousand. One thread's. */
final class RateLimitedLogger {
    private static final Duration AGAIN = Duration.ofSeconds(30);
    private static final int KIND = 10;

    private final Logger log;
    private final Ticker ticker;
    private String last = "";
    private long warned;

    RateLimitedLogger(Logger log, Ticker ticker) {
        this.log = log;
        this.ticker = ticker;
    }

    /** Warns, unless it has just done so in a line that begins in the same way. */
    void warn(String line) {
        String kind = line.substring(0, Math.min(line.length(), KIND));
        if (kind.equals(last) && ticker.since(warned).compareTo(AGAIN) < 0) {
            log.debug("{}", line);
            return;
        }
        last = kind;
        warned = ticker.nanos();
        log.warn("{}", line);
    }
}
