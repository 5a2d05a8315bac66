package io.framecast.model;

import static io.framecast.model.Planes.add;
import static io.framecast.model.Planes.addDistance;
import static io.framecast.model.Planes.addRoot;
import static io.framecast.model.Planes.addSquare;
import static io.framecast.model.Planes.approach;
import static io.framecast.model.Planes.difference;
import static io.framecast.model.Planes.lower;
import static io.framecast.model.Planes.raise;
import static io.framecast.model.Planes.raiseDistance;
import static io.framecast.model.Planes.scale;
import static io.framecast.model.Planes.scaled;
import static io.framecast.model.Planes.shifted;
import static io.framecast.model.Planes.subtract;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.motion.FlowField;
import io.framecast.motion.Motion;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code flow-mixture.torchscript} reads from a context, for one window on the processor and straight from bytes:
 * its functions {@code candidates}, {@code evidence}, {@code activity} and {@code restraint}; and {@code moments_seen}
 * of {@code flow-lstm.torchscript}. The script says what is computed and why; this says it again in loops over whole
 * pictures that Java turns into vector instructions. A test compares the two.
 */
final class ContextReading {
    private static final int COLOURS = FlowMixture.COLOURS;
    private static final float LEVELS = 255;

    // The script's constants, by its names.
    private static final float NEWER_SHARE = 0.3f;
    private static final int WIDE_RADIUS = 3;
    private static final int MEAN_RADIUS = 2;
    private static final int WARP_RADIUS = 1;
    private static final float MIDDLE = 0.5f;
    private static final float DIFFERENCE_FACTOR = 3;
    private static final float DEVIATION_FACTOR = 6;
    private static final float SPAN_FACTOR = 2;
    private static final float FLOW_FACTOR = 0.5f;
    private static final float ERROR_FACTOR = 6;
    private static final float DISTANCE_FACTOR = 4;
    private static final float SPANS_ALLOWED = 2;
    private static final int ACTIVITY_RADIUS = 2;
    private static final int UNREST_RADIUS = 10;
    private static final float CLOSED_MEAN_SQUARE = 5.2e-06f;
    private static final float RAMP_MEAN_SQUARE = 3 * CLOSED_MEAN_SQUARE;
    private static final float CLOSED_PEAK = 4f / 255;
    private static final int LATELY = 3;
    private static final int PEAK_RADIUS = 15;
    private static final float LITTLE = 2.5f / 255;
    private static final float LEAST_PART = 0.5f;

    private final Planes size;
    private final int width;
    private final int height;
    private final int places;
    /** Of each frame, oldest first, the colours: planes of values from 0 to 1. */
    private final float[][][] frames;

    private final float[][] x;
    private final float[][] recent;
    private final float[][] mean;
    /** The largest over the colours. */
    private final float[] span;

    /**
     * Reads a context.
     *
     * @param context pictures of three colours; evidence takes {@link FlowMixture#CONTEXT} of them
     */
    ContextReading(FrameShape shape, List<Pixels> context) {
        this(shape, context, List.of());
    }

    /**
     * Reads a context whose mean is that of the past, the script's {@code mean_until_last}.
     *
     * @param context as above
     * @param earlier the pictures before, oldest first
     */
    ContextReading(FrameShape shape, List<Pixels> context, List<Pixels> earlier) {
        width = shape.width();
        height = shape.height();
        size = new Planes(height, width);
        places = size.places();
        frames = new float[context.size()][][];
        for (int time = 0; time < frames.length; time++) {
            frames[time] = planes(context.get(time));
        }
        x = frames[frames.length - 1];
        recent = new float[COLOURS][];
        mean = new float[COLOURS][];
        span = new float[places];
        List<Pixels> begun = begun(earlier, context.get(0));
        float[][] sums = sums(begun);
        for (int colour = 0; colour < COLOURS; colour++) {
            recent[colour] = recent(colour);
            mean[colour] = mean(colour, sums[colour], begun.size());
            raise(span, span(colour));
        }
    }

    private float[][] planes(Pixels picture) {
        byte[] bytes = picture.toByteArray();
        var planes = new float[COLOURS][places];
        for (int place = 0; place < places; place++) {
            planes[0][place] = (bytes[place * COLOURS] & 0xFF) / LEVELS;
            planes[1][place] = (bytes[place * COLOURS + 1] & 0xFF) / LEVELS;
            planes[2][place] = (bytes[place * COLOURS + 2] & 0xFF) / LEVELS;
        }
        return planes;
    }

    private float[] recent(int colour) {
        float[] average = frames[0][colour].clone();
        for (int time = 1; time < frames.length; time++) {
            approach(average, frames[time][colour], NEWER_SHARE);
        }
        return average;
    }

