package io.framecast.model;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.framecast.model.engine.VectorRegister;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A {@link UNet} and a 1x1 convolution of its features, for forecasts on the processor: the weights are taken over
 * once, as they are then, in the layout that the processor's library computes with, and the whole runs in one call; see
 * {@code packed-unet.torchscript}.
 */
final class PackedUNet implements AutoCloseable {
    private static final List<String> SCRIPTS =
            List.of("/model/packed-layers.torchscript", "/model/packed-unet.torchscript");

    /** PyTorch's number of float32, which the layers compute with. */
    private static final Map<String, Integer> FLOAT32 = Map.of("layer_type", 6);

    private final Torch torch;
    private final NDManager manager;
    private final NDList weights = new NDList();

    /**
     * A convolution to take over.
     *
     * @param kernel (F, C, K, K)
     * @param bias (F)
     * @param channels of each of the arrays that are joined for its input, C in all
     * @param stride 1 or 2
     * @param height of its input
     * @param width of its input
     */
    record Layer(NDArray kernel, NDArray bias, List<Integer> channels, int stride, int height, int width) {}

    /**
     * Takes over weights.
     *
     * @param manager which keeps them
     * @param layers as the script's {@code packed_unet} has them
     * @throws IllegalStateException if this engine lacks the operators
     * @throws EngineException if they do not work on this processor
     */
    PackedUNet(NDManager manager, List<Layer> layers) {
        torch = Torch.open(SCRIPTS, FLOAT32);
        this.manager = manager;
        var kernels = new ArrayList<NDArray>();
        var biases = new ArrayList<NDArray>();
        try {
            for (Layer layer : layers) {
                kernels.add(packed(layer));
                biases.add(filledBias(manager, layer.bias()));
            }
        } catch (EngineException e) {
            torch.close();
            throw e;
        }
        kernels.forEach(kernel -> kernel.setName("kernels[]"));
        biases.forEach(bias -> bias.setName("biases[]"));
        weights.addAll(kernels);
        weights.addAll(biases);
    }

    /**
     * Runs it.
     *
     * @param x (N, H, W, C), as {@link #input} makes it, of the height and width of the first layer
     * @return (N, H, W, F), F of the last layer, filled up to a multiple of {@link VectorRegister}
     */
    NDArray forward(NDArray x) {
        return torch.call("packed_unet", new NDList(x).addAll(weights));
    }

    @Override
    public void close() {
        torch.close();
    }

    private NDArray packed(Layer layer) {
        try (NDManager scratch = manager.newSubManager()) {
            NDArray filled = filledKernel(scratch, layer);
            NDArray like = scratch.zeros(new Shape(1, filled.getShape().get(1), layer.height(), layer.width()));
            NDArray packed = torch.call("pack_convolution_stride" + layer.stride(), like, filled);
            packed.attach(manager);
            return packed;
        }
    }

    /** The kernel of a layer, channels and filters filled up. */
    static NDArray filledKernel(NDManager manager, Layer layer) {
        Shape shape = layer.kernel().getShape();
        int filters = (int) shape.get(0);
        int channels = (int) shape.get(1);
        int size = (int) (shape.get(2) * shape.get(3));
        float[] values = layer.kernel().toFloatArray();
        int filledChannels =
                layer.channels().stream().mapToInt(PackedUNet::filled).sum();
        var filled = new float[filled(filters) * filledChannels * size];
        for (int filter = 0; filter < filters; filter++) {
            int from = 0;
            int to = 0;
            for (int joined : layer.channels()) {
                System.arraycopy(
                        values,
                        (filter * channels + from) * size,
                        filled,
                        (filter * filledChannels + to) * size,
                        joined * size);
                from += joined;
                to += filled(joined);
            }
        }
        return manager.create(filled, new Shape(filled(filters), filledChannels, shape.get(2), shape.get(3)));
    }

    /** A bias, filled up as the filters. */
    static NDArray filledBias(NDManager manager, NDArray bias) {
        float[] values = bias.toFloatArray();
        return manager.create(Arrays.copyOf(values, filled(values.length)));
    }

    /**
     * Pictures as the first layer reads them, the values of a pixel next to each other and filled up with zeros.
     *
     * @param count how many pictures, N
     * @param planes of one after the other
     * @return (N, H, W, C), C filled up
     */
    static NDArray input(NDManager manager, int count, List<float[]> planes, Planes size) {
        return LentFloats.pixels(manager, count, planes, size, filled(planes.size() / count));
    }

    /** Channels and filters are filled up with zeros, see {@link Torch#convolve}. */
    static int filled(int count) {
        int multiple = VectorRegister.floats();
        return (count + multiple - 1) / multiple * multiple;
    }
}
