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

/**
 * Deconvolution, that is transposed convolution, 3x3 with padding 1: (N, C, H, W) to (N, filters, stride H, stride W).
 * DJL's own is not implemented on PyTorch.
 */
final class Deconv2d extends AbstractBlock {
    private static final int KERNEL = 3;

    private final Torch torch;
    private final int filters;
    private final int stride;
    private final Parameter weight;
    private final Parameter bias;

    /** Makes a layer whose input channels are taken from the first input. */
    Deconv2d(Torch torch, int filters, int stride) {
        this.torch = torch;
        this.filters = filters;
        this.stride = stride;
        weight = addParameter(Parameter.builder()
                .setName("weight")
                .setType(Parameter.Type.WEIGHT)
                .build());
        bias = addParameter(
                Parameter.builder().setName("bias").setType(Parameter.Type.BIAS).build());
    }

    int stride() {
        return stride;
    }

    /** Once initialised: (C, filters, 3, 3). */
    NDArray weight() {
        return weight.getArray();
    }

    /** Once initialised: (filters). */
    NDArray bias() {
        return bias.getArray();
    }

    /** This layer in a graph: (N, C, H, W) to (N, filters, stride H, stride W). */
    Value addTo(OnnxGraph graph, Value x) {
        return graph.deconvolution(x, OnnxWindow.constant(graph, weight()), OnnxWindow.constant(graph, bias()), stride);
    }

    @Override
    protected void prepare(Shape[] inputShapes) {
        weight.setShape(new Shape(inputShapes[0].get(1), filters, KERNEL, KERNEL));
        bias.setShape(new Shape(filters));
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> parameters) {
        var x = inputs.singletonOrThrow();
        var device = x.getDevice();
        return new NDList(torch.deconvolve(
                x, store.getValue(weight, device, training), store.getValue(bias, device, training), stride));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        Shape in = inputShapes[0];
        return new Shape[] {new Shape(in.get(0), filters, in.get(2) * stride, in.get(3) * stride)};
    }
}
