package io.framecast.model;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.NormalInitializer;
import ai.djl.util.PairList;
import io.framecast.frame.FrameShape;
import io.framecast.model.onnx.OnnxGraph;
import io.framecast.model.onnx.OnnxGraph.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * A U-Net with a ConvLSTM on one of its levels, in the line of the Deconvolutional LSTM: convolutions down, ConvLSTM,
 * deconvolutions up. The ConvLSTM reads the frames of the context one after the other; its state joins what the
 * picture's own convolutions found, and driven by both it goes on by itself for the moments to come.
 *
 * <pre>
 * evidence: 2 x conv F0, 2 x conv F1 /2, 2 x conv F2 /2, 2 x conv F3 /2 -- conv F2 x2 -- conv F1 x2 -- conv F0 x2 --> features
 *                                                             trust ---------/|   |drive    | 1x1
 * frames:   conv R0 /2, conv R1 /2 -- ConvLSTM M -----------------------------+-- ConvLSTM M goes on
 *                                                                                     |
 *                                                                             deconv D0 x2 -- deconv D1 x2 --> of each step
 * </pre>
 *
 * With the skips of a U-Net, which are left out above. All kernels are 3x3 unless they say otherwise; leaky ReLU after
 * each but the last. Its first blocks are those of a {@link UNet} of the same filters, under the same names.
 */
final class LstmUNet extends AbstractBlock {
    private static final int KERNEL = 3;
    private static final int GATES = 4;
    private static final float LEAK = 0.1f;

    /**
     * Spread of the last deconvolution's first weights: small, so that what is learnt of the picture alone, or comes
     * from another network, decides first; not zero, so that the gradient passes.
     */
    private static final float SMALL = 2e-3f;

    private final Torch torch;
    private final List<Integer> filters;
    private final int memory;
    private final int bottom;
    private final int memoryLevel;
    private final List<Conv2d> first = new ArrayList<>();
    private final List<Conv2d> second = new ArrayList<>();
    private final List<Conv2d> up = new ArrayList<>();
    private final List<Conv2d> reads = new ArrayList<>();
    private final List<Deconv2d> draws = new ArrayList<>();
    private final List<Conv2d> shown = new ArrayList<>();
    private final Conv2d frameToGates;
    private final Conv2d hiddenToGates;
    private final Conv2d drive;

    /**
     * Its sizes.
     *
     * @param filters of each level of the picture's convolutions, from full size down
     * @param reads filters of the convolutions that a frame goes through, at most one less than levels; their number is
     *     the level of the ConvLSTM
     * @param memory channels of the ConvLSTM
     * @param draws filters of the deconvolutions, as many as {@code reads}; the last one's are the features of a step
     */
    record Sizes(List<Integer> filters, List<Integer> reads, int memory, List<Integer> draws) {
        Sizes {
            if (reads.size() >= filters.size() || draws.size() != reads.size()) {
                throw new ModelException(
                        ModelException.Reason.DAMAGED,
                        "hyper-parameters reads " + reads + " and draws " + draws
                                + " must have the same length, and be shorter than filters " + filters);
            }
        }
    }

    LstmUNet(Sizes sizes, Torch torch) {
        this.torch = torch;
        filters = sizes.filters();
        memory = sizes.memory();
        bottom = filters.size() - 1;
        memoryLevel = sizes.reads().size();
        for (int level = 0; level <= bottom; level++) {
            int count = filters.get(level);
            first.add(addChildBlock("first" + level, new Conv2d(torch, count, KERNEL, level == 0 ? 1 : 2)));
            second.add(addChildBlock("second" + level, new Conv2d(torch, count, KERNEL, 1)));
        }
        for (int level = 0; level <= highest(); level++) {
            up.add(addChildBlock("up" + level, new Conv2d(torch, filters.get(level), KERNEL, 1)));
        }
        for (int i = 0; i < memoryLevel; i++) {
            reads.add(addChildBlock("read" + i, new Conv2d(torch, sizes.reads().get(i), KERNEL, 2)));
            draws.add(
                    addChildBlock("draw" + i, new Deconv2d(torch, sizes.draws().get(i), 2)));
        }
        draws.get(memoryLevel - 1).setInitializer(new NormalInitializer(SMALL), Parameter.Type.WEIGHT);
        for (int i = 0; i < memoryLevel - 1; i++) {
            shown.add(addChildBlock("shown" + i, new Conv2d(torch, sizes.draws().get(i), 1, 1)));
        }
        frameToGates = addChildBlock("frameToGates", new Conv2d(torch, GATES * memory, KERNEL, 1));
        hiddenToGates = addChildBlock("hiddenToGates", new Conv2d(torch, GATES * memory, KERNEL, 1, false));
        drive = addChildBlock("drive", new Conv2d(torch, GATES * memory, KERNEL, 1));
    }

