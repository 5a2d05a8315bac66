package io.framecast.model;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.motion.FlowField;
import io.framecast.motion.Motion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The function {@code blend} of {@code flow-mixture.torchscript} for one window on the processor, from the motion to
 * bytes. The script says what is computed and why; this says it again in loops that Java turns into vector
 * instructions, a piece of the picture at a time, so that nothing leaves the processor's cache. A test compares the
 * two.
 *
 * <p>The loops are written for that: each array is a row of its own, indexed by the pixel alone, and a loop reads at
 * most five of them. With more, or with offsets, Java 17 computes one pixel after the other.
 *
 * <p>Immutable; each call takes its own scratch memory.
 */
final class BlendKernel {
    /** Pixels in a piece: its rows fit the second-level cache, and the loops are long enough to pay. */
    private static final int PIECE = 512;

    /** Rows that a loop reads at once. */
    private static final int UNROLLED = 4;

    private static final int COLOURS = FlowMixture.COLOURS;
    private static final int CANDIDATES = FlowMixture.CANDIDATES;
    private static final int OUTPUTS = CANDIDATES + COLOURS;

    /** The near flow, the steady one, and the steady one slowing down. */
    private static final int WAYS = 3;

    /** The way along which the slightly blurred picture moves, too. */
    private static final int STEADY = 1;

    /** As in the script. */
    private static final float LOCAL_FACTOR = 4;

    private static final float LEAK = 0.1f;
    private static final float LEVELS = 255;

    private final int carried;
    private final int hidden;
    /** Of each hidden feature, for each row of {@link Piece#arriving}. */
    private final float[][] motionWeight;
    /** Of each step, for each hidden feature. */
    private final float[][] phases;
    /** Of each step, for each output: the bias, and the prior of a share. */
    private final float[][] biases;
    /** Of each output, for each hidden feature. */
    private final float[][] outWeight;

    private final int[] steps;
    private final Answers answers;
    private final int[] order;

    /** The weights of the script's blend, row by row. */
    @SuppressWarnings("ArrayRecordComponent") // only read, and never compared
    record Weights(float[] motion, float[] phase, float[] out, float[] outBias) {}

    /**
     * Prepares the forecast of some steps.
     *
     * @param carried features that move along each flow
     * @param answers which frames after the last real one, and at which of them the network is asked
     */
    BlendKernel(int carried, int hidden, Weights weights, Answers answers) {
        this.carried = carried;
        this.hidden = hidden;
        this.answers = answers;
        steps = answers.steps();
        order = answers.order();
        motionWeight = rows(weights.motion(), hidden, WAYS * carried + FlowMixture.LOCAL);
        for (float[] row : motionWeight) {
            for (int local = WAYS * carried; local < WAYS * carried + FlowMixture.LOCAL; local++) {
                row[local] *= LOCAL_FACTOR;
            }
        }
        outWeight = rows(weights.out(), OUTPUTS, hidden);
        phases = phases(weights.phase());
        biases = biases(weights.outBias());
    }

    /** Rows of a matrix, with zeros up to a multiple of what a loop reads. */
    private static float[][] rows(float[] values, int count, int length) {
        var rows = new float[count][roundedUp(length)];
        for (int row = 0; row < count; row++) {
            System.arraycopy(values, row * length, rows[row], 0, length);
        }
        return rows;
    }

    private static int roundedUp(int count) {
        return (count + UNROLLED - 1) / UNROLLED * UNROLLED;
    }

    private float[][] phases(float[] weight) {
        float[] numbers = FlowMixture.phases(steps);
        var phases = new float[steps.length][hidden];
        for (int step = 0; step < steps.length; step++) {
            for (int feature = 0; feature < hidden; feature++) {
                for (int i = 0; i < FlowMixture.PHASES; i++) {
                    phases[step][feature] +=
                            weight[feature * FlowMixture.PHASES + i] * numbers[step * FlowMixture.PHASES + i];
                }
            }
        }
        return phases;
    }

