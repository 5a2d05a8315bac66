package io.framecast.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.initializer.NormalInitializer;
import ai.djl.util.PairList;
import io.framecast.model.onnx.OnnxGraph;
import io.framecast.model.onnx.OnnxGraph.Value;
import io.framecast.motion.OpticalFlow;

/**
 * A network that chooses among what classical means foresee: a trunk, and behind it the weights of the blend in
 * {@code flow-mixture.torchscript}.
 *
 * @param <T> the trunk, from the evidence to features of the picture
 */
abstract class FlowNetwork<T extends Block> extends FramePredictor {
    /**
     * Spread of the last layer's first weights: small, so that training starts from the prior; not zero, so that the
     * gradient passes.
     */
    private static final float SMALL = 1e-2f;

    final Torch torch;
    final T trunk;
    final Conv2d still;
    final Conv2d moving;
    final Parameter motionWeight;
    final Parameter phaseWeight;
    final Parameter outWeight;
    final Parameter outBias;
    final OpticalFlow opticalFlow = new OpticalFlow();
    private final int carried;
    private final int hidden;

    /**
     * Builds the network.
     *
     * @param hyper {@code carried} (features carried along each flow, default 8), {@code hidden} (default 16), and
     *     those of the trunk
     */
    FlowNetwork(HyperParameters hyper, Torch torch, T trunk) {
        this.torch = torch;
        this.trunk = addChildBlock("trunk", trunk);
        carried = hyper.integer("carried", 8, HyperParameters.MOST_FILTERS);
        hidden = hidden(hyper);
        still = addChildBlock("still", new Conv2d(torch, hidden, 1, 1));
        moving = addChildBlock("moving", new Conv2d(torch, carried, 1, 1));
        motionWeight = weight("motionWeight", new Shape(hidden, 3L * carried + FlowMixture.LOCAL, 1, 1));
        phaseWeight = weight("phaseWeight", new Shape(hidden, FlowMixture.PHASES));
        outWeight = weight("outWeight", new Shape(FlowMixture.CANDIDATES + FlowMixture.COLOURS, hidden, 1, 1));
        outWeight.setInitializer(new NormalInitializer(SMALL));
        outBias = weight("outBias", new Shape(FlowMixture.CANDIDATES + FlowMixture.COLOURS));
        outBias.setInitializer(Initializer.ZEROS);
    }

    static int hidden(HyperParameters hyper) {
        return hyper.integer("hidden", 16, HyperParameters.MOST_FILTERS);
    }

    final Parameter weight(String name, Shape shape) {
        return addParameter(Parameter.builder()
                .setName(name)
                .setType(Parameter.Type.WEIGHT)
                .optShape(shape)
                .build());
    }

    static NDArray value(ParameterStore store, Parameter parameter, NDArray like, boolean training) {
        return store.getValue(parameter, like.getDevice(), training);
    }

    /** Features of each pixel of the picture: those that stay, followed by those that move. */
    final int features() {
        return hidden + carried;
    }

    /** The 1x1 convolution that gives the {@link #features}: weight and bias. */
    final NDList heads() {
        return new NDList(
                still.weight().concat(moving.weight(), 0), still.bias().concat(moving.bias(), 0));
    }

    /** The blend with the weights as they are. */
    final BlendKernel blend(Answers answers) {
        return new BlendKernel(
                carried,
                hidden,
                new BlendKernel.Weights(
                        motionWeight.getArray().toFloatArray(),
                        phaseWeight.getArray().toFloatArray(),
                        outWeight.getArray().toFloatArray(),
                        outBias.getArray().toFloatArray()),
                answers);
    }

    /** The weights of the blend, in a graph. */
    final OnnxMixture.Weights addWeightsTo(OnnxGraph graph) {
        return new OnnxMixture.Weights(
                hidden,
                OnnxWindow.constant(graph, motionWeight.getArray()),
                OnnxWindow.constant(graph, phaseWeight.getArray()),
                OnnxWindow.constant(graph, outWeight.getArray()),
                OnnxWindow.constant(graph, outBias.getArray()));
    }

    /** The last frames of the context, from 0 to 1. */
    static Value known(OnnxWindow window, int frames) {
        OnnxGraph graph = window.graph();
        return graph.divide(graph.add(window.last(frames), 1), graph.number(2));
    }

    /** One of the fields of flow that a graph is given. */
    static OnnxMotion motion(OnnxWindow window, int field) {
        OnnxGraph graph = window.graph();
        return new OnnxMotion(graph, window.shape(), graph.select(window.flows().orElseThrow(), 1, (long) field));
    }

    /** The motion ahead by a near flow and a steady one. */
    static OnnxMixture.Arriving arriving(OnnxMotion near, OnnxMotion steady, int[] steps) {
        var frames = new float[steps.length];
        var slowed = new float[steps.length];
        for (int i = 0; i < steps.length; i++) {
            frames[i] = steps[i];
            slowed[i] = MotionGrids.slowed(steps[i]);
        }
        return new OnnxMixture.Arriving(near.ahead(frames), steady.ahead(frames), steady.ahead(slowed));
    }

    /** Frames from 0 to 1 as a network's, from -1 to 1. */
    static Value inNetworksRange(OnnxGraph graph, Value frames) {
        return graph.add(graph.add(frames, frames), -1);
    }

    final int carried() {
        return carried;
    }

    /** The frame after a context. */
    @Override
    protected final NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> parameters) {
        return new NDList(forecast(store, inputs.get(0), 1, training));
    }
}
