package io.framecast.source.reader;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How far apart a camera's pictures usually are, and so what is a gap: more than two seconds and more than five usual
 * steps. One picture a minute is a pace like any other.
 *
 * <p>Times are in microseconds.
 */
final class UsualStep {
    private static final long SHORTEST_GAP = 2_000_000;
    private static final int STEPS_OF_A_GAP = 5;
    private static final int REMEMBERED = 9;

    private final Deque<Long> steps = new ArrayDeque<>();

    /** Begins at the first picture of an epoch. */
    void restart() {
        steps.clear();
    }

    /** The next picture follows so long after the last. */
    void add(long step) {
        steps.addLast(step);
        if (steps.size() > REMEMBERED) {
            steps.removeFirst();
        }
    }

    /**
     * Whether a step does not belong to the steps before. The first of an epoch always does, since nothing is usual
     * yet; but it was a gap if the second is much shorter.
     */
    boolean isBrokenBy(long step) {
        if (steps.isEmpty()) {
            return false;
        }
        long usual = median();
        boolean wasGap = steps.size() == 1 && isGap(usual, step);
        return wasGap || isGap(step, usual);
    }

    private static boolean isGap(long step, long usual) {
        return step > SHORTEST_GAP && step > STEPS_OF_A_GAP * usual;
    }

    private long median() {
        return steps.stream().sorted().skip(steps.size() / 2).findFirst().orElse(0L);
    }
}