    private float[][] biases(float[] outBias) {
        float[] priors = FlowMixture.priors(steps);
        var biases = new float[steps.length][];
        for (int step = 0; step < steps.length; step++) {
            biases[step] = outBias.clone();
            for (int share = 0; share < CANDIDATES; share++) {
                biases[step][share] += priors[step * CANDIDATES + share];
            }
        }
        return biases;
    }

    /**
     * What the script's blend reads besides the motion.
     *
     * @param candidates (18, H, W)
     * @param activity (H, W)
     * @param gate (H, W); where it is 0 the forecast is the last frame
     * @param features (H, W, F), F at least D + C: of each pixel those that stay in place, then those that move
     * @param moments what differs from step to step, if anything does
     */
    @SuppressWarnings("ArrayRecordComponent") // only read, and never compared
    record Inputs(float[] candidates, float[] activity, float[] gate, float[] features, Optional<Moments> moments) {
        /** Features that are the same at all steps. */
        Inputs(float[] candidates, float[] activity, float[] gate, float[] features) {
            this(candidates, activity, gate, features, Optional.empty());
        }
    }

    /**
     * What {@code flow-lstm.torchscript} adds in its blend_moments.
     *
     * @param features (J, H, W, G), G at least D: what is added to the features that stay, at each moment
     * @param times (N, J): how each step is interpolated between two neighbouring moments
     * @param trusted (9, H, W): what is added to the logarithms of the shares
     */
    @SuppressWarnings("ArrayRecordComponent") // only read, and never compared
    record Moments(float[] features, float[] times, float[] trusted) {
        static final Moments NONE = new Moments(new float[0], new float[0], new float[0]);
    }

    /**
     * Draws the forecast.
     *
     * @return a picture for each step that is wanted
     */
    List<Pixels> draw(FrameShape shape, Motion motion, Inputs inputs) {
        int places = shape.width() * shape.height();
        var table = new SampleTable(inputs, hidden, carried, shape);
        List<Piece> pieces = pieces(places, inputs);
        var origins = new int[WAYS][places];
        var drawn = new Pixels[steps.length];
        for (int step : order) {
            var bytes = new byte[places * COLOURS];
            var frames = new float[] {steps[step], steps[step], MotionGrids.slowed(steps[step])};
            var flows = new FlowField[] {motion.near(), motion.steady(), motion.steady()};
            for (int way = 0; way < WAYS; way++) {
                flows[way].arrivals(frames[way], origins[way]);
            }
            for (Piece piece : pieces) {
                if (piece.open) {
                    for (int way = 0; way < WAYS; way++) {
                        table.find(flows[way], frames[way], origins[way], piece.start, piece.count);
                        sample(table, way, step, piece);
                    }
                    piece.mix(step);
                }
                piece.put(bytes);
            }
            drawn[step] = Pixels.copyOf(bytes);
        }
        return Arrays.stream(answers.wanted()).mapToObj(step -> drawn[step]).toList();
    }

    /** Reads what arrives along a way: pictures, and features where the network is asked. */
    private void sample(SampleTable table, int way, int step, Piece piece) {
        int features = COLOURS + carried;
        if (!answers.isAsked(step)) {
            table.sample(piece.warped[way], 0, COLOURS, piece.count);
            if (way == STEADY) {
                table.sample(piece.warped[way], features, features + COLOURS, piece.count);
            }
        } else {
            table.sample(piece.warped[way], 0, way == STEADY ? features + COLOURS : features, piece.count);
            table.uncovered(piece.uncovered(way), piece.count);
        }
    }

    private List<Piece> pieces(int places, Inputs inputs) {
        var pieces = new ArrayList<Piece>();
        var scratch = new Scratch();
        for (int start = 0; start < places; start += PIECE) {
            pieces.add(new Piece(scratch, start, Math.min(PIECE, places - start), places, inputs));
        }
        return pieces;
    }

    /** Rows that all pieces use in turn. */
    private final class Scratch {
        /** Of each way: what {@link SampleTable#sample} gives. */
        final float[][][] warped = new float[WAYS][roundedUp(2 * COLOURS + carried)][PIECE];

