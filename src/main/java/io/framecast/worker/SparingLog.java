package io.framecast.worker;

import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;

/** Warns of the first of many, and of others a while later: what goes wrong may do so by the thousand. One thread's. */
final class SparingLog {
    private static final Duration AGAIN = Duration.ofSeconds(30);
    private static final int KIND = 10;

    private final Logger log;
    private String last = "";
    private Instant again = Instant.EPOCH;

    SparingLog(Logger log) {
        this.log = log;
    }

    /** Warns, unless it has just done so in a line that begins in the same way. */
    void warn(String line) {
        String kind = line.substring(0, Math.min(line.length(), KIND));
        if (kind.equals(last) && Instant.now().isBefore(again)) {
            log.debug("{}", line);
            return;
        }
        last = kind;
        again = Instant.now().plus(AGAIN);
        log.warn("{}", line);
    }
}
