package io.framecast.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine's deconvolution against a naive one in float64, forward and gradient. */
class DeconvolutionTest {
    private static final int IN = 3;
    private static final int OUT = 2;
    private static final int SIDE = 5;

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void deconvolve_isTheNaiveSum(int stride) {
        try (var torch = Torch.open();
                var manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            NDArray x = manager.randomUniform(-1, 1, new Shape(1, IN, SIDE, SIDE));
            NDArray weight = manager.randomUniform(-1, 1, new Shape(IN, OUT, 3, 3));
            NDArray bias = manager.randomUniform(-1, 1, new Shape(OUT));
            NDArray y = torch.deconvolve(x, weight, bias, stride);
            assertThat(y.getShape()).isEqualTo(new Shape(1, OUT, (long) stride * SIDE, (long) stride * SIDE));
            double[] expected = naive(x.toFloatArray(), weight.toFloatArray(), bias.toFloatArray(), stride);
            assertClose(y.toFloatArray(), expected);
        }
    }

    /**
     * The sum of a deconvolution is linear in the weight, so its gradient there is the sum of the inputs that each tap
     * carries to a place inside the output.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void gradient_ofTheWeight_isTheNaiveSum(int stride) {
        try (var torch = Torch.open();
                var manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            NDArray x = manager.randomUniform(-1, 1, new Shape(1, IN, SIDE, SIDE));
            NDArray weight = manager.randomUniform(-1, 1, new Shape(IN, OUT, 3, 3));
            NDArray bias = manager.zeros(new Shape(OUT));
            weight.setRequiresGradient(true);
            try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
                collector.backward(torch.deconvolve(x, weight, bias, stride).sum());
            }
            assertClose(weight.getGradient().toFloatArray(), naiveGradient(x.toFloatArray(), stride));
        }
    }

    private static double[] naive(float[] x, float[] weight, float[] bias, int stride) {
        int side = stride * SIDE;
        var y = new double[OUT * side * side];
        for (int out = 0; out < OUT; out++) {
            Arrays.fill(y, out * side * side, (out + 1) * side * side, bias[out]);
        }
        forEachTap(
                stride,
                (in, out, row, column, tap, target) -> y[target] +=
                        (double) x[(in * SIDE + row) * SIDE + column] * weight[(in * OUT + out) * 9 + tap]);
        return y;
    }

    private static double[] naiveGradient(float[] x, int stride) {
        var gradient = new double[IN * OUT * 9];
        forEachTap(
                stride,
                (in, out, row, column, tap, target) ->
                        gradient[(in * OUT + out) * 9 + tap] += x[(in * SIDE + row) * SIDE + column]);
        return gradient;
    }

    private interface Tap {
        void at(int in, int out, int row, int column, int tap, int target);
    }

    /**
     * Input pixel (row, column) reaches output pixel (stride row + tap row - 1, ...) for each tap of the 3x3 kernel.
     */
    private static void forEachTap(int stride, Tap action) {
        int side = stride * SIDE;
        for (int in = 0; in < IN; in++) {
            for (int out = 0; out < OUT; out++) {
                for (int place = 0; place < SIDE * SIDE * 9; place++) {
                    int tap = place % 9;
                    int row = place / 9 / SIDE;
                    int column = place / 9 % SIDE;
                    int y = stride * row + tap / 3 - 1;
                    int x = stride * column + tap % 3 - 1;
                    if (y >= 0 && y < side && x >= 0 && x < side) {
                        action.at(in, out, row, column, tap, (out * side + y) * side + x);
                    }
                }
            }
        }
    }

    private static void assertClose(float[] actual, double[] expected) {
        double error = 0;
        double size = 0;
        for (int i = 0; i < expected.length; i++) {
            error += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            size += expected[i] * expected[i];
        }
        assertThat(actual).hasSameSizeAs(expected);
        assertThat(Math.sqrt(error / size)).as("relative error").isLessThan(1e-5);
    }
}