    /** The level of the first convolution on the way up: below the ConvLSTM there may be none. */
    private int highest() {
        return Math.max(bottom - 1, memoryLevel);
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
        NDArray moments = state; // until the level of the ConvLSTM
        for (int level = highest(); level >= 0; level--) {
            NDArray joined = level == bottom
                    ? features
                    : torch.call("upsample", features).concat(skips.get(level), 1);
            if (level == memoryLevel) {
                joined = joined.concat(inputs.get(1), 1).concat(state, 1);
            }
            features = activated(up.get(level), store, joined, training);
            if (level == memoryLevel) {
                NDArray driven = layer(drive, store, features, training); // (B, 4 M, h, w)
                moments = torch.call("foresee", state, driven, weight, times); // (B J, M, h, w)
            } else if (level < memoryLevel) {
                int at = memoryLevel - 1 - level;
                moments = layer(draws.get(at), store, moments, training); // (B J, Dl, H / 2^l, W / 2^l)
                if (level > 0) {
                    moments = torch.call("with_picture", moments, layer(shown.get(at), store, features, training));
                }
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
        int height = (int) evidence.get(2);
        int width = (int) evidence.get(3);
        var packing = new PackedLstmUNet.Builder(manager, memory);
        try {
            addTo(packing, evidence, trust, frame);
            packing.layer(last.get(0), last.get(1), List.of(filters.get(0)), 1, 1, height, width);
            return packing.build();
        } catch (EngineException | IllegalStateException e) { // an engine without the operators
            packing.close();
            throw e;
        }
    }

    private void addTo(PackedLstmUNet.Builder packing, Shape evidence, int trust, int frame) {
        int height = (int) evidence.get(2);
        int width = (int) evidence.get(3);
        int low = height >> memoryLevel;
        int narrow = width >> memoryLevel;
        int channels = (int) evidence.get(1);
        for (int level = 0; level <= bottom; level++) {
            int above = Math.max(0, level - 1); // whose pictures the first one reads
            packing.convolution(first.get(level), List.of(channels), 1, height >> above, width >> above);
            channels = filters.get(level);
            packing.convolution(second.get(level), List.of(channels), 1, height >> level, width >> level);
        }
        channels = frame;
        for (int i = 0; i < memoryLevel; i++) {
            packing.convolution(reads.get(i), List.of(channels), FlowMixture.CONTEXT, height >> i, width >> i);
            channels = (int) reads.get(i).weight().getShape().get(0);
        }
        packing.gates(frameToGates, channels, FlowMixture.CONTEXT, low, narrow);
        packing.recurrent(hiddenToGates, low, narrow);
        packing.gates(drive, filters.get(memoryLevel), 1, low, narrow);
        for (int level = highest(); level >= 0; level--) {
            packing.convolution(up.get(level), joined(level, trust), 1, height >> level, width >> level);
        }
        for (int at = 0; at < memoryLevel; at++) {
            packing.deconvolution(draws.get(at), low << at, narrow << at);
        }
        for (int at = 0; at < memoryLevel - 1; at++) {
            int level = memoryLevel - 1 - at;
            packing.convolution(shown.get(at), List.of(filters.get(level)), 1, height >> level, width >> level);
        }
    }

    /** Channels of what is joined for a convolution on the way up. */
    private List<Integer> joined(int level, int trust) {
        var joined = new ArrayList<Integer>();
        if (level < bottom) {
            joined.add(filters.get(level + 1));
        }
        joined.add(filters.get(level));
        if (level == memoryLevel) {
            joined.addAll(List.of(trust, memory, memory));
        }
        return joined;
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

    /**
     * What {@link #addTo} gives.
     *
     * @param picture features of the picture (B, F0, H, W)
     * @param steps features of each step (B, N, D, H, W)
     */
    record OnnxFeatures(Value picture, Value steps) {}

    /**
     * This network in a graph.
     *
     * @param evidence (B, E, H, W)
     * @param trust (B, 32, h, w)
     * @param frames (B T, 12, H, W)
     * @param times (N, J), row by row
     * @param count J
     * @param shape of a frame
     */
    OnnxFeatures addTo(
            OnnxGraph graph, Value evidence, Value trust, Value frames, float[] times, int count, FrameShape shape) {
        var skips = new ArrayList<Value>();
        Value features = evidence;
        for (int level = 0; level < filters.size(); level++) {
            features = activated(graph, second.get(level), activated(graph, first.get(level), features));
            skips.add(features);
        }
        Value weight = OnnxWindow.constant(graph, hiddenToGates.weight());
        Value noBias = OnnxWindow.constant(graph, hiddenToGates.bias());
        List<Value> state = remembered(graph, frames, weight, noBias, shape);
        Value moments = state.get(0); // until the level of the ConvLSTM
        int drawn = memory;
        for (int level = highest(); level >= 0; level--) {
            Value joined = level == bottom ? features : graph.concat(1, graph.upsample(features), skips.get(level));
            if (level == memoryLevel) {
                joined = graph.concat(1, joined, trust, state.get(0), state.get(1));
            }
            features = activated(graph, up.get(level), joined);
            if (level == memoryLevel) {
                Value driven = drive.addTo(graph, features);
                var shownStates = new ArrayList<>(List.of(state.get(0)));
                for (int time = 1; time < count; time++) {
                    state = step(graph, driven, state, weight, noBias);
                    shownStates.add(state.get(0));
                }
                moments = graph.reshape(
                        graph.stack(1, shownStates),
                        -1,
                        memory,
                        shape.height() >> memoryLevel,
                        shape.width() >> memoryLevel);
            } else if (level < memoryLevel) {
                int at = memoryLevel - 1 - level;
                moments = draws.get(at).addTo(graph, moments);
                drawn = (int) draws.get(at).bias().getShape().get(0);
                if (level > 0) {
                    Value apart =
                            graph.reshape(moments, -1, count, drawn, shape.height() >> level, shape.width() >> level);
                    Value both =
                            graph.add(apart, graph.withDimension(shown.get(at).addTo(graph, features), 1));
                    moments = graph.reshape(
                            graph.leakyRelu(both, LEAK), -1, drawn, shape.height() >> level, shape.width() >> level);
                }
            }
        }
        int steps = times.length / count;
        Value interpolated = graph.of(
                "MatMul",
                graph.constant(times, steps, count),
                graph.reshape(moments, -1, count, (long) drawn * shape.height() * shape.width()));
        return new OnnxFeatures(features, graph.reshape(interpolated, -1, steps, drawn, shape.height(), shape.width()));
    }

    /** The state after the frames (B T, 12, H, W) of a context: hidden and cells, each (B, M, h, w). */
    private List<Value> remembered(OnnxGraph graph, Value frames, Value weight, Value noBias, FrameShape shape) {
        Value features = frames;
        for (Conv2d read : reads) {
            features = activated(graph, read, features);
        }
        Value gates = graph.reshape(
                frameToGates.addTo(graph, features),
                -1,
                FlowMixture.CONTEXT,
                (long) GATES * memory,
                shape.height() >> memoryLevel,
                shape.width() >> memoryLevel);
        List<Value> state = List.of();
        for (int time = 0; time < FlowMixture.CONTEXT; time++) {
            state = step(graph, graph.select(gates, 1, (long) time), state, weight, noBias);
        }
        return state;
    }

    /** The script's lstm_step; the state is empty before the first frame. */
    private static List<Value> step(OnnxGraph graph, Value gates, List<Value> state, Value weight, Value noBias) {
        boolean isFirst = state.isEmpty();
        Value all = isFirst ? gates : graph.add(gates, graph.convolution(state.get(0), weight, noBias, KERNEL, 1));
        List<Value> parts = graph.split(1, GATES, all); // write, forget, show, value
        Value next = graph.multiply(graph.of("Sigmoid", parts.get(0)), graph.of("Tanh", parts.get(3)));
        if (!isFirst) {
            Value kept = graph.of("Sigmoid", graph.add(parts.get(1), 1));
            next = graph.add(graph.multiply(kept, state.get(1)), next);
        }
        return List.of(graph.multiply(graph.of("Sigmoid", parts.get(2)), graph.of("Tanh", next)), next);
    }

    private static Value activated(OnnxGraph graph, Conv2d layer, Value x) {
        return graph.leakyRelu(layer.addTo(graph, x), LEAK);
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
        Shape hidden = channels(frame, memory);
        initialized(hiddenToGates, manager, dataType, hidden);
        Shape moment = hidden;
        Shape features = in;
        for (int level = highest(); level >= 0; level--) {
            int trust = (int) inputShapes[1].get(1);
            long channels =
                    joined(level, trust).stream().mapToInt(count -> count).sum();
            features = initialized(up.get(level), manager, dataType, atLevel(evidence, level, channels));
            if (level == memoryLevel) {
                initialized(drive, manager, dataType, features);
            } else if (level < memoryLevel) {
                moment = initialized(draws.get(memoryLevel - 1 - level), manager, dataType, moment);
                if (level > 0) {
                    initialized(shown.get(memoryLevel - 1 - level), manager, dataType, features);
                }
            }
        }
    }

    private static Shape atLevel(Shape full, int level, long channels) {
        return new Shape(full.get(0), channels, full.get(2) >> level, full.get(3) >> level);
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
