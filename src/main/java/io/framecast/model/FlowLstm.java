package io.framecast.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.ConstantInitializer;
import io.framecast.forecast.Forecast;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.model.onnx.OnnxGraph;
import io.framecast.model.onnx.OnnxGraph.Value;
import io.framecast.motion.Motion;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A ConvLSTM that chooses, for each pixel of each step, among what classical means foresee, as {@link FlowMixture}
 * does, and adds a bounded change. The arithmetic is in {@code flow-lstm.torchscript} and
 * {@code flow-mixture.torchscript}.
 *
 * <p>Four things are new. Of the past, which may be longer than the ten frames of the context, the mean is a candidate:
 * it shows what a moving thing hides now. A ConvLSTM reads the context frame by frame and goes on by itself in latent
 * space, eight frames a step ({@link LstmUNet}); between its steps features are interpolated. The candidates are tried
 * on the window's own past ({@link Trials}): from its first half they forecast two frames of its second, and the
 * network sees how wrong each was, around each place and over the whole picture. And the features that stay in place
 * are those of the step, no longer the same for all.
 *
 * <p>Two things take less time than there: the steady flow is that of one pair ({@link Motion#roughly}), and forecasts
 * ask the network at ten of 32 steps ({@link Answers}).
 *
 * <p>Candidates, features that travel, prior, bounded change and gate are those of {@link FlowMixture}: before training
 * the forecast is about that of {@code flow-fade}, and a still picture stays still to the bit. Caution is the same,
 * except that it is lifted where a candidate foresaw the window's own past.
 */
final class FlowLstm extends FlowNetwork<LstmUNet> {
    /**
     * Steps after the first half of the context at which the candidates are tried, as the script's trials have them.
     */
    static final int[] TRIAL_STEPS = {2, 5};

    /** Frames of the context from which the others are forecast in the trials. */
    static final int TRIAL_CONTEXT = 5;

    /** Frames between two steps of the ConvLSTM after the context. */
    static final int STRIDE = 8;

    /** Moments at which the ConvLSTM is read for all steps that are forecast live. */
    static final int MOMENTS = Forecast.HORIZON / STRIDE + 1;

    /** Channels of the script's trial_evidence. */
    static final int TRIALS = 11;

    /** Channels of the script's trust. */
    private static final int TRUST = 32;

    /** Channels of the script's moments_seen. */
    private static final int SEEN = 12;

    /** First gain of each of the trials' ratios: a third of an error's logarithm in all, for near and far. */
    private static final float FIRST_GAIN = 0.08f;

    private final Parameter trustGain;
    private final int memoryLevel;

    /**
     * Builds the network.
     *
     * @param hyper {@code filters} of the picture's levels (default 24, 48, 72, 96), {@code reads} of a frame's (16,
     *     16), {@code memory} (channels of the ConvLSTM, 16), {@code draws} (filters of the deconvolutions, 16 and
     *     {@code hidden}), and those of {@link FlowNetwork}
     */
    FlowLstm(HyperParameters hyper, Torch torch) {
        super(hyper, torch, trunk(hyper, torch));
        memoryLevel = draws(hyper).size();
        trustGain = weight("trustGain", new Shape(4, FlowMixture.CANDIDATES));
        trustGain.setInitializer(new ConstantInitializer(FIRST_GAIN));
    }

    private static LstmUNet trunk(HyperParameters hyper, Torch torch) {
        List<Integer> filters = hyper.filters("filters", List.of(24, 48, 72, 96));
        List<Integer> reads = hyper.filters("reads", List.of(16, 16));
        int memory = hyper.integer("memory", 16, HyperParameters.MOST_FILTERS);
        return new LstmUNet(new LstmUNet.Sizes(filters, reads, memory, draws(hyper)), torch);
    }

    private static List<Integer> draws(HyperParameters hyper) {
        List<Integer> draws = hyper.filters("draws", List.of(16, hidden(hyper)));
        if (draws.get(draws.size() - 1) != hidden(hyper)) {
            throw new ModelException(
                    ModelException.Reason.DAMAGED,
                    "hyper-parameter draws is '" + draws + "': its last number must be hidden, " + hidden(hyper));
        }
        return draws;
    }

    @Override
    public NDArray forecast(ParameterStore store, NDArray context, int[] wanted, boolean training) {
        Answers answers = training ? Answers.atAll(wanted) : Answers.about(wanted);
        int[] steps = answers.steps();
        NDArray scaled = FrameArrays.ofLength(context, FlowMixture.CONTEXT); // (B, 10, 3, H, W)
        NDArray known = scaled.add(1).div(2); // in [0, 1]
        boolean isLonger = context.getShape().get(1) > FlowMixture.CONTEXT;
        NDArray past = isLonger ? context.add(1).div(2) : known; // (B, P, 3, H, W)
        NDArray mean = torch.call("past_mean", past); // (B, 3, H, W)
        Shape tensorShape = known.getShape();
        var shape = new FrameShape((int) tensorShape.get(3), (int) tensorShape.get(4), (int) tensorShape.get(2));
        NDManager manager = context.getManager();
        List<List<Pixels>> pictures = FrameArrays.toPixels(isLonger ? scaled : context, shape);
        MotionGrids motion = motion(manager, shape, pictures, steps);
        NDArray candidates = torch.call("candidates_with", known, mean); // (B, 18, H, W)
        NDArray errors = torch.call( // (B, 18, H, W)
                "trials", known, torch.call("half_mean", past), trialGrids(manager, shape, scaled));
        NDArray evidence = torch.call("evidence", known, candidates, motion.back(), motion.flows())
                .concat(torch.call("trial_evidence", errors), 1); // (B, 45 + 11, H, W)
        NDArray like = manager.zeros(new Shape(1, 1, bottom(tensorShape.get(3)), bottom(tensorShape.get(4))));
        NDList features = trunk.forward( // (B, F0, H, W), (B, N, D, H, W)
                store,
                new NDList(
                        evidence,
                        torch.call("trust", errors, like),
                        torch.call("moments_seen", known, mean),
                        times(manager, steps)),
                training);
        NDArray mixed = torch.call( // (B, N, 3, H, W), about in [0, 1]
                "blend_moments",
                candidates,
                torch.call("activity", known),
                training
                        ? torch.call("gate", known)
                        : torch.call("lifted_restraint", known, torch.call("lifted", errors)),
                still.forward(store, new NDList(features.get(0)), training).singletonOrThrow(),
                features.get(1),
                moving.forward(store, new NDList(features.get(0)), training).singletonOrThrow(),
                motion.ahead(),
                motion.uncovered(),
                manager.create(FlowMixture.priors(steps), new Shape(steps.length, FlowMixture.CANDIDATES)),
                torch.call("trusted", errors, value(store, trustGain, context, training)),
                manager.create(FlowMixture.phases(steps), new Shape(steps.length, FlowMixture.PHASES)),
                value(store, motionWeight, context, training),
                value(store, phaseWeight, context, training),
                answers.shares(manager),
                value(store, outWeight, context, training),
                value(store, outBias, context, training));
        NDArray frames = steps.length == wanted.length ? mixed : at(mixed, answers.wanted());
        return frames.add(frames).sub(1); // in [-1, 1]
    }

    /** Some of the steps: (B, N, 3, H, W) to (B, n, 3, H, W). */
    private static NDArray at(NDArray frames, int[] indices) {
        var some = new NDList();
        for (int index : indices) {
            some.add(frames.get(new NDIndex(":, {}:{}", index, index + 1)));
        }
        return NDArrays.concat(some, 1);
    }

    @Override
    int flowFields() {
        return 4;
    }

    @Override
    Value addTo(OnnxWindow window, int horizon) {
        OnnxGraph graph = window.graph();
        FrameShape shape = window.shape();
        var mixture = new OnnxMixture(graph, shape);
        Answers answers = Answers.about(IntStream.rangeClosed(1, horizon).toArray());
        int[] steps = answers.steps();
        Value known = known(window, FlowMixture.CONTEXT);
        int frames = Math.max(window.length(), FlowMixture.CONTEXT);
        var past = new OnnxPast(graph, known(window, frames), frames);
        OnnxMotion near = motion(window, 0);
        OnnxMotion steady = motion(window, 1);
        Value mean = past.mean();
        Value candidates = mixture.candidates(known, FlowMixture.CONTEXT, mean);
        var trials = new OnnxTrials(
                graph, mixture, shape, known, past, arriving(motion(window, 2), motion(window, 3), TRIAL_STEPS));
        Value evidence = graph.concat(
                1, mixture.evidence(known, FlowMixture.CONTEXT, candidates, near, steady), trials.evidence());
        int[] asked = IntStream.range(0, steps.length).filter(answers::isAsked).toArray();
        LstmUNet.OnnxFeatures features = trunk.addTo(
                graph,
                evidence,
                trials.trust((int) bottom(shape.height()), (int) bottom(shape.width())),
                trials.momentsSeen(mean),
                shares(Arrays.stream(asked).map(index -> steps[index]).toArray(), steps[steps.length - 1]),
                moments(steps[steps.length - 1]),
                shape);
        Value ofPicture = graph.withDimension(still.addTo(graph, features.picture()), 1);
        Value mixed = mixture.blend(
                new OnnxMixture.Picture(candidates, mixture.activity(known), trials.liftedRestraint()),
                graph.add(ofPicture, features.steps()),
                moving.addTo(graph, features.picture()),
                carried(),
                arriving(near, steady, steps),
                answers,
                Optional.of(trials.trusted(trustGain.getArray().toFloatArray())),
                addWeightsTo(graph));
        return inNetworksRange(graph, steps.length == horizon ? mixed : graph.select(mixed, 1, answers.wanted()));
    }

    @Override
    boolean extendsNetwork(String architecture) {
        return "flow-mixture".equals(architecture);
    }

    @Override
    Optional<PreparedForecast> prepared(NDManager manager, FrameShape shape, int horizon) {
        if (shape.channels() != FlowMixture.COLOURS) {
            return Optional.empty();
        }
        var answers = Answers.about(IntStream.rangeClosed(1, horizon).toArray());
        PackedLstmUNet network = trunk.packed(
                manager,
                new Shape(1, FlowMixture.EVIDENCE + TRIALS, shape.height(), shape.width()),
                TRUST,
                SEEN,
                heads());
        var layout = new PreparedFlowLstm.Layout(
                answers.steps(), features(), new Planes((int) bottom(shape.height()), (int) bottom(shape.width())));
        float[] gains = trustGain.getArray().toFloatArray();
        return Optional.of(new PreparedFlowLstm(shape, opticalFlow, gains, network, blend(answers), layout));
    }

    /** A motion is measured between frames up to two apart. */
    @Override
    int leastContext(int contextLength) {
        return Math.min(contextLength, 3);
    }

    /** Where the warps of the trials take their pixels from: (B, 2, 3, H, W, 2). */
    private NDArray trialGrids(NDManager manager, FrameShape shape, NDArray context) {
        List<List<Pixels>> halves = FrameArrays.toPixels(context.get(":, :" + TRIAL_CONTEXT), shape);
        return motion(manager, shape, halves, TRIAL_STEPS).ahead();
    }

    private MotionGrids motion(NDManager manager, FrameShape shape, List<List<Pixels>> contexts, int[] steps) {
        return MotionGrids.of(manager, shape, contexts, steps, frames -> Motion.roughly(opticalFlow, shape, frames));
    }

    private long bottom(long side) {
        return side >> memoryLevel;
    }

    /**
     * How each step is interpolated between the ConvLSTM's state after the context and those 4, 8, ... frames later.
     *
     * @return (N, J)
     */
    static NDArray times(NDManager manager, int[] steps) {
        int last = steps[steps.length - 1];
        return manager.create(shares(steps, last), new Shape(steps.length, moments(last)));
    }

    private static int moments(int last) {
        return (last + STRIDE - 1) / STRIDE + 1;
    }

    /** As {@link #times}, row by row, of moments up to a last step. */
    private static float[] shares(int[] steps, int last) {
        int moments = moments(last);
        var shares = new float[steps.length * moments];
        for (int i = 0; i < steps.length; i++) {
            int before = (steps[i] - 1) / STRIDE;
            float later = (steps[i] - before * STRIDE) / (float) STRIDE;
            shares[i * moments + before] = 1 - later;
            shares[i * moments + before + 1] = later;
        }
        return shares;
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
        Shape frames = inputShapes[0]; // (B, T, C, H, W)
        long height = frames.get(3);
        long width = frames.get(4);
        var evidence = new Shape(frames.get(0), FlowMixture.EVIDENCE + TRIALS, height, width);
        trunk.initialize(
                manager,
                dataType,
                evidence,
                new Shape(frames.get(0), TRUST, bottom(height), bottom(width)),
                new Shape(frames.get(0) * FlowMixture.CONTEXT, SEEN, height, width),
                new Shape(1, 1));
        Shape features = trunk.getOutputShapes(new Shape[] {evidence})[0];
        still.initialize(manager, dataType, features);
        moving.initialize(manager, dataType, features);
    }
}
