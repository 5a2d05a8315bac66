package io.framecast.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.framecast.model.onnx.OnnxGraph;
import io.framecast.model.onnx.OnnxGraph.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Convolutions down, by half at each level, and up again, with skips (Ronneberger et al. 2015, "U-Net"): every pixel of
 * the output knows its neighbourhood sharply and the whole picture roughly.
 *
 * <pre>
 * 2 x conv 3x3 F0          64x64 ------------------ conv 3x3 F0
 * 2 x conv 3x3 F1 stride 2   32x32 -------------- conv 3x3 F1
 * 2 x conv 3x3 F2 stride 2     16x16 ---------- conv 3x3 F2
 * 2 x conv 3x3 F3 stride 2        8x8 --------- up    (with four levels)
 * </pre>
 *
 * The first convolution of each pair has the stride; leaky ReLU after each.
 */
final class UNet extends AbstractBlock {
    private static final int KERNEL = 3;

    /** Slope of the leaky ReLU below zero: a filter that is never positive still gets a gradient, and can recover. */
    private static final float LEAK = 0.1f;

    private final Torch torch;
    private final List<Integer> filters;
    private final List<Conv2d> first = new ArrayList<>();
    private final List<Conv2d> second = new ArrayList<>();
    private final List<Conv2d> up = new ArrayList<>();

    /**
     * Builds the network.
     *
     * @param filters of each level, from full size down
     */
    UNet(List<Integer> filters, Torch torch) {
        this.torch = torch;
        this.filters = filters;
        for (int level = 0; level < filters.size(); level++) {
            int count = filters.get(level);
            first.add(addChildBlock("first" + level, new Conv2d(torch, count, KERNEL, level == 0 ? 1 : 2)));
            second.add(addChildBlock("second" + level, new Conv2d(torch, count, KERNEL, 1)));
        }
        for (int level = 0; level < filters.size() - 1; level++) {
            up.add(addChildBlock("up" + level, new Conv2d(torch, filters.get(level), KERNEL, 1)));
        }
    }

    /**
     * Runs it.
     *
     * @param inputs (B, C, H, W), H and W divisible by 2 at each level
     * @return (B, F0, H, W)
     */
    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> parameters) {
        NDArray features = inputs.singletonOrThrow();
        var skips = new ArrayList<NDArray>(); // of level l: (B, Fl, H / 2^l, W / 2^l)
        for (int level = 0; level < filters.size(); level++) {
            NDArray halved = activated(first.get(level), store, features, training);
            features = activated(second.get(level), store, halved, training);
            skips.add(features);
        }
        for (int level = filters.size() - 2; level >= 0; level--) {
            // Of level l: (B, F(l + 1) + Fl, H / 2^l, W / 2^l)
            NDArray joined = torch.call("upsample", features).concat(skips.get(level), 1);
            features = activated(up.get(level), store, joined, training);
        }
        return new NDList(features);
    }

    /** How many features of each pixel it gives. */
    int features() {
        return filters.get(0);
    }

    /**
     * The convolutions in the order in which {@link PackedUNet} wants them, without its last.
     *
     * @param channels of the input
     */
    List<PackedUNet.Layer> layers(int channels, int height, int width) {
        var layers = new ArrayList<PackedUNet.Layer>();
        for (int level = 0; level < filters.size(); level++) {
            int above = Math.max(0, level - 1); // whose pictures the first one reads
            List<Integer> in = List.of(level == 0 ? channels : filters.get(above));
            layers.add(layer(first.get(level), in, level == 0 ? 1 : 2, height >> above, width >> above));
            layers.add(layer(second.get(level), List.of(filters.get(level)), 1, height >> level, width >> level));
        }
        for (int level = filters.size() - 2; level >= 0; level--) {
            List<Integer> joined = List.of(filters.get(level + 1), filters.get(level));
            layers.add(layer(up.get(level), joined, 1, height >> level, width >> level));
        }
        return layers;
    }

    private static PackedUNet.Layer layer(Block block, List<Integer> channels, int stride, int height, int width) {
        return new PackedUNet.Layer(
                block.getParameters().get("weight").getArray(),
                block.getParameters().get("bias").getArray(),
                channels,
                stride,
                height,
                width);
    }

    /** This network in a graph: (B, C, H, W) to (B, F0, H, W). */
    Value addTo(OnnxGraph graph, Value x) {
        Value features = x;
        var skips = new ArrayList<Value>();
        for (int level = 0; level < filters.size(); level++) {
            Value halved = activated(graph, first.get(level), features);
            features = activated(graph, second.get(level), halved);
            skips.add(features);
        }
        for (int level = filters.size() - 2; level >= 0; level--) {
            features = activated(graph, up.get(level), graph.concat(1, graph.upsample(features), skips.get(level)));
        }
        return features;
    }

    private static Value activated(OnnxGraph graph, Conv2d layer, Value x) {
        return graph.leakyRelu(layer.addTo(graph, x), LEAK);
    }

    private static NDArray activated(Block block, ParameterStore store, NDArray x, boolean training) {
        return Activation.leakyRelu(
                block.forward(store, new NDList(x), training).singletonOrThrow(), LEAK);
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
        HyperParameters.requireHalves(filters, inputShapes[0]);
        Shape in = inputShapes[0];
        for (int level = 0; level < filters.size(); level++) {
            first.get(level).initialize(manager, dataType, in);
            in = atLevel(inputShapes[0], level, filters.get(level));
            second.get(level).initialize(manager, dataType, in);
        }
        for (int level = filters.size() - 2; level >= 0; level--) {
            int joined = filters.get(level + 1) + filters.get(level);
            up.get(level).initialize(manager, dataType, atLevel(inputShapes[0], level, joined));
        }
    }

    private static Shape atLevel(Shape full, int level, int channels) {
        return new Shape(full.get(0), channels, full.get(2) >> level, full.get(3) >> level);
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {atLevel(inputShapes[0], 0, filters.get(0))};
    }
}
