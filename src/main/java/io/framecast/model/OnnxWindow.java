package io.framecast.model;

import ai.djl.ndarray.NDArray;
import io.framecast.frame.FrameShape;
import io.framecast.model.onnx.OnnxGraph;
import io.framecast.model.onnx.OnnxGraph.ElementType;
import io.framecast.model.onnx.OnnxGraph.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Optional;

/**
 * What a graph is given to forecast from.
 *
 * @param graph which the network is added to
 * @param shape of a frame
 * @param length K frames of the context
 * @param context (B, K, C, H, W) in [-1, 1]
 * @param flows (B, fields, H, W, 2): columns and rows, in pixels a frame; if the network needs them
 */
record OnnxWindow(OnnxGraph graph, FrameShape shape, int length, Value context, Optional<Value> flows) {
    /** The name of the input of frames. */
    static final String CONTEXT = "context";

    /** The name of the input of optical flow. */
    static final String FLOWS = "flows";

    private static final double HALF_RANGE = 127.5;

    /**
     * Adds the inputs to a graph: bytes (B, K, H, W, C), and flows.
     *
     * @param fields of optical flow that the network needs
     */
    static OnnxWindow of(OnnxGraph graph, FrameShape shape, int length, int fields) {
        Value bytes = graph.input(CONTEXT, ElementType.UINT8, length, shape.height(), shape.width(), shape.channels());
        Value frames = graph.transpose(graph.cast(bytes, ElementType.FLOAT32), 0, 1, 4, 2, 3);
        Value context = graph.add(graph.divide(frames, graph.number(HALF_RANGE)), -1);
        Optional<Value> flows = fields == 0
                ? Optional.empty()
                : Optional.of(graph.input(FLOWS, ElementType.FLOAT32, fields, shape.height(), shape.width(), 2));
        return new OnnxWindow(graph, shape, length, context, flows);
    }

    /** An array of a network. */
    static Value constant(OnnxGraph graph, NDArray array) {
        return graph.constant(array.toFloatArray(), array.getShape().getShape());
    }

    /** One frame of the context: (B, C, H, W). */
    Value frame(int time) {
        return graph.select(context, 1, (long) time);
    }

    /** The last frames of the context; where there are fewer, the first is repeated. (B, count, C, H, W) */
    Value last(int count) {
        if (length >= count) {
            return graph.slice(context, 1, length - count);
        }
        Value first = graph.slice(context, 1, 0, 1);
        var frames = new ArrayList<>(Collections.nCopies(count - length, first));
        frames.add(context);
        return graph.concat(1, frames.toArray(Value[]::new));
    }

    /** Frames (B, T, C, H, W) in [-1, 1] as bytes (B, T, H, W, C). */
    Value toBytes(Value frames) {
        Value levels = graph.of("Round", graph.multiply(graph.add(frames, 1), HALF_RANGE));
        return graph.cast(graph.transpose(graph.clip(levels, 0, 255), 0, 1, 3, 4, 2), ElementType.UINT8);
    }
}
