package io.framecast.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The forecast in Java's loops and packed convolutions against the one of the scripts. */
abstract class PreparedFlowTest {
    static final FrameShape SHAPE = new FrameShape(64, 64, 3);
    static final int HORIZON = 32;

    /** Of a million bytes, how many may differ, by one level: those whose value lies between two levels. */
    private static final int PER_MILLION = 200;

    final Torch torch = Torch.open();
    final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final String architecture;
    final FramePredictor shipped;

    /** @param architecture of a shipped model of that name */
    PreparedFlowTest(String architecture) {
        this.architecture = architecture;
        shipped = ModelFolder.find(Path.of("models"), architecture).load(torch, manager);
    }

    @AfterEach
    void close() {
        manager.close();
        torch.close();
    }

    /** A network of other sizes than the shipped one's. */
    final FramePredictor fresh(FrameShape shape, HyperParameters hyper) {
        manager.getEngine().setRandomSeed(1);
        FramePredictor network = Architecture.named(architecture).build(hyper, torch);
        network.initialize(manager, DataType.FLOAT32, new Shape(1, 1, shape.channels(), shape.height(), shape.width()));
        // As if it had been trained: fresh weights hardly have an opinion on shares and changes.
        network.getParameters().stream()
                .filter(entry ->
                        entry.getKey().contains("outWeight") || entry.getKey().contains("draw"))
                .forEach(entry -> entry.getValue().getArray().muli(manager.create(30f)));
        return network;
    }

    /** Textures that stand still, a square that moves over them, and noise on a part of the picture. */
    static List<Pixels> context(FrameShape shape, int seed, int length) {
        var random = new Random(seed);
        int speed = 1 + random.nextInt(3);
        int noise = random.nextInt(20);
        var frames = new ArrayList<Pixels>();
        for (int t = 0; t < length; t++) {
            var bytes = new byte[shape.bytes()];
            for (int i = 0; i < bytes.length; i++) {
                int column = i / 3 % shape.width();
                int row = i / 3 / shape.width();
                int value = 40 + 30 * (i % 3) + (row * 7 + column * 11 + seed) % 61;
                if (row < shape.height() / 2) {
                    value += random.nextInt(noise + 1);
                }
                int left = 2 + speed * t;
                if (row >= 5 && row < 5 + shape.height() / 2 && column >= left && column < left + shape.width() / 3) {
                    value = 130 + 9 * ((row + column - left) % 7) + 10 * (i % 3);
                }
                bytes[i] = (byte) value;
            }
            frames.add(Pixels.copyOf(bytes));
        }
        return frames;
    }

    final List<Pixels> prepared(FramePredictor network, FrameShape shape, List<Pixels> context) {
        try (NDManager scratch = manager.newSubManager()) {
            return network.prepared(manager, shape, HORIZON)
                    .orElseThrow()
                    .of(scratch, List.of(context))
                    .get(0);
        }
    }

    final List<List<Pixels>> scripted(FramePredictor network, FrameShape shape, List<List<Pixels>> contexts) {
        try (NDManager scratch = manager.newSubManager()) {
            NDArray frames = FrameArrays.toArray(scratch, contexts, shape);
            NDArray drawn = network.forecast(new ParameterStore(manager, false), frames, HORIZON, false);
            return FrameArrays.toPixels(drawn, shape);
        }
    }

    final void assertSame(FramePredictor network, FrameShape shape, List<Pixels> context) {
        List<Pixels> prepared = prepared(network, shape, context);
        List<Pixels> scripted = scripted(network, shape, List.of(context)).get(0);
        assertThat(prepared).hasSameSizeAs(scripted);
        int different = 0;
        int moved = 0;
        for (int step = 0; step < HORIZON; step++) {
            for (int i = 0; i < shape.bytes(); i++) {
                int difference =
                        Math.abs(prepared.get(step).at(i) - scripted.get(step).at(i));
                assertThat(difference).as("step %d, byte %d", step + 1, i).isLessThanOrEqualTo(1);
                different += difference;
                moved += scripted.get(step).at(i)
                                == context.get(context.size() - 1).at(i)
                        ? 0
                        : 1;
            }
        }
        assertThat(moved).as("bytes that are not just the last frame's").isPositive();
        assertThat(1e6 * different / (HORIZON * shape.bytes()))
                .as("bytes in a million that differ by a level")
                .isLessThan(PER_MILLION);
    }

    @Test
    void forecast_ofTheShippedModel_isTheScripts() {
        for (int seed = 0; seed < 4; seed++) {
            assertSame(shipped, SHAPE, context(SHAPE, seed, FlowMixture.CONTEXT));
        }
    }

    @Test
    void forecast_fromFewerAndFromMoreFrames_isTheScripts() {
        assertSame(shipped, SHAPE, context(SHAPE, 5, 3));
        assertSame(shipped, SHAPE, context(SHAPE, 6, FlowMixture.CONTEXT + 4));
    }

    @Test
    void forecast_ofAStillPicture_isThatPictureToTheBit() {
        List<Pixels> still =
                Collections.nCopies(FlowMixture.CONTEXT, context(SHAPE, 8, 1).get(0));

        assertThat(prepared(shipped, SHAPE, still)).containsOnly(still.get(0));
    }

    @Test
    void forecast_onSeveralThreadsAtOnce_isTheSameToTheBit() {
        PreparedForecast forecast = shipped.prepared(manager, SHAPE, HORIZON).orElseThrow();
        List<List<Pixels>> contexts = IntStream.range(0, 6)
                .mapToObj(seed -> context(SHAPE, seed, FlowMixture.CONTEXT))
                .toList();

        List<List<Pixels>> together = contexts.stream()
                .parallel()
                .map(context -> of(forecast, context))
                .toList();

        assertThat(together)
                .isEqualTo(
                        contexts.stream().map(context -> of(forecast, context)).toList());
    }

    private List<Pixels> of(PreparedForecast forecast, List<Pixels> context) {
        try (NDManager scratch = manager.newSubManager()) {
            return forecast.of(scratch, List.of(context)).get(0);
        }
    }
}