    /** What comes after the first picture's repetitions. */
    private static List<Pixels> begun(List<Pixels> earlier, Pixels next) {
        int first = 0;
        while (first < earlier.size()
                && earlier.get(first).equals(first + 1 < earlier.size() ? earlier.get(first + 1) : next)) {
            first++;
        }
        return earlier.subList(first, earlier.size());
    }

    /** The colours of pictures, added: planes of values from 0 to the number of pictures. */
    private float[][] sums(List<Pixels> pictures) {
        var levels = new int[places * COLOURS];
        for (Pixels picture : pictures) {
            byte[] bytes = picture.toByteArray();
            for (int i = 0; i < levels.length; i++) {
                levels[i] += bytes[i] & 0xFF;
            }
        }
        var sums = new float[COLOURS][places];
        for (int place = 0; place < places; place++) {
            sums[0][place] = levels[place * COLOURS] / LEVELS;
            sums[1][place] = levels[place * COLOURS + 1] / LEVELS;
            sums[2][place] = levels[place * COLOURS + 2] / LEVELS;
        }
        return sums;
    }

    private float[] mean(int colour, float[] earlier, int count) {
        float[] sum = earlier.clone();
        for (float[][] frame : frames) {
            add(sum, frame[colour]);
        }
        scale(sum, 1f / (count + frames.length));
        return sum;
    }

    private float[] span(int colour) {
        float[] highest = frames[0][colour].clone();
        float[] lowest = frames[0][colour].clone();
        for (int time = 1; time < frames.length; time++) {
            raise(highest, frames[time][colour]);
            lower(lowest, frames[time][colour]);
        }
        subtract(highest, lowest);
        return highest;
    }

    /** The script's candidates: (18, H, W). */
    float[] candidates() {
        var planes = new ArrayList<float[]>(List.of(x));
        planes.addAll(List.of(recent));
        planes.addAll(List.of(mean));
        for (float[] plane : x) {
            planes.add(size.blur(plane, WIDE_RADIUS));
        }
        for (float[] plane : mean) {
            planes.add(size.blur(plane, MEAN_RADIUS));
        }
        for (float[] plane : x) {
            planes.add(size.blur(plane, WARP_RADIUS));
        }
        var candidates = new float[planes.size() * places];
        for (int i = 0; i < planes.size(); i++) {
            System.arraycopy(planes.get(i), 0, candidates, i * places, places);
        }
        return candidates;
    }

    /** The script's evidence: 45 planes. */
    List<float[]> evidence(Motion motion) {
        int last = frames.length - 1;
        float[][] before1 = frames[last - 1];
        float[][] before3 = frames[last - 3];
        float[][] before6 = frames[last - 6];
        var planes = new ArrayList<float[]>();
        for (float[] plane : x) {
            planes.add(shifted(plane, -MIDDLE));
        }
        for (float[][] earlier : List.of(recent, mean, before1)) {
            for (int colour = 0; colour < COLOURS; colour++) {
                planes.add(difference(x[colour], earlier[colour], DIFFERENCE_FACTOR));
            }
        }
        planes.add(greyDifference(before3));
        planes.add(greyDifference(frames[0]));
        planes.add(deviation());
        planes.add(scaled(span, SPAN_FACTOR));
        for (FlowField flow : List.of(motion.near(), motion.steady())) {
            planes.addAll(movements(flow));
        }
        planes.add(warpedDistance(before1, motion.near(), 1));
        planes.add(warpedDistance(before1, motion.steady(), 1));
        planes.add(warpedDistance(before3, motion.steady(), 3));
        planes.add(distance(before3, ERROR_FACTOR));
        planes.add(warpedDistance(before6, motion.steady(), 6));
        planes.add(distance(before6, ERROR_FACTOR));
        for (int time = 0; time < last; time++) {
            planes.add(distance(frames[time], DISTANCE_FACTOR));
        }
        for (float[][] frame : frames) {
            planes.add(brightness(frame));
        }
        return planes;
    }

    private float[] greyDifference(float[][] earlier) {
        var grey = new float[places];
        for (int colour = 0; colour < COLOURS; colour++) {
            add(grey, x[colour]);
            subtract(grey, earlier[colour]);
        }
        scale(grey, DIFFERENCE_FACTOR / COLOURS);
        return grey;
    }

    private float[] deviation() {
        var deviation = new float[places];
        for (int colour = 0; colour < COLOURS; colour++) {
            var squares = new float[places];
            for (float[][] frame : frames) {
                addSquare(squares, frame[colour], mean[colour]);
            }
            addRoot(deviation, squares, 1f / frames.length);
        }
        scale(deviation, DEVIATION_FACTOR / COLOURS);
        return deviation;
    }

