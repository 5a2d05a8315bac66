package io.framecast.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The steps at which a network is asked how to draw a forecast. At the steps between two of these its answer is
 * interpolated: shares of candidates hardly change from one late step to the next, and most of a forecast's time goes
 * into asking.
 */
final class Answers {
    private final int[] steps;
    private final boolean[] asked;
    private final int[] wanted;

    private Answers(int[] steps, boolean[] asked, int[] wanted) {
        this.steps = steps;
        this.asked = asked;
        this.wanted = Arrays.stream(wanted)
                .map(step -> Arrays.binarySearch(steps, step))
                .toArray();
    }

    /**
     * The network is asked at all of some steps.
     *
     * @param steps after the last frame, from 1, in order
     */
    static Answers atAll(int[] steps) {
        var asked = new boolean[steps.length];
        Arrays.fill(asked, true);
        return new Answers(steps.clone(), asked, steps);
    }

    /**
     * The network is asked the less often the later.
     *
     * @param wanted steps after the last frame, from 1, in order; those next to them at which it is asked are added
     */
    static Answers about(int[] wanted) {
        SortedSet<Integer> all = new TreeSet<>();
        for (int step : wanted) {
            all.add(step);
            all.add(step / apart(step) * apart(step));
            all.add((step + apart(step) - 1) / apart(step) * apart(step));
        }
        int[] steps = all.stream().mapToInt(step -> step).toArray();
        var asked = new boolean[steps.length];
        for (int index = 0; index < steps.length; index++) {
            asked[index] = steps[index] % apart(steps[index]) == 0;
        }
        return new Answers(steps, asked, wanted);
    }

    /** How far apart it is asked: 1 up to the 4th step, 2 up to the 8th, 4 up to the 16th, and so on. */
    private static int apart(int step) {
        return Math.max(1, Integer.highestOneBit(step - 1) / 2);
    }

    /** All steps, in order. What follows takes and gives indices into them. */
    int[] steps() {
        return steps.clone();
    }

    /** Those that are wanted. */
    int[] wanted() {
        return wanted.clone();
    }

    /** Whether the network is asked at a step. */
    boolean isAsked(int index) {
        return asked[index];
    }

    /** Whether the answer at a step is needed for another one. */
    boolean isKept(int index) {
        return asked[index] && ((index > 0 && !asked[index - 1]) || (index + 1 < asked.length && !asked[index + 1]));
    }

    /** How much the answer after a step at which the network is not asked counts; the one before counts the rest. */
    float laterShare(int index) {
        int earlier = steps[before(index)];
        return (float) (steps[index] - earlier) / (steps[after(index)] - earlier);
    }

    private int before(int index) {
        int before = index;
        while (!asked[before]) {
            before--;
        }
        return before;
    }

    private int after(int index) {
        int after = index;
        while (!asked[after]) {
            after++;
        }
        return after;
    }

    /** All steps, those at which the network is not asked right after the next one at which it is. */
    int[] order() {
        return IntStream.range(0, steps.length)
                .filter(this::isAsked)
                .flatMap(index -> IntStream.concat(
                        IntStream.of(index),
                        IntStream.range(0, index).filter(other -> !asked[other] && after(other) == index)))
                .toArray();
    }

    /** What each step's answer is made of: (N, N), row by row the shares of the answers at all steps. */
    NDArray shares(NDManager manager) {
        return manager.create(shares(), new Shape(steps.length, steps.length));
    }

    /** As {@link #shares(NDManager)}, row by row. */
    float[] shares() {
        int count = steps.length;
        var shares = new float[count * count];
        for (int index = 0; index < count; index++) {
            float later = asked[index] ? 0 : laterShare(index);
            shares[index * count + before(index)] = 1 - later;
            shares[index * count + after(index)] += later;
        }
        return shares;
    }
}
