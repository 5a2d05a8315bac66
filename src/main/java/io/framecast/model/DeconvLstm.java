package io.framecast.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.NormalInitializer;
import io.framecast.model.onnx.OnnxGraph;
import io.framecast.model.onnx.OnnxGraph.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * The Deconvolutional LSTM: convolutions shrink a frame, a ConvLSTM remembers it, deconvolutions draw the next one.
 *
 * <pre>
 * conv   3x3   32 stride 1     64x64
 * conv   3x3   64 stride 2     32x32
 * conv   3x3  128 stride 2     16x16
 * conv   3x3  256 stride 2      8x8
 * ConvLSTM 3x3 256              8x8
 * deconv 3x3  256 stride 1      8x8
 * deconv 3x3  128 stride 2     16x16
 * deconv 3x3   64 stride 2     32x32
 * deconv 3x3   32 stride 2     64x64
 * deconv 3x3    3 stride 1     64x64, tanh
 * </pre>
 *
 * with leaky ReLU between, because plain ReLU dies at the learning rates used. With {@code output: frame} the tanh is
 * the frame; with {@code output: change} it is added to the last frame, twice its value so that black can become white.
 */
final class DeconvLstm extends RecurrentPredictor {
    private static final int KERNEL = 3;
    private static final int MOST_CELLS = 16;
    private static final float LEAK = 0.1f;
    private static final float SMALL = 1e-3f;

    private final SequentialBlock encoder = new SequentialBlock();
    private final SequentialBlock decoder = new SequentialBlock();
    private final List<Conv2d> convolutions = new ArrayList<>();
    private final List<ConvLstmCell> cells = new ArrayList<>();
    private final List<Deconv2d> deconvolutions = new ArrayList<>();
    private final List<Integer> filters;
    private final boolean drawsChange;

    /**
     * Builds the network.
     *
     * @param hyper {@code filters} (of the convolutions, default 32, 64, 128, 256), {@code hidden} (filters of a cell,
     *     default 256), {@code cells} (default 1), {@code output} ({@code frame} or {@code change})
     */
    DeconvLstm(HyperParameters hyper, Torch torch) {
        filters = hyper.filters("filters", List.of(32, 64, 128, 256));
        drawsChange = hyper.choice("output", List.of("frame", "change")).equals("change");
        for (int layer = 0; layer < filters.size(); layer++) {
            convolutions.add(new Conv2d(torch, filters.get(layer), KERNEL, layer == 0 ? 1 : 2));
        }
        convolutions.forEach(layer -> encoder.add(layer).add(DeconvLstm::leakyRelu));
        for (int cell = 0; cell < hyper.integer("cells", 1, MOST_CELLS); cell++) {
            cells.add(addChildBlock(
                    "cell" + cell,
                    new ConvLstmCell(torch, hyper.integer("hidden", 256, HyperParameters.MOST_FILTERS), KERNEL)));
        }
        for (int layer = filters.size() - 1; layer >= 0; layer--) {
            int stride = layer == filters.size() - 1 ? 1 : 2;
            deconvolutions.add(new Deconv2d(torch, filters.get(layer), stride));
        }
        deconvolutions.forEach(layer -> decoder.add(layer).add(DeconvLstm::leakyRelu));
        Deconv2d last = lastLayer(torch);
        decoder.add(last).add(Activation::tanh);
        deconvolutions.add(last);
        addChildBlock("encoder", encoder);
        addChildBlock("decoder", decoder);
    }

    /** Three filters; a network that draws changes starts by drawing none, that is as persistence. */
    private Deconv2d lastLayer(Torch torch) {
        var layer = new Deconv2d(torch, 3, 1);
        if (drawsChange) {
            layer.setInitializer(
                    new NormalInitializer(SMALL),
                    parameter -> parameter.getName().equals("weight"));
        }
        return layer;
    }

    private static NDList leakyRelu(NDList x) {
        return new NDList(Activation.leakyRelu(x.singletonOrThrow(), LEAK));
    }

    @Override
    NDList remember(ParameterStore store, NDArray frames, NDList state, boolean training) {
        NDArray features = sequence(
                encoder.forward(store, new NDList(pictures(frames)), training).singletonOrThrow(), frames);
        return ConvLstmCell.runStack(cells, store, features, state, training);
    }

    @Override
    NDArray draw(ParameterStore store, NDArray features, NDArray frames, boolean training) {
        NDArray drawn = sequence(
                decoder.forward(store, new NDList(pictures(features)), training).singletonOrThrow(), frames);
        // Added twice, not multiplied: DJL lends the memory of a number to the engine, and the garbage collector may
        // take it back before the backward pass reads it.
        return drawsChange ? frames.add(drawn).add(drawn).clip(-1, 1) : drawn;
    }

    @Override
    void addTo(Rollout.Builder rollout, Shape picture) {
        rollout.method("deconv_lstm");
        rollout.flag(drawsChange);
        Shape shape = picture;
        for (Conv2d layer : convolutions) {
            shape = rollout.convolution("encoder", layer.weight(), layer.bias(), layer.stride(), shape);
        }
        for (ConvLstmCell cell : cells) {
            shape = cell.addTo(rollout, shape);
        }
        for (Deconv2d layer : deconvolutions) {
            shape = rollout.deconvolution("decoder", layer.weight(), layer.bias(), layer.stride(), shape);
        }
    }

    @Override
    Value remember(OnnxGraph graph, Value frame, List<List<Value>> states) {
        Value features = frame;
        for (Conv2d layer : convolutions) {
            features = graph.leakyRelu(layer.addTo(graph, features), LEAK);
        }
        return ConvLstmCell.addStackTo(graph, cells, features, states);
    }

    @Override
    Value draw(OnnxGraph graph, Value features, Value frame) {
        Value drawn = features;
        for (Deconv2d layer : deconvolutions.subList(0, deconvolutions.size() - 1)) {
            drawn = graph.leakyRelu(layer.addTo(graph, drawn), LEAK);
        }
        drawn = graph.of("Tanh", deconvolutions.get(deconvolutions.size() - 1).addTo(graph, drawn));
        return drawsChange ? graph.clip(graph.add(frame, graph.multiply(drawn, 2)), -1, 1) : drawn;
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
        Shape frames = inputShapes[0]; // (B, T, C, H, W)
        Shape times = frames.slice(0, 2);
        var pictures = new Shape(times.size()).addAll(frames.slice(2));
        HyperParameters.requireHalves(filters, pictures);
        encoder.initialize(manager, dataType, pictures);
        Shape features = encoder.getOutputShapes(new Shape[] {pictures})[0];
        Shape remembered = ConvLstmCell.initializeStack(cells, manager, dataType, times.addAll(features.slice(1)));
        decoder.initialize(manager, dataType, new Shape(times.size()).addAll(remembered.slice(2)));
    }
}
