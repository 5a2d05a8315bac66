package io.framecast.model;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;

/**
 * A {@link LstmUNet} and a 1x1 convolution of its picture's features, for forecasts on the processor: the weights are
 * taken over once, as they are then, in the layout that the processor's library computes with, and the whole runs in
 * one call; see {@code packed-lstm.torchscript}.
 */
final class PackedLstmUNet implements AutoCloseable {
    private static final List<String> SCRIPTS =
            List.of("/model/packed-layers.torchscript", "/model/packed-lstm.torchscript");

    /** PyTorch's number of float32, which the layers compute with. */
    private static final Map<String, Integer> FLOAT32 = Map.of("layer_type", 6);

    private static final int GATES = 4;

    private final Torch torch;
    private final NDArray recurrent;
    private final NDList kernels;
    private final NDList biases;

    private PackedLstmUNet(Torch torch, NDArray recurrent, NDList kernels, NDList biases) {
        this.torch = torch;
        this.recurrent = recurrent;
        this.kernels = kernels;
        this.biases = biases;
    }

    /**
     * Runs it, on pictures that {@link PackedUNet#input} makes.
     *
     * @param evidence (1, H, W, E)
     * @param trust (1, h, w, S)
     * @param frames (T, H, W, 12)
     * @param times (N, J), of which only J counts
     * @return (H W D + J H W G): features of each pixel of the picture, then of each moment, D and G filled up
     */
    NDArray forward(NDArray evidence, NDArray trust, NDArray frames, NDArray times) {
        return torch.call(
                "packed_lstm",
                new NDList(evidence, trust, frames, times, recurrent)
                        .addAll(kernels)
                        .addAll(biases));
    }

    @Override
    public void close() {
        torch.close();
    }

    /**
     * Takes over one layer after the other, in the order in which the script has them. Its methods throw
     * {@link EngineException} where the operators do not work on this processor.
     */
    static final class Builder implements AutoCloseable {
        private final Torch torch = Torch.open(SCRIPTS, FLOAT32);
        private final NDManager manager;
        private final int memory;
        private final NDList kernels = new NDList();
        private final NDList biases = new NDList();
        private NDArray recurrent;

        /**
         * Begins.
         *
         * @param manager which keeps the weights
         * @param memory channels of the ConvLSTM
         */
        Builder(NDManager manager, int memory) {
            this.manager = manager;
            this.memory = memory;
            recurrent = manager.create(0f);
        }

        /**
         * A layer.
         *
         * @param channels of each of the arrays that are joined for its input
         * @param pictures how many it reads at once
         * @param height of its input
         * @param width of its input
         */
        void convolution(Conv2d layer, List<Integer> channels, int pictures, int height, int width) {
            layer(layer.weight(), layer.bias(), channels, layer.stride(), pictures, height, width);
        }

        /** A layer that gives the gates of some pictures. */
        void gates(Conv2d layer, int channels, int pictures, int height, int width) {
            try (NDManager scratch = manager.newSubManager()) {
                layer(
                        gateByGate(scratch, layer.weight()),
                        biasWithOpenMemory(scratch, layer.bias()),
                        List.of(channels),
                        1,
                        pictures,
                        height,
                        width);
            }
        }

        /** The layer from the hidden state to the gates. */
        void recurrent(Conv2d layer, int height, int width) {
            try (NDManager scratch = manager.newSubManager()) {
                NDArray weight = gateByGate(scratch, layer.weight());
                recurrent = packed(new PackedUNet.Layer(weight, layer.bias(), List.of(memory), 1, height, width), 1);
            }
        }

        /** A deconvolution of all moments. */
        void deconvolution(Deconv2d layer, int height, int width) {
            try (NDManager scratch = manager.newSubManager()) {
                int filters = (int) layer.weight().getShape().get(1);
                // Filled up as a convolution's, which has filters and channels the other way round.
                NDArray filled = PackedUNet.filledKernel(
                        scratch,
                        new PackedUNet.Layer(
                                layer.weight(), layer.bias(), List.of(filters), layer.stride(), height, width));
                var like = new Shape(FlowLstm.MOMENTS, filled.getShape().get(0), height, width);
                keep(
                        torch.call("pack_deconvolution_stride" + layer.stride(), scratch.zeros(like), filled),
                        layer.bias());
            }
        }

        /** A layer of these weights. */
        void layer(
                NDArray weight, NDArray bias, List<Integer> channels, int stride, int pictures, int height, int width) {
            keep(packed(new PackedUNet.Layer(weight, bias, channels, stride, height, width), pictures), bias);
        }

        private void keep(NDArray kernel, NDArray bias) {
            kernel.attach(manager);
            kernel.setName("kernels[]");
            kernels.add(kernel);
            NDArray filled = PackedUNet.filledBias(manager, bias);
            filled.attach(manager);
            filled.setName("biases[]");
            biases.add(filled);
        }

        private NDArray packed(PackedUNet.Layer layer, int pictures) {
            try (NDManager scratch = manager.newSubManager()) {
                NDArray filled = PackedUNet.filledKernel(scratch, layer);
                NDArray like =
                        scratch.zeros(new Shape(pictures, filled.getShape().get(1), layer.height(), layer.width()));
                NDArray packed = torch.call("pack_convolution_stride" + layer.stride(), like, filled);
                packed.attach(manager);
                return packed;
            }
        }

        /** The bias gate by gate, and the 1 that keeps memory open in it. */
        private NDArray biasWithOpenMemory(NDManager scratch, NDArray bias) {
            float[] values = gateByGate(scratch, bias).toFloatArray(); // of write, forget, show and value
            int forget = PackedUNet.filled(memory);
            for (int channel = forget; channel < forget + memory; channel++) {
                values[channel]++;
            }
            return scratch.create(values);
        }

        /** Weights or bias whose filters are gates, those of each gate filled up by themselves: zeros stay zeros. */
        private NDArray gateByGate(NDManager scratch, NDArray weights) {
            Shape shape = weights.getShape();
            int size = (int) (shape.size() / shape.get(0));
            int filled = PackedUNet.filled(memory);
            float[] values = weights.toFloatArray();
            var spread = new float[GATES * filled * size];
            for (int gate = 0; gate < GATES; gate++) {
                System.arraycopy(values, gate * memory * size, spread, gate * filled * size, memory * size);
            }
            return scratch.create(spread, new Shape((long) GATES * filled).addAll(shape.slice(1)));
        }

        /** The network, which closes what this has opened. */
        PackedLstmUNet build() {
            return new PackedLstmUNet(torch, recurrent, kernels, biases);
        }

        /** Gives up, where nothing was built. */
        @Override
        public void close() {
            torch.close();
        }
    }
}
