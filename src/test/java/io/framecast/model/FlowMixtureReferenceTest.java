package io.framecast.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.training.ParameterStore;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * The shipped model's forecast of a made-up context against stored values, which its arithmetic gave before it was made
 * readable (commit 4a22893): a changed constant, on purpose or not, fails here.
 *
 * <p>New values, after a new model: {@code java -cp ... io.framecast.model.FlowMixtureReferenceTest}, in the
 * repository's root, writes them.
 */
class FlowMixtureReferenceTest {
    private static final String RESOURCE = "/model/flow-mixture.json";
    private static final int SIDE = 64;
    private static final int[] STEPS = {1, 8, 32};

    /**
     * Largest difference, in levels. The engine and OpenCV add up in another order on other processors; that changes
     * the values by less than a tenth of this.
     */
    private static final double TOLERANCE = 0.02;

    public static void main(String[] args) throws IOException {
        var text = new StringBuilder();
        for (float value : forecast()) {
            text.append(text.isEmpty() ? "[" : text.length() - text.lastIndexOf("\n") > 110 ? ",\n" : ", ")
                    .append(Math.round(value * 1000) / 1000.0);
        }
        Files.writeString(Path.of("src/test/resources" + RESOURCE), text + "]\n");
    }

    @Test
    void forecast_ofTheShippedModel_isTheStoredOne() throws IOException {
        double[] stored;
        try (InputStream in = Objects.requireNonNull(FlowMixtureReferenceTest.class.getResourceAsStream(RESOURCE))) {
            stored = new ObjectMapper().readValue(in, double[].class);
        }

        float[] forecast = forecast();

        assertThat(forecast).hasSize(stored.length);
        double largest = 0;
        for (int i = 0; i < stored.length; i++) {
            largest = Math.max(largest, Math.abs(forecast[i] - stored[i]));
        }
        assertThat(largest).as("largest difference in levels").isLessThan(TOLERANCE);
    }

    /** Every fourth row and column of each step, in levels. */
    private static float[] forecast() {
        var shape = new FrameShape(SIDE, SIDE, 3);
        try (var torch = Torch.open();
                var manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            FramePredictor network =
                    ModelFolder.find(Path.of("models"), "flow-mixture").load(torch, manager);
            NDArray context = FrameArrays.toArray(manager, List.of(context(shape)), shape);
            return network.forecast(new ParameterStore(manager, false), context, STEPS, false)
                    .get(new NDIndex("0, :, :, 2::4, 2::4"))
                    .add(1)
                    .mul(255 / 2f)
                    .toFloatArray();
        }
    }

    /**
     * From the left: a texture that stands still; one that flickers, so that the gate is open in part and caution holds
     * back; one that brightens and darkens; and over it all a square that moves right and slows down.
     */
    private static List<Pixels> context(FrameShape shape) {
        var frames = new ArrayList<Pixels>();
        for (int t = 0; t < FlowMixture.CONTEXT; t++) {
            var bytes = new byte[shape.bytes()];
            for (int i = 0; i < bytes.length; i++) {
                int colour = i % 3;
                int column = i / 3 % SIDE;
                int row = i / 3 / SIDE;
                int value = 60 + 20 * colour + (row * 7 + column * 11) % 31 + row / 2;
                if (column >= 16 && (row * 5 + column * 3 + t * 7) % 11 == 0) {
                    value += column / 8;
                }
                if (column >= 40) {
                    value += 2 * ((t * 3) % 8);
                }
                int left = 24 + 3 * t - t * t / 8;
                if (row >= 36 && row < 50 && column >= left && column < left + 12) {
                    value = 150 + 5 * ((row + column - left) % 7) + 20 * colour;
                }
                bytes[i] = (byte) value;
            }
            frames.add(Pixels.copyOf(bytes));
        }
        return frames;
    }
}