        final float[][] uncovered = new float[WAYS][PIECE];
        final float[][] distances = new float[WAYS][PIECE];
        final float[][] hiddens = new float[roundedUp(hidden)][PIECE];
        final float[][] outs = new float[OUTPUTS][PIECE];
        final float[] largest = new float[PIECE];
        final float[] sum = new float[PIECE];
    }

    /** Some neighbouring pixels, row by row, and what is the same for them at all steps. */
    private final class Piece {
        final int start;
        final int count;
        final boolean open;
        final float[][][] warped;
        private final Scratch scratch;
        private final float[][] candidates;
        private final float[] activity;
        private final float[] gate;
        private final float[][] still;
        /** Of each moment, for each hidden feature. */
        private final float[][][] moments;

        private final float[] times;
        /** Of each share, or none. */
        private final float[][] trusted;

        private final float[][] drawn = new float[COLOURS][PIECE];
        /** What the network answered the last time but one, and the last time. */
        private float[][] earlier = new float[OUTPUTS][PIECE];

        private float[][] later = new float[OUTPUTS][PIECE];
        /** The rows that {@link BlendKernel#motionWeight} weighs. */
        private final float[][] arriving;

        Piece(Scratch scratch, int start, int count, int places, Inputs inputs) {
            this.scratch = scratch;
            this.start = start;
            this.count = count;
            warped = scratch.warped;
            candidates = cut(inputs.candidates(), 6 * COLOURS, places);
            activity = cut(inputs.activity(), 1, places)[0];
            gate = cut(inputs.gate(), 1, places)[0];
            still = features(inputs.features(), 0, inputs.features().length / places);
            Moments added = inputs.moments().orElse(Moments.NONE);
            times = added.times();
            moments = moments(added.features(), places);
            trusted = inputs.moments().isPresent() ? cut(added.trusted(), CANDIDATES, places) : new float[0][];
            arriving = arriving();
            open = isOpen();
            for (int colour = 0; colour < COLOURS; colour++) {
                System.arraycopy(candidates[colour], 0, drawn[colour], 0, count);
            }
        }

        private float[][] cut(float[] planes, int rows, int places) {
            var cut = new float[rows][PIECE];
            for (int row = 0; row < rows; row++) {
                System.arraycopy(planes, row * places + start, cut[row], 0, count);
            }
            return cut;
        }

        /** The first of the features of each pixel, as rows. */
        private float[][] features(float[] features, int picture, int each) {
            var rows = new float[hidden][PIECE];
            int at = picture + start * each;
            for (int p = 0; p < count; p++) {
                for (int row = 0; row < hidden; row++) {
                    rows[row][p] = features[at + row];
                }
                at += each;
            }
            return rows;
        }

        private float[][][] moments(float[] features, int places) {
            var cut = new float[times.length / steps.length][][];
            for (int moment = 0; moment < cut.length; moment++) {
                int each = features.length / places / cut.length; // more than are hidden where they were filled up
                cut[moment] = features(features, moment * places * each, each);
            }
            return cut;
        }

        private float[][] arriving() {
            var rows = new ArrayList<float[]>();
            for (int way = 0; way < WAYS; way++) {
                for (int feature = 0; feature < carried; feature++) {
                    rows.add(warped[way][COLOURS + feature]);
                }
            }
            rows.addAll(List.of(scratch.distances));
            rows.addAll(List.of(scratch.uncovered));
            while (rows.size() % UNROLLED != 0) {
                rows.add(rows.get(0)); // weighed with zero
            }
            return rows.toArray(float[][]::new);
        }

        private boolean isOpen() {
            for (int p = 0; p < count; p++) {
                if (gate[p] != 0) {
                    return true;
                }
            }
            return false;
        }

        float[] uncovered(int way) {
            return scratch.uncovered[way];
        }

        /** From the pictures and features that arrive to the pixels of a step. */
        void mix(int step) {
            if (answers.isAsked(step)) {
                ask(step);
            } else {
                float share = answers.laterShare(step);
                for (int output = 0; output < OUTPUTS; output++) {
                    mean(scratch.outs[output], earlier[output], later[output], share, count);
                }
            }
            share();
            for (int colour = 0; colour < COLOURS; colour++) {
                blend(colour);
            }
        }

