package io.framecast.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import io.framecast.frame.FrameShape;
import io.framecast.model.onnx.OnnxGraph;
import io.framecast.model.onnx.OnnxGraph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Chooses, for each pixel of each step, among what classical means foresee, and adds a bounded change. The arithmetic,
 * with shapes and the reason of every constant, is in {@code flow-mixture.torchscript}, whose functions
 * {@link #forecast} calls. Candidates for step k, with x the last frame:
 *
 * <pre>
 * x, the recent average, the mean of the context,
 * x warped k steps along the near flow, along the steady one, and along the steady one as it slows down,
 * x blurred widely, x blurred slightly and warped along the steady flow, the mean of the context blurred
 * </pre>
 *
 * A {@link UNet} reads the evidence once: the frames, how they changed, the flows, and how well each flow explains the
 * past. Its features are kept in place and also carried along the flows, so that the trust in a moving thing arrives
 * where the thing arrives. Two 1x1 convolutions then turn them, for each step, into shares of the candidates (softmax)
 * and a change, which is bounded by how much the pixel's neighbourhood has changed: a still picture stays still to the
 * bit. Before training the shares are a prior, about those of {@code flow-fade}.
 *
 * <p>x is kept where next to nothing moves (the script's {@code gate}): around pixels (21x21) whose root mean square
 * difference from frame to frame is under 0.58 levels, twice the mean square that rounding to bytes makes; and around
 * those (31x31) none of which changed by more than 4 levels in the last three frames. Up to twice as many levels, the
 * forecast goes a part of the way from x. Where little moves (the script's {@code caution}), up to 2.5 levels (21x21),
 * it goes half the way from x to the mixture, from 5 levels on all of it: that halves the windows that come out worse
 * than x. Training does not see caution, or the network would learn to go twice as far.
 *
 * <p>Mixing forecasts by learnt, local trust is a mixture of experts (Jacobs et al. 1991), and carrying features along
 * a flow is Zhu et al. 2017, "Deep Feature Flow". All steps come from one reading; nothing is fed back.
 */
final class FlowMixture extends FlowNetwork<UNet> {
    /** Frames that the script's evidence has room for. */
    static final int CONTEXT = 10;

    /** Pictures that the script's blend mixes. */
    static final int CANDIDATES = 9;

    static final int COLOURS = 3;

    /** Channels of the script's evidence. */
    static final int EVIDENCE = 45;

    /** Channels of the script's blend next to the carried features: distance and gaps of each of three warps. */
    static final int LOCAL = 6;

    /** Numbers that tell a step, see {@link #phases}. */
    static final int PHASES = 5;

    /** Steps after which a warp's share has fallen to 1/e; as flow-fade's. */
    private static final double TRUST_STEPS = 15;

    /** Steps after which the last frame's share has fallen to 1/e where no warp is trusted; as flow-fade's. */
    private static final double LAST_FRAME_STEPS = 5;

    /** Added to every share, so that no logarithm is infinite and training can raise a share that starts at zero. */
    private static final double LEAST_SHARE = 0.02;

    /** Step that counts as 1 among the phases: the horizon that the shipped weights were trained for. */
    private static final int HORIZON = 32;

    /** Time constant, in steps, of what changes in the first steps; hand-picked. */
    private static final double EARLY_STEPS = 3;

    /** Time constant, in steps, of what changes in the first third of the horizon; hand-picked. */
    private static final double LATE_STEPS = 10;

    /**
     * Builds the network.
     *
     * @param hyper {@code filters} of the U-Net's levels (default 24, 48, 72, 96), and those of {@link FlowNetwork}
     */
    FlowMixture(HyperParameters hyper, Torch torch) {
        super(hyper, torch, new UNet(hyper.filters("filters", List.of(24, 48, 72, 96)), torch));
    }

    @Override
    public NDArray forecast(ParameterStore store, NDArray context, int[] steps, boolean training) {
        NDArray known = FrameArrays.ofLength(context, CONTEXT).add(1).div(2); // (B, 10, 3, H, W) in [0, 1]
        Shape tensorShape = known.getShape();
        var shape = new FrameShape((int) tensorShape.get(3), (int) tensorShape.get(4), (int) tensorShape.get(2));
        NDManager manager = context.getManager();
        var motion = MotionGrids.of(manager, opticalFlow, shape, FrameArrays.toPixels(context, shape), steps);
        NDArray candidates = torch.call("candidates", known); // (B, 18, H, W)
        NDArray evidence = torch.call("evidence", known, candidates, motion.back(), motion.flows()); // (B, 45, H, W)
        NDArray gate = torch.call(training ? "gate" : "restraint", known); // (B, 1, H, W)
        NDArray features = trunk.forward(store, new NDList(evidence), training).singletonOrThrow(); // (B, 24, H, W)
        NDArray mixed = torch.call( // (B, N, 3, H, W), about in [0, 1]
                "blend",
                candidates,
                torch.call("activity", known),
                gate,
                still.forward(store, new NDList(features), training).singletonOrThrow(),
                moving.forward(store, new NDList(features), training).singletonOrThrow(),
                motion.ahead(),
                motion.uncovered(),
                manager.create(priors(steps), new Shape(steps.length, CANDIDATES)),
                manager.create(phases(steps), new Shape(steps.length, PHASES)),
                value(store, motionWeight, context, training),
                value(store, phaseWeight, context, training),
                value(store, outWeight, context, training),
                value(store, outBias, context, training));
        return mixed.add(mixed).sub(1); // in [-1, 1]
    }

    @Override
    int flowFields() {
        return 2;
    }

    @Override
    Value addTo(OnnxWindow window, int horizon) {
        OnnxGraph graph = window.graph();
        var mixture = new OnnxMixture(graph, window.shape());
        Answers answers = Answers.atAll(IntStream.rangeClosed(1, horizon).toArray());
        Value known = known(window, CONTEXT);
        OnnxMotion near = motion(window, 0);
        OnnxMotion steady = motion(window, 1);
        Value candidates = mixture.candidates(known, CONTEXT);
        Value features = trunk.addTo(graph, mixture.evidence(known, CONTEXT, candidates, near, steady));
        Value mixed = mixture.blend(
                new OnnxMixture.Picture(candidates, mixture.activity(known), mixture.restraint(known)),
                graph.withDimension(still.addTo(graph, features), 1),
                moving.addTo(graph, features),
                carried(),
                arriving(near, steady, answers.steps()),
                answers,
                Optional.empty(),
                addWeightsTo(graph));
        return inNetworksRange(graph, mixed);
    }

    @Override
    Optional<PreparedForecast> prepared(NDManager manager, FrameShape shape, int horizon) {
        if (shape.channels() != COLOURS) {
            return Optional.empty();
        }
        var layers = new ArrayList<>(trunk.layers(EVIDENCE, shape.height(), shape.width()));
        NDList heads = heads();
        layers.add(new PackedUNet.Layer(
                heads.get(0), heads.get(1), List.of(trunk.features()), 1, shape.height(), shape.width()));
        BlendKernel blend =
                blend(Answers.atAll(IntStream.rangeClosed(1, horizon).toArray()));
        return Optional.of(new PreparedFlowMixture(shape, opticalFlow, new PackedUNet(manager, layers), blend));
    }

    /**
     * The logarithms of the shares before training, for each step k: with w = exp(-k / 15) and e = 1 - exp(-k / 5), as
     * in flow-fade, the three warps share w, x has (1 - w)(1 - e), the two averages share (1 - w) e, and each candidate
     * has 0.02 more. They need not add up to 1: softmax sees to that.
     *
     * @return (N, 9), in the order of the script's blend
     */
    static float[] priors(int[] steps) {
        var logarithms = new float[steps.length * CANDIDATES];
        int at = 0;
        for (int step : steps) {
            double moved = Math.exp(-step / TRUST_STEPS);
            double aged = 1 - Math.exp(-step / LAST_FRAME_STEPS);
            double averages = (1 - moved) * aged / 2;
            double warps = moved / 3;
            double[] shares = {(1 - moved) * (1 - aged), averages, averages, warps, warps, warps, 0, 0, 0};
            for (double share : shares) {
                logarithms[at++] = (float) Math.log(share + LEAST_SHARE);
            }
        }
        return logarithms;
    }

    /**
     * What tells the steps apart, for each step k: 1, k / 32, log k / log 32, exp(-k / 3) and exp(-k / 10), all in 0 to
     * 1. A weighted sum of these can rise or fall early, late or evenly.
     *
     * @return (N, 5)
     */
    static float[] phases(int[] steps) {
        var phases = new float[steps.length * PHASES];
        int at = 0;
        for (int step : steps) {
            phases[at++] = 1;
            phases[at++] = step / (float) HORIZON;
            phases[at++] = (float) (Math.log(step) / Math.log(HORIZON));
            phases[at++] = (float) Math.exp(-step / EARLY_STEPS);
            phases[at++] = (float) Math.exp(-step / LATE_STEPS);
        }
        return phases;
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
        Shape frames = inputShapes[0]; // (B, T, C, H, W)
        var evidence = new Shape(frames.get(0), EVIDENCE, frames.get(3), frames.get(4));
        trunk.initialize(manager, dataType, evidence);
        Shape features = trunk.getOutputShapes(new Shape[] {evidence})[0];
        still.initialize(manager, dataType, features);
        moving.initialize(manager, dataType, features);
    }
}
