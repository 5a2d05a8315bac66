package io.framecast.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.framecast.model.onnx.OnnxGraph;
import io.framecast.model.onnx.OnnxGraph.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * A recurrent network that says, after every frame, what the next one will be. Frames are (B, T, C, H, W) with values
 * in [-1, 1]; the state is a list of arrays that starts empty and is handed on.
 *
 * <p>A subclass is the two halves of such a network: {@link #remember} takes frames into the state, {@link #draw} turns
 * what is remembered into pictures. Between them lies what closed-loop forecasting saves: of the context, only the last
 * step has to be drawn.
 */
abstract class RecurrentPredictor extends FramePredictor {
    /**
     * Takes frames into the state.
     *
     * @param frames (B, T, C, H, W)
     * @param state as an earlier call returned it, or empty before the first frame
     * @return features of every step (B, T, F, h, w), then the new state
     */
    abstract NDList remember(ParameterStore store, NDArray frames, NDList state, boolean training);

    /**
     * Draws the frame that follows each step.
     *
     * @param features (B, T, F, h, w)
     * @param frames the frames that led to them (B, T, C, H, W)
     * @return (B, T, C, H, W)
     */
    abstract NDArray draw(ParameterStore store, NDArray features, NDArray frames, boolean training);

    /**
     * Adds what a rollout calls, and the layers that it takes, in the order of its parameters.
     *
     * @param picture a frame (C, H, W)
     */
    abstract void addTo(Rollout.Builder rollout, Shape picture);

    /**
     * Teacher forcing: for every real frame, the one that follows.
     *
     * @param inputs frames (B, T, C, H, W), then optionally a state
     * @return predictions (B, T, C, H, W), then the new state
     */
    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> parameters) {
        NDArray frames = inputs.get(0);
        NDList remembered = remember(store, frames, inputs.subNDList(1), training);
        var outputs = new NDList(draw(store, remembered.get(0), frames, training));
        outputs.addAll(remembered.subNDList(1));
        return outputs;
    }

    /** Reads the context, then feeds back its own output. */
    @Override
    public NDArray forecast(ParameterStore store, NDArray context, int[] steps, boolean training) {
        NDArray frames = context;
        var state = new NDList();
        var drawn = new NDList();
        int next = 0;
        for (int step = 1; step <= steps[steps.length - 1]; step++) {
            NDList remembered = remember(store, frames, state, training);
            state = remembered.subNDList(1);
            var last = new NDIndex(":, -1:");
            frames = draw(store, remembered.get(0).get(last), frames.get(last), training); // (B, 1, C, H, W)
            if (step == steps[next]) {
                drawn.add(frames);
                next++;
            }
        }
        return alongTime(drawn);
    }

    /**
     * {@link #remember} of one frame, in a graph.
     *
     * @param frame (B, C, H, W)
     * @param states of each cell, replaced by the new ones; empty before the first frame
     * @return features (B, F, h, w)
     */
    abstract Value remember(OnnxGraph graph, Value frame, List<List<Value>> states);

    /** {@link #draw} of one step, in a graph: features (B, F, h, w) and the frame that led to them to the next one. */
    abstract Value draw(OnnxGraph graph, Value features, Value frame);

    @Override
    final Value addTo(OnnxWindow window, int horizon) {
        OnnxGraph graph = window.graph();
        var states = new ArrayList<List<Value>>();
        Value frame = window.frame(0);
        Value features = remember(graph, frame, states);
        for (int time = 1; time < window.length(); time++) {
            frame = window.frame(time);
            features = remember(graph, frame, states);
        }
        var drawn = new ArrayList<Value>();
        for (int step = 0; step < horizon; step++) {
            frame = draw(graph, step == 0 ? features : remember(graph, frame, states), frame);
            drawn.add(frame);
        }
        return graph.stack(1, drawn);
    }

    /** Merges batch and time: (B, T, ...) to (B T, ...). */
    static NDArray pictures(NDArray sequence) {
        Shape shape = sequence.getShape();
        return sequence.reshape(new Shape(shape.get(0) * shape.get(1)).addAll(shape.slice(2)));
    }

    /** Undoes {@link #pictures}: (B T, ...) to (B, T, ...), with B and T of {@code like}. */
    static NDArray sequence(NDArray pictures, NDArray like) {
        Shape times = like.getShape().slice(0, 2);
        return pictures.reshape(times.addAll(pictures.getShape().slice(1)));
    }
}
