package io.framecast.model;

import static io.framecast.model.Planes.addSquare;
import static io.framecast.model.Planes.lower;
import static io.framecast.model.Planes.scale;
import static io.framecast.model.Planes.shifted;

import io.framecast.frame.FrameShape;
import io.framecast.motion.FlowField;
import io.framecast.motion.Motion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The trials of {@code flow-lstm.torchscript} for one window on the processor: its functions {@code trials},
 * {@code trial_evidence}, {@code trust}, {@code trusted} and {@code lifted}. The script says what is computed and why;
 * this says it again in loops over whole planes. A test compares the two.
 */
final class Trials {
    private static final int COLOURS = FlowMixture.COLOURS;
    private static final int CANDIDATES = FlowMixture.CANDIDATES;

    // The script's constants, by its names.
    private static final int SHARP = 6;
    private static final float ERROR_FACTOR = 6;
    private static final float NOISE = 1.5e-05f;
    private static final float MOST = 2;
    private static final float LARGEST = (float) Math.exp(MOST);
    private static final float SMALLEST = (float) Math.exp(-MOST);
    private static final int TRUST_RADIUS = 1;
    private static final int TRUSTED_RADIUS = 4;
    private static final float LIFTED_FROM = 0.95f;
    private static final float LIFTED_RAMP = 0.3f;
    private static final int LIFTED_RADIUS = 10;

    /** By the script's order of candidates, which of {@link ContextReading#candidates} it is, if it is not warped. */
    private static final int[] UNWARPED = {0, 1, 2, -1, -1, -1, 3, -1, 4};

    private final Planes size;
    /** After 2 steps, then after 5, of each candidate: its mean squared error over colours, (H, W). */
    private final float[][] errors;

    /**
     * Tries the candidates.
     *
     * @param window {@link FlowMixture#CONTEXT} frames
     * @param half its first {@link FlowLstm#TRIAL_CONTEXT} frames
     * @param motion of that half
     */
    Trials(FrameShape shape, ContextReading window, ContextReading half, Motion motion) {
        size = new Planes(shape.height(), shape.width());
        errors = new float[FlowLstm.TRIAL_STEPS.length * CANDIDATES][];
        float[] candidates = half.candidates();
        var none = new float[0];
        var table = new SampleTable(new BlendKernel.Inputs(candidates, none, none, none), 0, 0, shape);
        for (int trial = 0; trial < FlowLstm.TRIAL_STEPS.length; trial++) {
            int step = FlowLstm.TRIAL_STEPS[trial];
            float[][] truth = window.frame(FlowLstm.TRIAL_CONTEXT - 1 + step);
            int first = trial * CANDIDATES;
            for (int candidate = 0; candidate < CANDIDATES; candidate++) {
                if (UNWARPED[candidate] >= 0) {
                    errors[first + candidate] = error(pictures(candidates, UNWARPED[candidate]), truth);
                }
            }
            float[][] near = warped(table, motion.near(), step, 1);
            float[][] steady = warped(table, motion.steady(), step, 2);
            float[][] slowing = warped(table, motion.steady(), MotionGrids.slowed(step), 1);
            errors[first + 3] = error(near, truth);
            errors[first + 4] = error(steady, truth);
            errors[first + 5] = error(slowing, truth);
            errors[first + 7] = error(Arrays.copyOfRange(steady, COLOURS, 2 * COLOURS), truth);
        }
    }

    private float[][] pictures(float[] candidates, int picture) {
        var planes = new float[COLOURS][];
        for (int colour = 0; colour < COLOURS; colour++) {
            int from = (picture * COLOURS + colour) * size.places();
            planes[colour] = Arrays.copyOfRange(candidates, from, from + size.places());
        }
        return planes;
    }

    /** The last frame of the half moved on, and, as the second picture, the slightly blurred one. */
    private float[][] warped(SampleTable table, FlowField flow, float frames, int pictures) {
        var origins = new int[size.places()];
        flow.arrivals(frames, origins);
        table.find(flow, frames, origins, 0, size.places());
        var warped = new float[SampleTable.rounded(pictures * COLOURS)][size.places()];
        table.sample(warped, 0, pictures * COLOURS, size.places());
        return warped;
    }

    private float[] error(float[][] said, float[][] truth) {
        var error = new float[size.places()];
        for (int colour = 0; colour < COLOURS; colour++) {
            addSquare(error, said[colour], truth[colour]);
        }
        scale(error, 1f / COLOURS);
        return error;
    }

    /** The script's trial_evidence: 11 planes. */
    List<float[]> evidence() {
        var planes = new ArrayList<float[]>();
        for (int trial = 0; trial < FlowLstm.TRIAL_STEPS.length; trial++) {
            for (int candidate = trial; candidate < SHARP; candidate++) { // without that of x after 5 steps
                planes.add(root(errors[trial * CANDIDATES + candidate]));
            }
        }
        return planes;
    }

