package io.framecast.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The engine's convolutions, forward and gradients, against naive ones in float64, in memory that held NaN before: a
 * kernel that reads what it has not written gives itself away. Shapes are those of the shipped networks.
 */
class ConvolutionTest {
    private static final int BATCH = 2;

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

    @ParameterizedTest(name = "{0} channels, {1} filters, kernel {2}, stride {3}, side {4}")
    @CsvSource({
        "3, 5, 3, 1, 16", "45, 24, 3, 1, 32", "24, 24, 3, 1, 32", "24, 48, 3, 2, 32", "48, 72, 3, 2, 16",
        "72, 72, 3, 1, 16", "72, 96, 3, 2, 16", "168, 72, 3, 1, 16", "30, 48, 1, 1, 32", "28, 16, 1, 1, 16",
        "16, 12, 1, 1, 16", "3, 12, 3, 1, 16", "32, 12, 3, 1, 16", "6, 8, 3, 2, 7"
    })
    void convolve_inUsedMemory_isTheNaiveSum(int channels, int filters, int kernel, int stride, int side) {
        var geometry = new Geometry(channels, filters, kernel, stride, side, (side - 1) / stride + 1);
        try (var torch = Torch.open()) {
            NDArray x = random(BATCH, channels, side, side);
            NDArray weight = random(filters, channels, kernel, kernel);
            NDArray bias = random(filters);
            x.setRequiresGradient(true);
            weight.setRequiresGradient(true);
            NDArray pull = random(BATCH, filters, geometry.out, geometry.out);
            fillMemoryWithNaN();

            NDArray y;
            try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
                y = torch.convolve(x, weight, bias, stride);
                collector.backward(y.mul(pull).sum());
            }

            var naive = new Naive(geometry, x.toFloatArray(), weight.toFloatArray(), pull.toFloatArray());
            assertThat(y.getShape()).isEqualTo(pull.getShape());
            assertClose(y.toFloatArray(), naive.y(bias.toFloatArray()));
            assertClose(weight.getGradient().toFloatArray(), naive.weightGradient);
            assertClose(x.getGradient().toFloatArray(), naive.inputGradient);
        } finally {
            manager.close();
        }
    }

    /** A deconvolution is the gradient of a convolution with the same kernels. */
    @ParameterizedTest(name = "{0} channels, {1} filters, stride {2}, side {3}")
    @CsvSource({"64, 48, 1, 8", "48, 24, 2, 8", "24, 3, 1, 32", "32, 3, 1, 16", "20, 20, 2, 16"})
    void deconvolve_inUsedMemory_isTheGradientOfAConvolution(int channels, int filters, int stride, int side) {
        var geometry = new Geometry(/* channels= */ filters, /* filters= */ channels, 3, stride, stride * side, side);
        try (var torch = Torch.open()) {
            NDArray x = random(BATCH, channels, side, side);
            NDArray weight = random(channels, filters, 3, 3);
            fillMemoryWithNaN();

            NDArray y = torch.deconvolve(x, weight, manager.zeros(new Shape(filters)), stride);

            var unused = new float[BATCH * filters * geometry.side * geometry.side];
            var naive = new Naive(geometry, unused, weight.toFloatArray(), x.toFloatArray());
            assertClose(y.toFloatArray(), naive.inputGradient);
        } finally {
            manager.close();
        }
    }

    private NDArray random(long... shape) {
        return manager.randomUniform(-1, 1, new Shape(shape));
    }

    /** Takes arrays of all sizes, writes NaN and gives them back, so that the engine gets that memory next. */
    private void fillMemoryWithNaN() {
        try (NDManager scratch = manager.newSubManager()) {
            for (int i = 0; i < 200; i++) {
                scratch.full(new Shape(1000 + 3000L * i), Float.NaN);
            }
        }
    }

    /** The sizes of a convolution; {@code out} is the side of what it gives. */
    private record Geometry(int channels, int filters, int kernel, int stride, int side, int out) {}

    /** What a convolution gives, and the gradients of its product with {@code pull}. */
    private static final class Naive {
        private final Geometry geometry;
        private final double[] products;
        private final double[] weightGradient;
        private final double[] inputGradient;

        Naive(Geometry geometry, float[] x, float[] weight, float[] pull) {
            this.geometry = geometry;
            products = new double[pull.length];
            weightGradient = new double[weight.length];
            inputGradient = new double[x.length];
            int kernel = geometry.kernel;
            for (int at = 0; at < pull.length; at++) {
                int column = at % geometry.out * geometry.stride - kernel / 2;
                int row = at / geometry.out % geometry.out * geometry.stride - kernel / 2;
                int filter = at / (geometry.out * geometry.out) % geometry.filters;
                int picture = at / (geometry.out * geometry.out * geometry.filters);
                for (int tap = 0; tap < geometry.channels * kernel * kernel; tap++) {
                    int r = row + tap / kernel % kernel;
                    int c = column + tap % kernel;
                    if (r >= 0 && r < geometry.side && c >= 0 && c < geometry.side) {
                        int channel = tap / (kernel * kernel);
                        int from = ((picture * geometry.channels + channel) * geometry.side + r) * geometry.side + c;
                        int by = filter * geometry.channels * kernel * kernel + tap;
                        products[at] += (double) x[from] * weight[by];
                        weightGradient[by] += (double) x[from] * pull[at];
                        inputGradient[from] += (double) weight[by] * pull[at];
                    }
                }
            }
        }

        double[] y(float[] bias) {
            double[] y = products.clone();
            for (int at = 0; at < y.length; at++) {
                y[at] += bias[at / (geometry.out * geometry.out) % geometry.filters];
            }
            return y;
        }
    }

    private static void assertClose(float[] actual, double[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double error = 0;
        double size = 0;
        for (int i = 0; i < expected.length; i++) {
            error += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            size += expected[i] * expected[i];
        }
        assertThat(Math.sqrt(error / size)).as("relative error").isLessThan(1e-5);
    }
}
