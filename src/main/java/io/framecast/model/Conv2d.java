package io.framecast.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.framecast.model.onnx.OnnxGraph;
import io.framecast.model.onnx.OnnxGraph.Value;
import org.jspecify.annotations.Nullable;

/**
 * Convolution with half the kernel as padding: (N, C, H, W) to (N, filters, H / stride, W / stride).
 *
 * <p>Not DJL's, because on some processors the engine's kernels read memory that nobody has written where channels are
 * no multiple of what a register holds, and give NaN or, worse, numbers; see {@link Torch#convolve}.
 */
final class Conv2d extends AbstractBlock {
    private final Torch torch;
    private final int filters;
    private final int kernel;
    private final int stride;
    private final Parameter weight;
    private final @Nullable Parameter bias;

    /**
     * Makes a layer whose input channels are taken from the first input.
     *
     * @param kernel height and width of the kernel, odd
     * @param stride 1 or 2
     */
    Conv2d(Torch torch, int filters, int kernel, int stride, boolean hasBias) {
        this.torch = torch;
        this.filters = filters;
        this.kernel = kernel;
        this.stride = stride;
        weight = addParameter(Parameter.builder()
                .setName("weight")
                .setType(Parameter.Type.WEIGHT)
                .build());
        bias = hasBias
                ? addParameter(Parameter.builder()
                        .setName("bias")
                        .setType(Parameter.Type.BIAS)
                        .build())
                : null;
    }

    /** A layer with a bias. */
    Conv2d(Torch torch, int filters, int kernel, int stride) {
        this(torch, filters, kernel, stride, true);
    }

    int stride() {
        return stride;
    }

    /** The parameter of the kernels, for code that convolves without this layer. */
    Parameter weightParameter() {
        return weight;
    }

    /** Once initialised: (filters, C, kernel, kernel). */
    NDArray weight() {
        return weight.getArray();
    }

    /** Once initialised: (filters), of zeros if the layer has none. */
    NDArray bias() {
        return bias == null ? weight().getManager().zeros(new Shape(filters)) : bias.getArray();
    }

    /** This layer in a graph: (N, C, H, W) to (N, filters, H / stride, W / stride). */
    Value addTo(OnnxGraph graph, Value x) {
        return graph.convolution(
                x, OnnxWindow.constant(graph, weight()), OnnxWindow.constant(graph, bias()), kernel, stride);
    }

    @Override
    protected void prepare(Shape[] inputShapes) {
        weight.setShape(new Shape(filters, inputShapes[0].get(1), kernel, kernel));
        if (bias != null) {
            bias.setShape(new Shape(filters));
        }
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> parameters) {
        NDArray x = inputs.singletonOrThrow();
        NDArray kernels = store.getValue(weight, x.getDevice(), training);
        NDArray added =
                bias == null ? x.getManager().zeros(new Shape(filters)) : store.getValue(bias, x.getDevice(), training);
        return new NDList(torch.convolve(x, kernels, added, stride));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        Shape in = inputShapes[0];
        return new Shape[] {new Shape(in.get(0), filters, halved(in.get(2)), halved(in.get(3)))};
    }

    private long halved(long side) {
        return (side - 1) / stride + 1;
    }
}
