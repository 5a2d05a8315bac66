package io.framecast.score;

import java.util.Arrays;

/**
 * How unusual a value is among the last ones of its kind: {@code -log10} of the chance that one as large or larger
 * comes when all goes on as before. With 1 one in ten is, with 3 one in a thousand. It is a running quantile, so it
 * needs no assumption on how the values are distributed, and only values before it count, so the past is never judged
 * by the future (conformal anomaly detection: R. Laxhammar, G. Falkman 2010).
 *
 * <p>Beyond the largest tenth of what is remembered, where ranks grow coarse, the chance falls as the mean excess of
 * that tenth says: the estimator of B. Hill 1975, as the values are logarithms. So a rate of one in a thousand is known
 * after far fewer than a thousand values. Bounded: it remembers {@value #MEMORY} values.
 */
public final class Surprise {
    /** What even the most unlikely value gets. */
    public static final double MOST = 9;

    /** How many values it remembers: five minutes of a camera at 10 frames a second. */
    public static final int MEMORY = 3000;

    /** How many values it has to know before it judges. */
    public static final int LEAST = 50;

    private static final int TAIL = 10;

    /**
     * The least mean excess of the tail: a camera that never changes must not find five percent more error unheard of.
     */
    private static final double LEAST_EXCESS = 0.05;

    private double[] newest = new double[LEAST];
    private double[] sorted = new double[LEAST];
    private int size;
    private int next;

    /**
     * Takes the next value.
     *
     * @return its surprise, from 0 to {@value #MOST}; NaN if the value is NaN, or fewer than {@value #LEAST} came
     *     before
     */
    public double next(double value) {
        if (Double.isNaN(value)) {
            return Double.NaN;
        }
        double surprise = size < LEAST ? Double.NaN : Math.min(MOST, Math.max(0, -Math.log10(chance(value))));
        remember(value);
        return surprise;
    }

    /** The chance of a value as large or larger. */
    private double chance(double value) {
        int inTail = size / TAIL;
        double edge = sorted[size - inTail - 1];
        if (value <= edge) {
            return (size - firstNotBelow(value) + 1.0) / (size + 1.0);
        }
        double excess = 0;
        for (int i = size - inTail; i < size; i++) {
            excess += sorted[i] - edge;
        }
        double mean = Math.max(LEAST_EXCESS, excess / inTail);
        return (inTail + 1.0) / (size + 1.0) * Math.exp(-(value - edge) / mean);
    }

    private void remember(double value) {
        if (size == MEMORY) {
            int gone = firstNotBelow(newest[next]);
            System.arraycopy(sorted, gone + 1, sorted, gone, size - gone - 1);
            size--;
        } else if (size == sorted.length) {
            newest = Arrays.copyOf(newest, Math.min(MEMORY, 2 * size));
            sorted = Arrays.copyOf(sorted, Math.min(MEMORY, 2 * size));
        }
        int place = firstNotBelow(value);
        System.arraycopy(sorted, place, sorted, place + 1, size - place);
        sorted[place] = value;
        size++;
        newest[next] = value;
        next = (next + 1) % MEMORY;
    }

    /** Where the first remembered value lies that is not below another. */
    private int firstNotBelow(double value) {
        int found = Arrays.binarySearch(sorted, 0, size, value);
        int place = found < 0 ? -found - 1 : found;
        while (place > 0 && sorted[place - 1] >= value) {
            place--;
        }
        return place;
    }
}
