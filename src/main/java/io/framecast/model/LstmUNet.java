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
import java.util.ArrayList;
import java.util.List;

/**
 * A U-Net with a ConvLSTM at its bottom, in the line of the Deconvolutional LSTM: convolutions down, ConvLSTM,
 * deconvolutions up. The ConvLSTM reads the frames of the context one after the other, meets what the picture's own
 * convolutions found, and goes on by itself for the moments to come.
 *
 * <pre>
 * evidence: 2 x conv F0, 2 x conv F1 /2, 2 x conv F2 /2 --+-- conv F2 -- conv F1 x2 -- conv F0 x2 --> features
 * frames:   conv R0 /2, conv R1 /2 -- ConvLSTM M ---------+      |         | 1x1
 *                                        |                     drive       |
 *                                        +-- ConvLSTM M goes on -- deconv D0 x2 -- deconv D1 x2 --> of each step
 * </pre>
 *
 * All kernels are 3x3 unless they say otherwise; leaky ReLU after each but the last.
 */
final class LstmUNet extends AbstractBlock {
    private static final int KERNEL = 3;
    private static final int GATES = 4;
    private static final float LEAK = 0.1f;

    private final Torch torch;
    private final List<Integer> filters;
    private final int memory;
    private final List<Block> first = new ArrayList<>();
    private final List<Block> second = new ArrayList<>();
    private final List<Block> up = new ArrayList<>();
    private final List<Block> reads = new ArrayList<>();
    private final List<Block> draws = new ArrayList<>();
    private final List<Block> shown = new ArrayList<>();
    private final Block frameToGates;
    private final Conv2d hiddenToGates;
    private final Block core;
    private final Block drive;

    /**
     * Its sizes.
     *
     * @param filters of each level of the picture's convolutions, from full size down
     * @param reads filters of the convolutions that a frame goes through, one less than levels
     * @param memory channels of the ConvLSTM
     * @param draws filters of the deconvolutions, as many as {@code reads}; the last one's are the features of a step
     */
    record Sizes(List<Integer> filters, List<Integer> reads, int memory, List<Integer> draws) {
        Sizes {
            if (reads.size() != filters.size() - 1 || draws.size() != filters.size() - 1) {
                throw new ModelException(
                        ModelException.Reason.DAMAGED,
                        "hyper-parameters reads " + reads + " and draws " + draws + " must have one number less than"
                                + " filters " + filters);
            }
        }
    }

    LstmUNet(Sizes sizes, Torch torch) {
        this.torch = torch;
        filters = sizes.filters();
        memory = sizes.memory();
        int bottom = filters.size() - 1;
        for (int level = 0; level <= bottom; level++) {
            int count = filters.get(level);
            first.add(addChildBlock("first" + level, new Conv2d(torch, count, KERNEL, level == 0 ? 1 : 2)));
            second.add(addChildBlock("second" + level, new Conv2d(torch, count, KERNEL, 1)));
        }
        for (int level = 0; level < bottom; level++) {
            up.add(addChildBlock("up" + level, new Conv2d(torch, filters.get(level), KERNEL, 1)));
            reads.add(addChildBlock(
                    "read" + level, new Conv2d(torch, sizes.reads().get(level), KERNEL, 2)));
            draws.add(addChildBlock(
                    "draw" + level, new Deconv2d(torch, sizes.draws().get(level), 2)));
        }
        for (int i = 0; i < bottom - 1; i++) {
            shown.add(addChildBlock("shown" + i, new Conv2d(torch, sizes.draws().get(i), 1, 1)));
        }
        frameToGates = addChildBlock("frameToGates", new Conv2d(torch, GATES * memory, KERNEL, 1));
        hiddenToGates = addChildBlock("hiddenToGates", new Conv2d(torch, GATES * memory, KERNEL, 1, false));
        core = addChildBlock("core", new Conv2d(torch, filters.get(bottom), KERNEL, 1));
        drive = addChildBlock("drive", new Conv2d(torch, GATES * memory, KERNEL, 1));
    }