        /** The network's answer. */
        private void ask(int step) {
            for (int way = 0; way < WAYS; way++) {
                distance(scratch.distances[way], warped[way], candidates, count);
            }
            for (int feature = 0; feature < hidden; feature++) {
                float[] row = scratch.hiddens[feature];
                begin(row, feature, step);
                weigh(row, motionWeight[feature], arriving, count);
                leak(row, count);
            }
            for (int output = 0; output < OUTPUTS; output++) {
                float[] row = scratch.outs[output];
                if (output < trusted.length) {
                    shift(row, trusted[output], biases[step][output], count);
                } else {
                    Arrays.fill(row, 0, count, biases[step][output]);
                }
                weigh(row, outWeight[output], scratch.hiddens, count);
            }
            if (answers.isKept(step)) {
                keep();
            }
        }

        private void keep() {
            float[][] oldest = earlier;
            earlier = later;
            later = oldest;
            for (int output = 0; output < OUTPUTS; output++) {
                System.arraycopy(scratch.outs[output], 0, later[output], 0, count);
            }
        }

        /** What stays in place, at a step: between two moments, where there are any. */
        private void begin(float[] row, int feature, int step) {
            float phase = phases[step][feature];
            if (moments.length == 0) {
                shift(row, still[feature], phase, count);
                return;
            }
            int first = step * moments.length;
            int before = 0;
            while (before < moments.length - 2 && times[first + before] == 0) {
                before++;
            }
            int after = Math.min(before + 1, moments.length - 1);
            float earlier = times[first + before];
            float later = after == before ? 0 : times[first + after];
            shift(row, still[feature], moments[before][feature], earlier, moments[after][feature], later, phase, count);
        }

        /** Softmax of the shares, but for the division by their sum. */
        private void share() {
            float[][] outs = scratch.outs;
            System.arraycopy(outs[0], 0, scratch.largest, 0, count);
            for (int share = 1; share < CANDIDATES; share++) {
                raise(scratch.largest, outs[share], count);
            }
            Arrays.fill(scratch.sum, 0, count, 0);
            for (int share = 0; share < CANDIDATES; share++) {
                exponentiate(outs[share], scratch.largest, scratch.sum, count);
            }
        }

        private void blend(int colour) {
            float[][] outs = scratch.outs;
            float[] x = candidates[colour];
            float[] into = drawn[colour];
            multiply(into, outs[0], x, outs[1], candidates[COLOURS + colour], count);
            add(into, outs[2], candidates[2 * COLOURS + colour], outs[3], warped[0][colour], count);
            add(into, outs[4], warped[1][colour], outs[5], warped[2][colour], count);
            add(into, outs[6], candidates[3 * COLOURS + colour], outs[7], warped[1][COLOURS + carried + colour], count);
            finish(into, outs[8], candidates[4 * COLOURS + colour], scratch.sum, count);
            float[] change = outs[CANDIDATES + colour];
            bound(change, activity, count);
            open(into, change, x, gate, count);
        }

        /** Rounds to bytes. */
        void put(byte[] bytes) {
            float[] red = drawn[0];
            float[] green = drawn[1];
            float[] blue = drawn[2];
            int at = start * COLOURS;
            for (int p = 0; p < count; p++) {
                bytes[at] = toByte(red[p]);
                bytes[at + 1] = toByte(green[p]);
                bytes[at + 2] = toByte(blue[p]);
                at += COLOURS;
            }
        }
    }

    private static byte toByte(float value) {
        return (byte) Math.max(0, Math.min((int) (value * LEVELS + 0.5f), (int) LEVELS));
    }

    /** into = mean over colours of |a - b|. */
    private static void distance(float[] into, float[][] a, float[][] b, int count) {
        differ(into, a[0], b[0], count);
        differMore(into, a[1], b[1], 1, count);
        differMore(into, a[2], b[2], 1f / COLOURS, count);
    }

    private static void differ(float[] into, float[] a, float[] b, int count) {
        for (int p = 0; p < count; p++) {
            into[p] = Math.abs(a[p] - b[p]);
        }
    }

