package io.framecast.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The cell against its equations written out in float64, forward, and its gradient against differences of those. */
class ConvLstmCellTest {
    private static final int STEPS = 3;
    private static final int CHANNELS = 2;
    private static final int HIDDEN = 3;
    private static final int SIDE = 4;

    private final Torch torch = Torch.open();

    @AfterEach
    void close() {
        torch.close();
    }

    @Test
    void forward_isEquationThreeOfShi() {
        try (var manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            ConvLstmCell cell = cell(manager);
            NDArray frames = manager.randomUniform(-1, 1, new Shape(1, STEPS, CHANNELS, SIDE, SIDE));
            NDList out = run(cell, manager, frames);
            double[][] expected = naive(parameters(cell), toDouble(frames.toFloatArray()));
            for (int step = 0; step < STEPS; step++) {
                assertClose(out.get(0).get(0).get(step).toFloatArray(), expected[step]);
            }
            assertClose(out.get(1).toFloatArray(), expected[STEPS - 1]);
        }
    }

    @Test
    void forward_ofSeveralWindowsInTwoParts_isThatOfEachAlone() {
        try (var manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            ConvLstmCell cell = cell(manager);
            NDArray frames = manager.randomUniform(-1, 1, new Shape(2, STEPS, CHANNELS, SIDE, SIDE));
            NDList first = run(cell, manager, frames.get(":, :1"));
            NDList rest = cell.forward(
                    new ParameterStore(manager, false),
                    new NDList(frames.get(":, 1:"), first.get(1), first.get(2)),
                    true);
            for (int window = 0; window < 2; window++) {
                double[][] expected =
                        naive(parameters(cell), toDouble(frames.get(window).toFloatArray()));
                assertClose(first.get(0).get(window).get(0).toFloatArray(), expected[0]);
                for (int step = 1; step < STEPS; step++) {
                    assertClose(rest.get(0).get(window).get(step - 1).toFloatArray(), expected[step]);
                }
                assertClose(rest.get(1).get(window).toFloatArray(), expected[STEPS - 1]);
            }
        }
    }

    @Test
    void gradients_areTheDifferencesOfTheEquations() {
        try (var manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            ConvLstmCell cell = cell(manager);
            NDArray frames = manager.randomUniform(-1, 1, new Shape(1, STEPS, CHANNELS, SIDE, SIDE));
            cell.getParameters().forEach(entry -> entry.getValue().getArray().setRequiresGradient(true));
            try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
                collector.backward(run(cell, manager, frames).get(1).sum());
            }
            Map<String, double[]> parameters = parameters(cell);
            double[] x = toDouble(frames.toFloatArray());
            cell.getParameters().forEach(entry -> {
                float[] gradient = entry.getValue().getArray().getGradient().toFloatArray();
                assertClose(gradient, differences(parameters, entry.getKey(), x));
            });
        }
    }

    private static double[] differences(Map<String, double[]> parameters, String name, double[] frames) {
        double[] values = get(parameters, name);
        var slopes = new double[values.length];
        double step = 1e-5;
        for (int i = 0; i < values.length; i++) {
            double kept = values[i];
            values[i] = kept + step;
            double above = sum(naive(parameters, frames)[STEPS - 1]);
            values[i] = kept - step;
            double below = sum(naive(parameters, frames)[STEPS - 1]);
            values[i] = kept;
            slopes[i] = (above - below) / (2 * step);
        }
        return slopes;
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    private ConvLstmCell cell(NDManager manager) {
        var cell = new ConvLstmCell(torch, HIDDEN, 3);
        cell.initialize(manager, DataType.FLOAT32, new Shape(1, STEPS, CHANNELS, SIDE, SIDE));
        cell.getParameters().forEach(entry -> {
            NDArray array = entry.getValue().getArray();
            manager.randomUniform(-0.5f, 0.5f, array.getShape()).copyTo(array);
        });
        return cell;
    }

    private static NDList run(ConvLstmCell cell, NDManager manager, NDArray frames) {
        var state = new Shape(frames.getShape().get(0), HIDDEN, SIDE, SIDE);
        var inputs = new NDList(frames, manager.zeros(state), manager.zeros(state));
        return cell.forward(new ParameterStore(manager, false), inputs, true);
    }

    private static Map<String, double[]> parameters(ConvLstmCell cell) {
        var parameters = new HashMap<String, double[]>();
        cell.getParameters()
                .forEach(entry -> parameters.put(
                        entry.getKey(), toDouble(entry.getValue().getArray().toFloatArray())));
        return parameters;
    }

    /** Hidden state after each step, (HIDDEN, SIDE, SIDE), by the equations in the cell's documentation. */
    private static double[][] naive(Map<String, double[]> p, double[] frames) {
        int area = SIDE * SIDE;
        var hidden = new double[HIDDEN * area];
        var memory = new double[HIDDEN * area];
        var all = new double[STEPS][];
        for (int step = 0; step < STEPS; step++) {
            var x = new double[CHANNELS * area];
            System.arraycopy(frames, step * x.length, x, 0, x.length);
            double[] gates = convolve(x, CHANNELS, get(p, "01inputToGates_weight"));
            double[] fromHidden = convolve(hidden, HIDDEN, get(p, "02hiddenToGates_weight"));
            double[] bias = get(p, "01inputToGates_bias");
            var next = new double[HIDDEN * area];
            for (int i = 0; i < HIDDEN * area; i++) {
                double[] g = new double[4];
                for (int gate = 0; gate < 4; gate++) {
                    int at = gate * HIDDEN * area + i;
                    g[gate] = gates[at] + fromHidden[at] + bias[gate * HIDDEN + i / area];
                }
                double input = sigmoid(g[0] + get(p, "peepInput")[i] * memory[i]);
                double forget = sigmoid(g[1] + get(p, "peepForget")[i] * memory[i] + 1);
                memory[i] = forget * memory[i] + input * Math.tanh(g[2]);
                next[i] = sigmoid(g[3] + get(p, "peepOutput")[i] * memory[i]) * Math.tanh(memory[i]);
            }
            hidden = next;
            all[step] = hidden;
        }
        return all;
    }

    /** 3x3 convolution with padding 1 and no bias, to 4 x HIDDEN channels. */
    private static double[] convolve(double[] x, int channels, double[] weight) {
        int area = SIDE * SIDE;
        var y = new double[4 * HIDDEN * area];
        for (int target = 0; target < y.length; target++) {
            int row = target % area / SIDE;
            int column = target % SIDE;
            for (int tap = 0; tap < channels * 9; tap++) {
                int fromRow = row + tap % 9 / 3 - 1;
                int fromColumn = column + tap % 3 - 1;
                if (fromRow >= 0 && fromRow < SIDE && fromColumn >= 0 && fromColumn < SIDE) {
                    y[target] += x[tap / 9 * area + fromRow * SIDE + fromColumn]
                            * weight[target / area * channels * 9 + tap];
                }
            }
        }
        return y;
    }

    private static double[] get(Map<String, double[]> parameters, String name) {
        return Objects.requireNonNull(parameters.get(name), name);
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static double[] toDouble(float[] values) {
        var wide = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    private static void assertClose(float[] actual, double[] expected) {
        double error = 0;
        double size = 1e-12;
        for (int i = 0; i < expected.length; i++) {
            error += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            size += expected[i] * expected[i];
        }
        assertThat(actual).hasSameSizeAs(expected);
        assertThat(Math.sqrt(error / size)).as("relative error").isLessThan(1e-4);
    }
}