    private static float[] root(float[] error) {
        var root = new float[error.length];
        for (int i = 0; i < root.length; i++) {
            root[i] = (float) Math.sqrt(error[i]) * ERROR_FACTOR;
        }
        return root;
    }

    /** The script's trust: 32 planes, each of the height and width of the ConvLSTM's state. */
    List<float[]> trust(Planes state) {
        var near = new ArrayList<float[]>();
        var whole = new ArrayList<float[]>();
        for (int trial = 0; trial < FlowLstm.TRIAL_STEPS.length; trial++) {
            int first = trial * CANDIDATES;
            float[] still = around(pooled(errors[first], state), state);
            float stillAll = mean(errors[first]) + NOISE;
            for (int candidate = first + 1; candidate < first + CANDIDATES; candidate++) {
                near.add(ratios(around(pooled(errors[candidate], state), state), still));
                var all = new float[state.places()];
                Arrays.fill(all, ratio((mean(errors[candidate]) + NOISE) / stillAll));
                whole.add(all);
            }
        }
        near.addAll(whole);
        return near;
    }

    private static float[] around(float[] pooled, Planes state) {
        return shifted(state.box(pooled, TRUST_RADIUS), NOISE);
    }

    /** The mean of each of the squares that a plane is divided into. */
    private float[] pooled(float[] plane, Planes state) {
        int side = size.height() / state.height();
        var pooled = new float[state.places()];
        int place = 0;
        for (int row = 0; row < size.height(); row++) {
            int start = row / side * state.width();
            for (int column = 0; column < state.width(); column++) {
                for (int within = 0; within < side; within++) {
                    pooled[start + column] += plane[place++];
                }
            }
        }
        scale(pooled, 1f / (side * side));
        return pooled;
    }

    private static float mean(float[] plane) {
        double sum = 0;
        for (float value : plane) {
            sum += value;
        }
        return (float) (sum / plane.length);
    }

    /**
     * The script's trusted: (9, H, W).
     *
     * @param gains (4, 9)
     */
    float[] trusted(float[] gains) {
        int places = size.places();
        int trials = FlowLstm.TRIAL_STEPS.length;
        var trusted = new float[CANDIDATES * places];
        for (int trial = 0; trial < trials; trial++) {
            int first = trial * CANDIDATES;
            float[] still = shifted(size.box(errors[first], TRUSTED_RADIUS), NOISE);
            float stillAll = mean(errors[first]) + NOISE;
            for (int candidate = 1; candidate < CANDIDATES; candidate++) { // x itself has the ratio 1
                float[] error = errors[first + candidate];
                float[] ratios = ratios(shifted(size.box(error, TRUSTED_RADIUS), NOISE), still);
                float near = -gains[first + candidate];
                float all = -gains[trials * CANDIDATES + first + candidate] * ratio((mean(error) + NOISE) / stillAll);
                for (int place = 0; place < places; place++) {
                    trusted[candidate * places + place] += near * ratios[place] + all;
                }
            }
        }
        return trusted;
    }

    /** The logarithm of each error over that of the last frame known then, within what the script allows. */
    private static float[] ratios(float[] error, float[] still) {
        var ratios = new float[error.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = ratio(error[i] / still[i]);
        }
        return ratios;
    }

    /**
     * log(x), at most {@link #MOST} from 0, right to 1e-5: 8 artanh((r - 1) / (r + 1)) with r the fourth root of x, by
     * its series. The library's has a branch, so that no loop around it becomes vector instructions.
     */
    private static float ratio(float x) {
        float bounded = Math.max(SMALLEST, Math.min(x, LARGEST));
        float root = (float) Math.sqrt((float) Math.sqrt(bounded));
        float t = (root - 1) / (root + 1);
        float square = t * t;
        return 8 * t * (1 + square * (1f / 3 + square * (1f / 5 + square * (1f / 7))));
    }

    /** The script's lifted: (H, W). */
    float[] lifted() {
        int first = (FlowLstm.TRIAL_STEPS.length - 1) * CANDIDATES;
        float[] best = size.box(errors[first + 1], LIFTED_RADIUS);
        for (int candidate = 2; candidate < CANDIDATES; candidate++) {
            lower(best, size.box(errors[first + candidate], LIFTED_RADIUS));
        }
        float[] still = size.box(errors[first], LIFTED_RADIUS);
        for (int place = 0; place < best.length; place++) {
            float ratio = (best[place] + NOISE) / (still[place] + NOISE);
            best[place] = Math.max(0, Math.min((LIFTED_FROM - ratio) / LIFTED_RAMP, 1));
        }
        return best;
    }
}