    private static void differMore(float[] into, float[] a, float[] b, float factor, int count) {
        for (int p = 0; p < count; p++) {
            into[p] = (into[p] + Math.abs(a[p] - b[p])) * factor;
        }
    }

    private static void shift(float[] into, float[] row, float by, int count) {
        for (int p = 0; p < count; p++) {
            into[p] = row[p] + by;
        }
    }

    private static void shift(
            float[] into, float[] row, float[] a, float shareA, float[] b, float shareB, float by, int count) {
        for (int p = 0; p < count; p++) {
            into[p] = row[p] + by + a[p] * shareA + b[p] * shareB;
        }
    }

    /** into += the weighted sum of the rows. */
    private static void weigh(float[] into, float[] weights, float[][] rows, int count) {
        for (int i = 0; i < weights.length; i += UNROLLED) {
            weigh(
                    into,
                    rows[i],
                    rows[i + 1],
                    rows[i + 2],
                    rows[i + 3],
                    weights[i],
                    weights[i + 1],
                    weights[i + 2],
                    weights[i + 3],
                    count);
        }
    }

    private static void weigh(
            float[] into,
            float[] a,
            float[] b,
            float[] c,
            float[] d,
            float wa,
            float wb,
            float wc,
            float wd,
            int count) {
        for (int p = 0; p < count; p++) {
            into[p] += wa * a[p] + wb * b[p] + wc * c[p] + wd * d[p];
        }
    }

    private static void mean(float[] into, float[] a, float[] b, float shareB, int count) {
        for (int p = 0; p < count; p++) {
            into[p] = a[p] + (b[p] - a[p]) * shareB;
        }
    }

    private static void leak(float[] row, int count) {
        for (int p = 0; p < count; p++) {
            row[p] = Math.max(row[p], row[p] * LEAK);
        }
    }

    private static void raise(float[] into, float[] row, int count) {
        for (int p = 0; p < count; p++) {
            into[p] = Math.max(into[p], row[p]);
        }
    }

    /** row = exp(row - largest), added to sum. */
    private static void exponentiate(float[] row, float[] largest, float[] sum, int count) {
        for (int p = 0; p < count; p++) {
            float e = exp(row[p] - largest[p]);
            row[p] = e;
            sum[p] += e;
        }
    }

    /**
     * exp(x) for x up to 0, right to 1e-6: the Taylor polynomial at x / 32, squared five times. The library's has a
     * branch, so that no loop around it becomes vector instructions.
     */
    private static float exp(float x) {
        float part = Math.max(x, -32) * (1f / 32);
        float e = 1 + part * (1 + part * (1f / 2 + part * (1f / 6 + part * (1f / 24 + part * (1f / 120)))));
        float squared = e * e;
        float fourth = squared * squared;
        float eighth = fourth * fourth;
        float sixteenth = eighth * eighth;
        return sixteenth * sixteenth;
    }

    private static void multiply(float[] into, float[] a, float[] b, float[] c, float[] d, int count) {
        for (int p = 0; p < count; p++) {
            into[p] = a[p] * b[p] + c[p] * d[p];
        }
    }

    private static void add(float[] into, float[] a, float[] b, float[] c, float[] d, int count) {
        for (int p = 0; p < count; p++) {
            into[p] += a[p] * b[p] + c[p] * d[p];
        }
    }

    private static void finish(float[] into, float[] a, float[] b, float[] divisor, int count) {
        for (int p = 0; p < count; p++) {
            into[p] = (into[p] + a[p] * b[p]) / divisor[p];
        }
    }

    /** row = tanh(row) bound, by (1 - exp(-2 |z|)) / (1 + exp(-2 |z|)) with the sign of z. */
    private static void bound(float[] row, float[] bound, int count) {
        for (int p = 0; p < count; p++) {
            float size = Math.abs(row[p]);
            float e = exp(-2 * size);
            row[p] = (1 - e) * row[p] / ((1 + e) * (size + Float.MIN_NORMAL)) * bound[p];
        }
    }

    private static void open(float[] into, float[] change, float[] x, float[] gate, int count) {
        for (int p = 0; p < count; p++) {
            into[p] = x[p] + gate[p] * (into[p] + change[p] - x[p]);
        }
    }
}
