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

    /** The frame after a context. */
    @Override
    protected final NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> parameters) {
        return new NDList(forecast(store, inputs.get(0), 1, training));
    }
}
