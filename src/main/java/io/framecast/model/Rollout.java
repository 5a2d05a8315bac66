package io.framecast.model;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * A recurrent network's whole forecast as one call of the engine, whose loop over time is TorchScript
 * ({@code rollout.torchscript}): the same frames as {@link RecurrentPredictor#forecast}, but for rounding, in a
 * fraction of the time. All frames of the context go through the first layers together, nothing is drawn of it before
 * its end, and on a processor each layer's weights are reordered once, to what the layer's kernel reads
 * ({@code packed-layers.torchscript}). It knows no gradient. For use by any number of threads at once.
 */
final class Rollout implements AutoCloseable {
    private static final String LOOP = "/model/rollout.torchscript";
    private static final List<String> PACKED = List.of("/model/packed-layers.torchscript", LOOP);
    private static final List<String> PLAIN = List.of("/model/plain-layers.torchscript", LOOP);

    private final Torch torch;
    private final NDManager manager;
    private final String method;
    private final NDList layers;

    private Rollout(Torch torch, NDManager manager, String method, NDList layers) {
        this.torch = torch;
        this.manager = manager;
        this.method = method;
        this.layers = layers;
    }

    /**
     * Makes a network's rollout; nothing if this engine lacks the operators, or one does not take such numbers.
     *
     * @param network with its weights, which are copied
     * @param picture a frame (C, H, W)
     * @param type float32 or bfloat16
     */
    static Optional<Rollout> of(RecurrentPredictor network, NDManager manager, Shape picture, DataType type) {
        NDManager own = manager.newSubManager();
        Torch torch = null;
        try {
            torch = Torch.open(manager.getDevice().isGpu() ? PLAIN : PACKED, Map.of("layer_type", scalarType(type)));
            var builder = new Builder(torch, own);
            network.addTo(builder, picture);
            return Optional.of(new Rollout(torch, own, builder.method, builder.layers));
        } catch (IllegalStateException | EngineException e) { // the engine's
            LoggerFactory.getLogger(Rollout.class).debug("no rollout in {}", type, e);
            own.close();
            if (torch != null) {
                torch.close();
            }
            return Optional.empty();
        }
    }

    /** PyTorch's number of a type. DJL cannot make arrays of bfloat16, so the script does. */
    private static int scalarType(DataType type) {
        return switch (type) {
            case FLOAT32 -> 6;
            case BFLOAT16 -> 15;
            default -> throw new IllegalArgumentException("no layers of " + type);
        };
    }

    /**
     * Forecasts.
     *
     * @param context real frames (B, K, C, H, W), K at least 1, in [-1, 1]
     * @param horizon how many frames to forecast, at least 1
     * @return (B, horizon, C, H, W)
     */
    NDArray forecast(NDArray context, int horizon) {
        try (NDArray steps = context.getManager().create(horizon)) {
            return torch.call(method, new NDList(context, steps).addAll(layers));
        }
    }

    @Override
    public void close() {
        manager.close();
        torch.close();
    }

    /** Takes a network's layers, in the order in which the rollout's method has them as parameters. */
    static final class Builder {
        private final Torch torch;
        private final NDManager manager;
        private final NDList layers = new NDList();
        private String method = "";

        private Builder(Torch torch, NDManager manager) {
            this.torch = torch;
            this.manager = manager;
        }

        /** The method of {@code rollout.torchscript}. */
        void method(String name) {
            method = name;
        }

        /** A parameter that is 1 or 0. */
        void flag(boolean value) {
            layers.add(manager.create(value ? 1 : 0));
        }

        /**
         * Adds the weights and bias of a convolution to a list.
         *
         * @param weight (F, C, K, K)
         * @param bias (F)
         * @param picture one of its input (C, H, W)
         * @return one of its output (F, H / stride, W / stride)
         */
        Shape convolution(String list, NDArray weight, NDArray bias, int stride, Shape picture) {
            weights(list, weight, stride, picture);
            pack(list, "pack_bias", bias);
            return new Shape(weight.getShape().get(0), picture.get(1) / stride, picture.get(2) / stride);
        }

        /** Adds the weights of a convolution without a bias, as {@link #convolution}. */
        void weights(String list, NDArray weight, int stride, Shape picture) {
            pack(list, "pack_convolution_stride" + stride, weight, picture);
        }

        /**
         * Adds the weights and bias of a 3x3 deconvolution to a list.
         *
         * @param weight (C, F, 3, 3)
         * @param bias (F)
         * @param picture one of its input (C, H, W)
         * @return one of its output (F, stride H, stride W)
         */
        Shape deconvolution(String list, NDArray weight, NDArray bias, int stride, Shape picture) {
            pack(list, "pack_deconvolution_stride" + stride, weight, picture);
            pack(list, "pack_bias", bias);
            return new Shape(weight.getShape().get(1), picture.get(1) * stride, picture.get(2) * stride);
        }

        /** Adds a cell's weights by filter and place (F, H, W) to a list; they stay in float32. */
        void peephole(String list, NDArray weight) {
            pack(list, "pack_peephole", weight);
        }

        private void pack(String list, String packer, NDArray weight, Shape picture) {
            try (NDArray like = manager.zeros(new Shape(1).addAll(picture));
                    NDArray copy = copy(weight)) {
                add(list, torch.call(packer, like, copy));
            }
        }

        private void pack(String list, String packer, NDArray weight) {
            try (NDArray copy = copy(weight)) {
                add(list, torch.call(packer, copy));
            }
        }

        /** On this builder's manager, to which what is made of it then goes. */
        private NDArray copy(NDArray array) {
            NDArray copy = array.duplicate();
            copy.attach(manager);
            return copy;
        }

        private void add(String list, NDArray array) {
            array.setName(list + "[]"); // by which DJL makes one argument of them
            layers.add(array);
        }
    }
}
