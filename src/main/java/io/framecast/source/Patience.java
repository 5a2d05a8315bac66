package io.framecast.source;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Optional;

/**
 * How long one source is waited for: as configured, else by its own pace. A camera that gives 25 pictures a second is
 * missed after three seconds, one that gives a picture a minute is not. Used by the thread that reads the source.
 */
public final class Patience {
    /** Without a pace: a slow camera's first answer, or the time it takes between pictures. */
    private static final Duration UNKNOWN_PACE = Duration.ofSeconds(8);

    /** FACTS: a frozen server is noticed in 3.0 s. */
    private static final Duration SHORTEST = Duration.ofSeconds(3);

    /** A playlist is asked for again each time a segment should be there, and segments may last ten seconds. */
    private static final Duration PLAYLIST = Duration.ofSeconds(30);

    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int STEPS_MISSED = 3;
    private static final int REMEMBERED = 30;
    private static final int FEWEST = 3;

    /** A camera that worked is tried briefly, so that its return shows soon, and now and then as long as at first. */
    private static final int BRIEF_TRIES = 8;

    private final Duration configuredOpen;
    private final Optional<Duration> configuredRead;
    private final Deque<Long> steps = new ArrayDeque<>();
    private Duration unknownPace = UNKNOWN_PACE;
    private Nature nature = Nature.LIVE;
    private boolean everRead;
    private int failures;
    private int pictures;
    private long lastNanos;

    public Patience(SourceConfig config) {
        configuredOpen = config.openTimeout();
        configuredRead = config.readTimeout();
    }

    /** How long connecting may take this time. */
    public Duration open() {
        boolean isBrief = everRead && failures % (BRIEF_TRIES + 1) != BRIEF_TRIES;
        return isBrief && configuredOpen.compareTo(SHORTEST) > 0 ? SHORTEST : configuredOpen;
    }

    /** How long the next data of the stream may take. */
    public Duration read() {
        return configuredRead.orElseGet(this::byPace);
    }

    private Duration byPace() {
        Duration atLeast = nature == Nature.PLAYLIST ? PLAYLIST : SHORTEST;
        if (pictures < FEWEST) {
            return longer(atLeast, unknownPace);
        }
        Duration missed = Duration.ofNanos(Collections.max(steps)).multipliedBy(STEPS_MISSED);
        return longer(atLeast, missed.compareTo(LONGEST) > 0 ? LONGEST : missed);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** The source was opened. */
    public void opened(Nature found) {
        nature = found;
        pictures = 0;
        steps.clear();
    }

    /** A picture came. */
    public void picture(long nanos) {
        if (pictures++ > 0) {
            steps.addLast(nanos - lastNanos);
            if (steps.size() > REMEMBERED) {
                steps.removeFirst();
            }
        }
        lastNanos = nanos;
        everRead = true;
        failures = 0;
    }

    /**
     * A try failed, or the stream did. One that gave a picture or two and was then missed may be slower than was
     * thought.
     */
    public void failed(boolean timedOut) {
        failures++;
        if (timedOut && pictures > 0 && pictures < FEWEST) {
            Duration doubled = unknownPace.multipliedBy(2);
            unknownPace = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
        }
        pictures = 0;
    }
}