    private List<float[]> movements(FlowField flow) {
        var columns = new float[places];
        var rows = new float[places];
        for (int place = 0; place < places; place++) {
            columns[place] = flow.dx(place) * FLOW_FACTOR;
            rows[place] = flow.dy(place) * FLOW_FACTOR;
        }
        return List.of(columns, rows);
    }

    private float[] distance(float[][] other, float factor) {
        var distance = new float[places];
        for (int colour = 0; colour < COLOURS; colour++) {
            addDistance(distance, x[colour], other[colour]);
        }
        scale(distance, factor / COLOURS);
        return distance;
    }

    private float[] brightness(float[][] frame) {
        var sum = new float[places];
        for (float[] plane : frame) {
            add(sum, plane);
        }
        scale(sum, 1f / COLOURS);
        return shifted(sum, -MIDDLE);
    }

    /** The distance of x from an earlier frame, read where a flow says that each pixel was. */
    private float[] warpedDistance(float[][] earlier, FlowField flow, float frames) {
        float[] red = earlier[0];
        float[] green = earlier[1];
        float[] blue = earlier[2];
        var distance = new float[places];
        for (int place = 0; place < places; place++) {
            int here = place / width;
            float column = inside(place % width - frames * flow.dx(place), width);
            float row = inside(here - frames * flow.dy(place), height);
            int left = (int) column;
            int top = (int) row;
            int a = top * width + left;
            int b = left < width - 1 ? a + 1 : a;
            int below = top < height - 1 ? width : 0;
            int c = a + below;
            int d = b + below;
            float wd = (column - left) * (row - top);
            float wb = column - left - wd;
            float wc = row - top - wd;
            float wa = 1 - (column - left) - wc;
            float sum = Math.abs(wa * red[a] + wb * red[b] + wc * red[c] + wd * red[d] - x[0][place])
                    + Math.abs(wa * green[a] + wb * green[b] + wc * green[c] + wd * green[d] - x[1][place])
                    + Math.abs(wa * blue[a] + wb * blue[b] + wc * blue[c] + wd * blue[d] - x[2][place]);
            distance[place] = sum * (ERROR_FACTOR / COLOURS);
        }
        return distance;
    }

    private static float inside(float coordinate, int size) {
        return Math.max(0, Math.min(coordinate, size - 1));
    }

    /** The script's moments_seen, what a ConvLSTM reads of each frame, oldest first: 12 planes of each. */
    List<float[]> seen() {
        var planes = new ArrayList<float[]>();
        for (int time = 0; time < frames.length; time++) {
            for (float[] plane : frames[time]) {
                planes.add(shifted(plane, -MIDDLE));
            }
            for (float[][] other : List.of(frames[Math.max(0, time - 1)], mean, x)) {
                for (int colour = 0; colour < COLOURS; colour++) {
                    planes.add(difference(frames[time][colour], other[colour], DIFFERENCE_FACTOR));
                }
            }
        }
        return planes;
    }

    /** The colours of a frame: planes of values from 0 to 1. */
    float[][] frame(int time) {
        return frames[time];
    }

    /** The script's activity: (H, W). */
    float[] activity() {
        return scaled(size.blur(span, ACTIVITY_RADIUS), SPANS_ALLOWED);
    }

    /** The script's restraint: (H, W). */
    float[] restraint() {
        return restraint(new float[places]);
    }

    /**
     * The restraint with caution lifted in part: (H, W).
     *
     * @param lifted from 0 to 1, (H, W)
     */
    float[] restraint(float[] lifted) {
        var squares = new float[places];
        var largest = new float[places];
        for (int time = 1; time < frames.length; time++) {
            for (int colour = 0; colour < COLOURS; colour++) {
                addSquare(squares, frames[time][colour], frames[time - 1][colour]);
                if (time >= frames.length - LATELY) {
                    raiseDistance(largest, frames[time][colour], frames[time - 1][colour]);
                }
            }
        }
        scale(squares, 1f / (COLOURS * (frames.length - 1)));
        float[] unrest = size.box(squares, UNREST_RADIUS);
        float[] restraint = size.peak(largest, PEAK_RADIUS);
        for (int place = 0; place < places; place++) {
            float stirs = ramp((unrest[place] - CLOSED_MEAN_SQUARE) / RAMP_MEAN_SQUARE);
            float gate = stirs * ramp(restraint[place] * (1 / CLOSED_PEAK) - 1);
            float moves = ramp((float) Math.sqrt(Math.max(0, unrest[place])) * (1 / LITTLE) - 1);
            restraint[place] = gate * Math.max(moves * (1 - LEAST_PART) + LEAST_PART, lifted[place]);
        }
        return restraint;
    }

    private static float ramp(float value) {
        return Math.max(0, Math.min(value, 1));
    }
}