    /**
     * Runs it.
     *
     * @param inputs evidence (B, E, H, W); trust (B, 20, h, w); frames (B T, 12, H, W), T of each window together;
     *     times (N, J), by which N steps are interpolated between J moments
     * @return features of the picture (B, F0, H, W), and of each step (B, N, D, H, W)
     */
    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> parameters) {
        NDArray evidence = inputs.get(0);
        NDArray times = inputs.get(3);
        var skips = new ArrayList<NDArray>(); // of level l: (B, Fl, H / 2^l, W / 2^l)
        NDArray features = evidence;
        for (int level = 0; level < filters.size(); level++) {
            features = activated(
                    second.get(level), store, activated(first.get(level), store, features, training), training);
            skips.add(features);
        }
        NDArray weight = store.getValue(hiddenToGates.weightParameter(), evidence.getDevice(), training);
        NDArray state =
                torch.call("remember", gates(store, inputs.get(2), evidence, training), weight); // (B, 2 M, h, w)
        NDArray joined = features.concat(inputs.get(1), 1).concat(state, 1);
        features = activated(core, store, joined, training); // (B, F, h, w)
        NDArray driven = layer(drive, store, features, training); // (B, 4 M, h, w)
        NDArray moments = torch.call("foresee", state, driven, weight, times); // (B J, M, h, w)
        for (int level = filters.size() - 2; level >= 0; level--) {
            int at = filters.size() - 2 - level;
            NDArray both = torch.call("upsample", features).concat(skips.get(level), 1);
            features = activated(up.get(level), store, both, training);
            moments = layer(draws.get(at), store, moments, training); // (B J, Dl, H / 2^l, W / 2^l)
            if (level > 0) {
                moments = torch.call("with_picture", moments, layer(shown.get(at), store, features, training));
            }
        }
        return new NDList(features, torch.call("at_steps", moments, times));
    }

    /** What frames (B T, 12, H, W) give the gates: (B, T, 4 M, h, w). */
    private NDArray gates(ParameterStore store, NDArray frames, NDArray evidence, boolean training) {
        NDArray features = frames;
        for (Block read : reads) {
            features = activated(read, store, features, training);
        }
        NDArray gates = layer(frameToGates, store, features, training);
        Shape shape = gates.getShape();
        return gates.reshape(new Shape(evidence.getShape().get(0), -1).addAll(shape.slice(1)));
    }

    private static NDArray layer(Block block, ParameterStore store, NDArray x, boolean training) {
        return block.forward(store, new NDList(x), training).singletonOrThrow();
    }

    private static NDArray activated(Block block, ParameterStore store, NDArray x, boolean training) {
        return Activation.leakyRelu(layer(block, store, x, training), LEAK);
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
        Shape evidence = inputShapes[0];
        HyperParameters.requireHalves(filters, evidence);
        Shape in = evidence;
        for (int level = 0; level < filters.size(); level++) {
            in = initialized(
                    second.get(level), manager, dataType, initialized(first.get(level), manager, dataType, in));
        }
        Shape frame = inputShapes[2];
        for (Block read : reads) {
            frame = initialized(read, manager, dataType, frame);
        }
        initialized(frameToGates, manager, dataType, frame);
        Shape hidden = channels(in, memory);
        initialized(hiddenToGates, manager, dataType, hidden);
        Shape features =
                initialized(core, manager, dataType, channels(in, in.get(1) + inputShapes[1].get(1) + 2L * memory));
        initialized(drive, manager, dataType, features);
        Shape moment = hidden;
        for (int level = filters.size() - 2; level >= 0; level--) {
            int at = filters.size() - 2 - level;
            var wider = new Shape(
                    features.get(0), features.get(1) + filters.get(level), 2 * features.get(2), 2 * features.get(3));
            features = initialized(up.get(level), manager, dataType, wider);
            moment = initialized(draws.get(at), manager, dataType, moment);
            if (level > 0) {
                initialized(shown.get(at), manager, dataType, features);
            }
        }
    }

    private static Shape initialized(Block block, NDManager manager, DataType dataType, Shape in) {
        block.initialize(manager, dataType, in);
        return block.getOutputShapes(new Shape[] {in})[0];
    }

    private static Shape channels(Shape pictures, long channels) {
        return new Shape(pictures.get(0), channels, pictures.get(2), pictures.get(3));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {channels(inputShapes[0], filters.get(0))};
    }
}
