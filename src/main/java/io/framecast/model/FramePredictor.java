package io.framecast.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.training.ParameterStore;
import io.framecast.frame.FrameShape;
import io.framecast.model.onnx.OnnxGraph.Value;
import java.util.Optional;
import java.util.stream.IntStream;

/** A network that forecasts the frames after a context. Frames are (B, T, C, H, W) with values in [-1, 1]. */
public abstract class FramePredictor extends AbstractBlock {
    /**
     * Forecasts some steps.
     *
     * @param context real frames (B, K, C, H, W), K at least 1
     * @param steps which frames after the last real one, from 1, rising
     * @return (B, steps, C, H, W)
     */
    public abstract NDArray forecast(ParameterStore store, NDArray context, int[] steps, boolean training);

    /**
     * Forecasts all steps up to a horizon.
     *
     * @param context real frames (B, K, C, H, W), K at least 1
     * @param horizon how many frames to forecast, at least 1
     * @return (B, horizon, C, H, W)
     */
    public final NDArray forecast(ParameterStore store, NDArray context, int horizon, boolean training) {
        if (horizon < 1) {
            throw new IllegalArgumentException("horizon " + horizon + " is below 1");
        }
        return forecast(store, context, IntStream.rangeClosed(1, horizon).toArray(), training);
    }

    /**
     * With how many frames this network does, if its windows hold at most so many: by default with no fewer, because
     * whatever stands in for the others would be read like real ones.
     */
    int leastContext(int contextLength) {
        return contextLength;
    }

    /**
     * Prepares forecasts on the processor, on one thread each, if this network has a faster way to them than
     * {@link #forecast}; to the same pictures, but for rounding.
     *
     * @param manager which keeps the weights, taken over as they are now
     * @param horizon how many frames to forecast, at least 1
     * @throws IllegalStateException if this engine lacks an operator for it
     */
    Optional<PreparedForecast> prepared(NDManager manager, FrameShape shape, int horizon) {
        return Optional.empty();
    }

    /**
     * Adds this network's forecast to a graph, with the weights as they are.
     *
     * @param window what the graph is given
     * @param horizon how many frames to forecast, at least 1
     * @return (B, horizon, C, H, W), about in [-1, 1]
     */
    abstract Value addTo(OnnxWindow window, int horizon);

    /** Fields of optical flow that {@link #addTo} needs of each window. */
    int flowFields() {
        return 0;
    }

    /**
     * Whether this network is another one and more, with that one's weights under the same names: it can start from
     * them, and first forecasts about what the other does.
     *
     * @param architecture of the other
     */
    boolean extendsNetwork(String architecture) {
        return false;
    }

    /**
     * Joins sequences (B, T, ...) one after another in time. DJL's concatenation of a single array loses the gradient.
     */
    static NDArray alongTime(NDList sequences) {
        return sequences.size() == 1 ? sequences.head() : NDArrays.concat(sequences, 1);
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {inputShapes[0]};
    }
}
