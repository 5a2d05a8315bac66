package io.framecast.model;

import io.framecast.model.onnx.OnnxGraph;
import io.framecast.model.onnx.OnnxGraph.Value;

/** The means of the past of {@code flow-lstm.torchscript} in a graph, which has their reasons. */
final class OnnxPast {
    private final OnnxGraph graph;
    private final Value frames;
    private final int length;

    /**
     * Prepares them.
     *
     * @param frames (B, P, 3, H, W) in [0, 1]
     * @param length P, at least {@link FlowMixture#CONTEXT}
     */
    OnnxPast(OnnxGraph graph, Value frames, int length) {
        this.graph = graph;
        this.frames = frames;
        this.length = length;
    }

    /** (B, 3, H, W). */
    Value mean() {
        return meanUntilLast(frames, length, FlowMixture.CONTEXT);
    }

    /** (B, 3, H, W). */
    Value halfMean() {
        int half = FlowLstm.TRIAL_CONTEXT;
        return meanUntilLast(graph.slice(frames, 1, 0, (long) length - half), length - half, half);
    }

    private Value meanUntilLast(Value known, int count, int always) {
        int earlier = count - always;
        if (earlier == 0) {
            return graph.select(graph.mean(known, 1), 1, 0L);
        }
        Value early = graph.slice(known, 1, 0, earlier);
        Value changes = graph.of("Abs", graph.subtract(graph.slice(known, 1, 1, earlier + 1L), early));
        Value largest = graph.largest(changes, 2, 3, 4); // (B, earlier, 1, 1, 1)
        Value counted = graph.of("Sign", graph.cumulated(graph.of("Sign", largest), 1));
        Value sum =
                graph.add(graph.sum(graph.multiply(early, counted), 1), graph.sum(graph.slice(known, 1, earlier), 1));
        Value mean = graph.divide(sum, graph.add(graph.sum(counted, 1), always));
        return graph.select(mean, 1, 0L);
    }
}
