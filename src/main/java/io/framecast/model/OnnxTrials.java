package io.framecast.model;

import io.framecast.frame.FrameShape;
import io.framecast.model.onnx.OnnxGraph;
import io.framecast.model.onnx.OnnxGraph.Attribute;
import io.framecast.model.onnx.OnnxGraph.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * The arithmetic of {@code flow-lstm.torchscript} in a graph, but for its network: the candidates tried on the window's
 * own past, and what follows from that. Functions and constants have their names and reasons there.
 */
final class OnnxTrials {
    private static final double NOISE = 1.5e-05;
    private static final double MOST = 2;
    private static final int CANDIDATES = FlowMixture.CANDIDATES;

    private final OnnxGraph graph;
    private final OnnxMixture mixture;
    private final FrameShape shape;
    private final Value context;
    private final Value errors;

    /**
     * Tries the candidates.
     *
     * @param context (B, 10, 3, H, W) in [0, 1]
     * @param past which the context ends
     * @param motion of its first half, to the {@link FlowLstm#TRIAL_STEPS}
     */
    OnnxTrials(
            OnnxGraph graph,
            OnnxMixture mixture,
            FrameShape shape,
            Value context,
            OnnxPast past,
            OnnxMixture.Arriving motion) {
        this.graph = graph;
        this.mixture = mixture;
        this.shape = shape;
        this.context = context;
        int half = FlowLstm.TRIAL_CONTEXT;
        Value candidates = mixture.candidates(graph.slice(context, 1, 0, half), half, past.halfMean());
        Value x = graph.slice(candidates, 1, 0, 3);
        Value slightly = graph.slice(candidates, 1, 15);
        int steps = FlowLstm.TRIAL_STEPS.length;
        Value near = mixture.arriving(x, 3, motion.near().places(), steps);
        Value steady = mixture.arriving(
                graph.concat(1, x, slightly), 6, motion.steady().places(), steps);
        Value slowing = mixture.arriving(x, 3, motion.slowing().places(), steps);
        var all = new ArrayList<Value>();
        for (int i = 0; i < steps; i++) {
            Value truth = graph.select(context, 1, (long) half - 1 + FlowLstm.TRIAL_STEPS[i]);
            Value both = graph.select(steady, 1, (long) i);
            List<Value> said = List.of(
                    x,
                    graph.slice(candidates, 1, 3, 6),
                    graph.slice(candidates, 1, 6, 9),
                    graph.select(near, 1, (long) i),
                    graph.slice(both, 1, 0, 3),
                    graph.select(slowing, 1, (long) i),
                    graph.slice(candidates, 1, 9, 12),
                    graph.slice(both, 1, 3),
                    graph.slice(candidates, 1, 12, 15));
            said.forEach(picture -> all.add(graph.mean(graph.square(graph.subtract(picture, truth)), 1)));
        }
        errors = graph.concat(1, all.toArray(Value[]::new));
    }

    /** (B, 11, H, W). */
    Value evidence() {
        Value seen =
                graph.concat(1, graph.slice(errors, 1, 0, 6), graph.slice(errors, 1, CANDIDATES + 1L, CANDIDATES + 6L));
        return graph.multiply(graph.of("Sqrt", seen), 6);
    }

    /** (B, 32, height, width). */
    Value trust(int height, int width) {
        long side = shape.height() / height;
        Value pooled = graph.of(
                "AveragePool",
                List.of(
                        new Attribute("kernel_shape", new long[] {side, side}),
                        new Attribute("strides", new long[] {side, side})),
                errors);
        Value near = mixture.box(pooled, 1, height, width);
        Value whole = graph.add(graph.multiply(pooled, 0), graph.mean(pooled, 2, 3));
        var ratios = new ArrayList<Value>();
        for (Value around : List.of(near, whole)) {
            for (Value logarithms : graph.split(1, 2, graph.of("Log", graph.add(around, NOISE)))) {
                ratios.add(graph.slice(ratio(logarithms), 1, 1));
            }
        }
        return graph.concat(1, ratios.toArray(Value[]::new));
    }

    /** Of each candidate's logarithm to that of the last frame known then. */
    private Value ratio(Value logarithms) {
        return graph.clip(graph.subtract(logarithms, graph.slice(logarithms, 1, 0, 1)), -MOST, MOST);
    }

    /**
     * By how much the trials raise the logarithm of each candidate's share.
     *
     * @param gains (4, 9), row by row
     * @return (B, 9, H, W)
     */
    Value trusted(float[] gains) {
        Value near = graph.of("Log", graph.add(mixture.box(errors, 4), NOISE));
        Value whole = graph.of("Log", graph.add(graph.mean(errors, 2, 3), NOISE));
        var parts = new ArrayList<>(graph.split(1, 2, near));
        parts.addAll(graph.split(1, 2, whole));
        Value trusted = graph.number(0);
        for (int i = 0; i < parts.size(); i++) {
            var gain = new float[CANDIDATES];
            System.arraycopy(gains, i * CANDIDATES, gain, 0, CANDIDATES);
            Value weighted = graph.multiply(ratio(parts.get(i)), graph.constant(gain, 1, CANDIDATES, 1, 1));
            trusted = graph.subtract(trusted, weighted);
        }
        return trusted;
    }

    /** What the ConvLSTM reads of each frame, with the mean of the past, (B, 3, H, W): (B T, 12, H, W). */
    Value momentsSeen(Value mean) {
        Value first = graph.slice(context, 1, 0, 1);
        Value before = graph.concat(1, first, graph.slice(context, 1, 0, -1));
        Value last = graph.slice(context, 1, -1);
        Value seen = graph.concat(
                2,
                graph.add(context, -0.5),
                graph.multiply(graph.subtract(context, before), 3),
                graph.multiply(graph.subtract(context, graph.withDimension(mean, 1)), 3),
                graph.multiply(graph.subtract(context, last), 3));
        return graph.reshape(seen, -1, 12, shape.height(), shape.width());
    }

    /** (B, 1, H, W). */
    Value liftedRestraint() {
        Value around = graph.add(mixture.box(graph.slice(errors, 1, CANDIDATES), 10), NOISE);
        Value best = graph.divide(graph.smallest(graph.slice(around, 1, 1), 1), graph.slice(around, 1, 0, 1));
        Value lifted = graph.clip(graph.divide(graph.subtract(graph.number(0.95), best), graph.number(0.3)), 0, 1);
        Value changes = mixture.changes(context);
        Value unrest = mixture.unrest(changes);
        return graph.multiply(mixture.gateBy(changes, unrest), graph.of("Max", mixture.cautionBy(unrest), lifted));
    }
}
