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
    private final List<Conv2d> first = new ArrayList<>();
    private final List<Conv2d> second = new ArrayList<>();
    private final List<Conv2d> up = new ArrayList<>();
    private final List<Conv2d> reads = new ArrayList<>();
    private final List<Deconv2d> draws = new ArrayList<>();
    private final List<Conv2d> shown = new ArrayList<>();
    private final Conv2d frameToGates;
    private final Conv2d hiddenToGates;
    private final Conv2d core;
    private final Conv2d drive;

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
     * @param inputs evidence (B, E, H, W); trust (B, 32, h, w); frames (B T, 12, H, W), T of each window together;
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

    /**
     * This network for forecasts, with the weights as they are.
     *
     * @param manager which keeps them
     * @param evidence (1, E, H, W)
     * @param trust channels of it
     * @param frame channels of what is read of a frame
     * @param last a 1x1 convolution of the features of the picture: weight and bias
     */
    PackedLstmUNet packed(NDManager manager, Shape evidence, int trust, int frame, NDList last) {
        int bottom = filters.size() - 1;
        int height = (int) evidence.get(2);
        int width = (int) evidence.get(3);
        int low = height >> bottom;
        int narrow = width >> bottom;
        var packing = new PackedLstmUNet.Builder(manager, memory);
        int channels = (int) evidence.get(1);
        for (int level = 0; level <= bottom; level++) {
            int above = Math.max(0, level - 1); // whose pictures the first one reads
            packing.convolution(first.get(level), List.of(channels), 1, height >> above, width >> above);
            channels = filters.get(level);
            packing.convolution(second.get(level), List.of(channels), 1, height >> level, width >> level);
        }
        channels = frame;
        for (int level = 0; level < bottom; level++) {
            packing.convolution(
                    reads.get(level), List.of(channels), FlowMixture.CONTEXT, height >> level, width >> level);
            channels = (int) reads.get(level).weight().getShape().get(0);
        }
        packing.gates(frameToGates, channels, FlowMixture.CONTEXT, low, narrow);
        packing.recurrent(hiddenToGates, low, narrow);
        packing.convolution(core, List.of(filters.get(bottom), trust, memory, memory), 1, low, narrow);
        packing.gates(drive, filters.get(bottom), 1, low, narrow);
        for (int level = bottom - 1; level >= 0; level--) {
            List<Integer> joined = List.of(filters.get(level + 1), filters.get(level));
            packing.convolution(up.get(level), joined, 1, height >> level, width >> level);
        }
        for (int at = 0; at < bottom; at++) {
            packing.deconvolution(draws.get(at), low << at, narrow << at);
        }
        for (int at = 0; at < bottom - 1; at++) {
            int level = bottom - 1 - at;
            packing.convolution(shown.get(at), List.of(filters.get(level)), 1, height >> level, width >> level);
        }
        packing.layer(last.get(0), last.get(1), List.of(filters.get(0)), 1, 1, height, width);
        return packing.build();
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
