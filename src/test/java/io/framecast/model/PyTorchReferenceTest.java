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
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cell and the deconvolution against stored values of PyTorch; {@code reference.py} beside them made those. */
class PyTorchReferenceTest {
    private static final int HIDDEN = 3;

    @Test
    void cell_forwardAndGradients_areThoseOfPyTorch() throws IOException {
        JsonNode expected = reference("cell");
        try (var torch = Torch.open();
                var manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            var cell = new ConvLstmCell(torch, HIDDEN, 3);
            var tensorShape = new Shape(2, 3, 2, 4, 4);
            cell.initialize(manager, DataType.FLOAT32, tensorShape);
            var phases = Map.of(
                    "peepInput", 1,
                    "peepForget", 2,
                    "peepOutput", 3,
                    "01inputToGates_weight", 4,
                    "01inputToGates_bias", 5,
                    "02hiddenToGates_weight", 6);
            cell.getParameters().forEach(entry -> {
                NDArray array = entry.getValue().getArray();
                wave(manager, array.getShape(), Objects.requireNonNull(phases.get(entry.getKey()), entry.getKey()))
                        .copyTo(array);
                array.setRequiresGradient(true);
            });
            NDArray frames = wave(manager, tensorShape, 7);
            frames.setRequiresGradient(true);
            var state = new Shape(2, HIDDEN, 4, 4);
            float[] output;
            try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
                NDArray out = cell.forward(
                                new ParameterStore(manager, false),
                                new NDList(frames, manager.zeros(state), manager.zeros(state)),
                                true)
                        .get(0);
                collector.backward(out.mul(wave(manager, out.getShape(), 8)).sum());
                output = out.toFloatArray();
            }
            assertClose(output, expected.get("output"));
            JsonNode gradients = expected.get("gradients");
            assertClose(frames.getGradient().toFloatArray(), gradients.get("frames"));
            var names = Map.of(
                    "01inputToGates_weight", "inputWeight",
                    "01inputToGates_bias", "inputBias",
                    "02hiddenToGates_weight", "hiddenWeight");
            cell.getParameters()
                    .forEach(entry -> assertClose(
                            entry.getValue().getArray().getGradient().toFloatArray(),
                            gradients.get(names.getOrDefault(entry.getKey(), entry.getKey()))));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void deconvolution_forwardAndGradients_areThoseOfPyTorch(int stride) throws IOException {
        JsonNode expected = reference("deconvolution" + stride);
        try (var torch = Torch.open();
                var manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            NDArray x = wave(manager, new Shape(2, 3, 5, 5), 1);
            NDArray weight = wave(manager, new Shape(3, 2, 3, 3), 2);
            NDArray bias = wave(manager, new Shape(2), 3);
            for (NDArray array : new NDArray[] {x, weight, bias}) {
                array.setRequiresGradient(true);
            }
            float[] output;
            try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
                NDArray out = torch.deconvolve(x, weight, bias, stride);
                collector.backward(out.mul(wave(manager, out.getShape(), 4)).sum());
                output = out.toFloatArray();
            }
            assertClose(output, expected.get("output"));
            JsonNode gradients = expected.get("gradients");
            assertClose(x.getGradient().toFloatArray(), gradients.get("x"));
            assertClose(weight.getGradient().toFloatArray(), gradients.get("weight"));
            assertClose(bias.getGradient().toFloatArray(), gradients.get("bias"));
        }
    }

    private static JsonNode reference(String part) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(PyTorchReferenceTest.class.getResourceAsStream("/model/reference.json"))) {
            return new ObjectMapper().readTree(in).get(part);
        }
    }

    private static NDArray wave(NDManager manager, Shape shape, int phase) {
        var values = new float[(int) shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.5 * Math.sin(i * 0.7 + phase));
        }
        return manager.create(values, shape);
    }

    private static void assertClose(float[] actual, JsonNode expected) {
        assertThat(actual).hasSize(expected.size());
        double error = 0;
        double size = 0;
        for (int i = 0; i < actual.length; i++) {
            double wanted = expected.get(i).asDouble();
            error += (actual[i] - wanted) * (actual[i] - wanted);
            size += wanted * wanted;
        }
        assertThat(Math.sqrt(error / size)).as("relative error").isLessThan(1e-5);
    }
}
