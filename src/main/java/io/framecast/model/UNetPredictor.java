package io.framecast.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.framecast.model.onnx.OnnxGraph;
import io.framecast.model.onnx.OnnxGraph.Value;
import java.util.List;

/**
 * A {@link UNet} that reads the last frames as one picture of many channels and draws the next ones at once; what lies
 * beyond them it forecasts by feeding back its own output, as many frames at a time. Nothing is warped and nothing is
 * recurrent: that plain convolutions suffice is what Gao et al. 2022, "SimVP: Simpler yet Better Video Prediction",
 * found. Its lowest level sees the whole picture, so it can learn where things bounce.
 *
 * <p>With {@code normalization: window} each colour of what it reads gets mean 0 and deviation 1, and what it draws is
 * given back the colour's own: what things do seldom depends on their colour, and need not be learnt for each. After
 * Kim et al. 2022, "Reversible Instance Normalization". With {@code polarity} a colour is turned over as well where its
 * values lie far below the mean rather than far above it, so that whatever is rare is bright: a dark disc on white then
 * moves as a white one on black.
 */
final class UNetPredictor extends FramePredictor {
    private static final int COLOURS = 3;

    /** As many as a context may have. */
    private static final int MOST_FRAMES = 256;

    /** Added to a colour's variance: that of a deviation of 1.3 levels. Frames are in [-1, 1]. */
    private static final float LEAST_VARIANCE = 1e-4f;

    private final int reads;
    private final int draws;
    private final boolean normalizes;
    private final boolean turnsOver;
    private final UNet trunk;
    private final Conv2d last;

    /**
     * Builds the network.
     *
     * @param hyper {@code filters} of the U-Net's levels (default 24, 48, 64, 96, 128), {@code reads} (frames it sees,
     *     default 10), {@code draws} (frames it draws at once, default 10), {@code normalization} (none, window or
     *     polarity, default none)
     */
    UNetPredictor(HyperParameters hyper, Torch torch) {
        reads = hyper.integer("reads", 10, MOST_FRAMES);
        draws = hyper.integer("draws", 10, MOST_FRAMES);
        String normalization = hyper.choice("normalization", List.of("none", "window", "polarity"));
        normalizes = !normalization.equals("none");
        turnsOver = normalization.equals("polarity");
        trunk = addChildBlock("trunk", new UNet(hyper.filters("filters", List.of(24, 48, 64, 96, 128)), torch));
        last = addChildBlock("last", new Conv2d(torch, draws * COLOURS, 1, 1));
    }

    @Override
    public NDArray forecast(ParameterStore store, NDArray context, int[] steps, boolean training) {
        NDArray seen = FrameArrays.ofLength(context, reads);
        NDArray all = next(store, seen, training);
        while (all.getShape().get(1) < steps[steps.length - 1]) {
            seen = FrameArrays.ofLength(context.concat(all.clip(-1, 1), 1), reads);
            all = all.concat(next(store, seen, training), 1);
        }
        var wanted = new NDList();
        for (int step : steps) {
            wanted.add(all.get(new NDIndex(":, {}:{}", step - 1, step)));
        }
        return alongTime(wanted);
    }

    /** From (B, reads, C, H, W) the (B, draws, C, H, W) that follow. */
    private NDArray next(ParameterStore store, NDArray seen, boolean training) {
        if (!normalizes) {
            return drawn(store, seen, training);
        }
        NDArray mean = meanOfColours(seen);
        NDArray centred = seen.sub(mean);
        NDArray deviation = meanOfColours(centred.square()).add(LEAST_VARIANCE).sqrt();
        NDArray scale = turnsOver ? deviation.mul(polarity(centred)) : deviation;
        return drawn(store, centred.div(scale), training).mul(scale).add(mean);
    }

    /** Of each colour -1 where its values are skewed downwards, else 1. */
    private static NDArray polarity(NDArray centred) {
        NDArray skewness = meanOfColours(centred.square().mul(centred));
        NDArray upwards = skewness.gte(0).toType(DataType.FLOAT32, false);
        return upwards.add(upwards).sub(1);
    }

    /** Over times and places: from (B, T, C, H, W) to (B, 1, C, 1, 1). */
    private static NDArray meanOfColours(NDArray frames) {
        return frames.mean(new int[] {1}, true).mean(new int[] {3}, true).mean(new int[] {4}, true);
    }

    private NDArray drawn(ParameterStore store, NDArray seen, boolean training) {
        Shape tensorShape = seen.getShape();
        NDArray stacked =
                seen.reshape(tensorShape.get(0), (long) reads * COLOURS, tensorShape.get(3), tensorShape.get(4));
        NDArray features = trunk.forward(store, new NDList(stacked), training).singletonOrThrow();
        return last.forward(store, new NDList(features), training)
                .singletonOrThrow()
                .reshape(tensorShape.get(0), draws, COLOURS, tensorShape.get(3), tensorShape.get(4));
    }

    @Override
    Value addTo(OnnxWindow window, int horizon) {
        OnnxGraph graph = window.graph();
        Value seen = window.last(reads);
        Value all = next(window, seen);
        int drawn = draws;
        while (drawn < horizon) {
            seen = graph.slice(graph.concat(1, seen, graph.clip(graph.slice(all, 1, -draws), -1, 1)), 1, -reads);
            all = graph.concat(1, all, next(window, seen));
            drawn += draws;
        }
        return graph.slice(all, 1, 0, horizon);
    }

    /** {@link #next(ParameterStore, NDArray, boolean)} in a graph. */
    private Value next(OnnxWindow window, Value seen) {
        OnnxGraph graph = window.graph();
        if (!normalizes) {
            return drawn(window, seen);
        }
        Value mean = graph.mean(seen, 1, 3, 4);
        Value centred = graph.subtract(seen, mean);
        Value scale = graph.of("Sqrt", graph.add(graph.mean(graph.square(centred), 1, 3, 4), LEAST_VARIANCE));
        if (turnsOver) {
            Value skewness = graph.mean(graph.multiply(graph.square(centred), centred), 1, 3, 4);
            Value upwards = graph.of("GreaterOrEqual", skewness, graph.number(0));
            scale = graph.of("Where", upwards, scale, graph.of("Neg", scale));
        }
        return graph.add(graph.multiply(drawn(window, graph.divide(centred, scale)), scale), mean);
    }

    private Value drawn(OnnxWindow window, Value seen) {
        OnnxGraph graph = window.graph();
        long height = window.shape().height();
        long width = window.shape().width();
        Value stacked = graph.reshape(seen, -1, (long) reads * COLOURS, height, width);
        return graph.reshape(last.addTo(graph, trunk.addTo(graph, stacked)), -1, draws, COLOURS, height, width);
    }

    /** The frame after a context. */
    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> parameters) {
        return new NDList(forecast(store, inputs.get(0), 1, training));
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
        Shape frames = inputShapes[0]; // (B, T, C, H, W)
        var stacked = new Shape(frames.get(0), (long) reads * COLOURS, frames.get(3), frames.get(4));
        trunk.initialize(manager, dataType, stacked);
        last.initialize(manager, dataType, trunk.getOutputShapes(new Shape[] {stacked})[0]);
    }
}
