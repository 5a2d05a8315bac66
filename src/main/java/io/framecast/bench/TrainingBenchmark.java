package io.framecast.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.framecast.data.BouncingShapes;
import io.framecast.data.SyntheticSet;
import io.framecast.data.TrainingSet;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.model.ModelDescription;
import io.framecast.model.engine.ComputeDevice;
import io.framecast.train.BatchLoader;
import io.framecast.train.Trainer;
import io.framecast.train.TrainingConfig;
import io.framecast.train.TrainingKeys;
import io.framecast.train.WindowSampler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** How fast networks train teacher-forced, next to the machine's matrix product, and whether memory stays flat. */
public final class TrainingBenchmark {
    private static final int SIDE = 2048;
    private static final int PRODUCTS = 5;
    private static final int WARM_UP = 2;
    private static final Path STATUS = Path.of("/proc/self/status");

    private final Device device;
    private final int steps;
    private final int batch;

    /**
     * What is found of a network.
     *
     * @param framesPerSecond frames learnt from a second
     * @param share of the time spent waiting for data
     * @param firstMebibytes resident memory after a tenth of the steps, if this machine tells
     * @param lastMebibytes at the end
     */
    public record Row(
            String network,
            double framesPerSecond,
            double share,
            OptionalLong firstMebibytes,
            OptionalLong lastMebibytes) {}

    /** @param steps of each network, at least 10 */
    public TrainingBenchmark(ComputeDevice device, int steps, int batch) {
        this.device = device.device();
        this.steps = steps;
        this.batch = batch;
    }

    /** Billions of multiplications and additions a second of a 2048x2048 float32 product: the best of some. */
    public double product() {
        double best = 0;
        try (var manager = NDManager.newBaseManager(device, "PyTorch")) {
            NDArray a = manager.randomUniform(-1, 1, new Shape(SIDE, SIDE));
            NDArray b = manager.randomUniform(-1, 1, new Shape(SIDE, SIDE));
            for (int i = 0; i < PRODUCTS; i++) {
                long started = System.nanoTime();
                try (NDArray c = a.matMul(b);
                        NDArray sum = c.sum()) {
                    sum.getFloat(); // waits for the device
                }
                best = Math.max(best, 2.0 * SIDE * SIDE * SIDE / (System.nanoTime() - started));
            }
        }
        return best;
    }

    /** Measures networks, B windows of 32 frames and the one after them a step. */
    public void run(Map<String, Map<String, Object>> networks, Consumer<Row> found) {
        networks.forEach((name, hyperParameters) -> found.accept(run(name, hyperParameters)));
    }

    private Row run(String name, Map<String, Object> hyperParameters) {
        String architecture = name.replaceFirst(" .*", "");
        TrainingConfig config = TrainingConfig.of(Map.of(
                TrainingKeys.RECIPE,
                "teacher-forced",
                TrainingKeys.ARCHITECTURE,
                architecture,
                TrainingKeys.HYPER_PARAMETERS,
                hyperParameters,
                "sampling.batch",
                batch,
                "schedule.steps",
                steps));
        FrameShape shape = FrameShape.STANDARD;
        List<TrainingSet> shapes = List.of(
                new BouncingShapes("shapes", shape, new SyntheticSet.Settings(1, 33, 1, SyntheticSet.Part.TRAIN)));
        var sampler = new WindowSampler(shapes, shape, config);
        try (var trainer = new Trainer(config, description(config, shape), shape, device);
                var loader = new BatchLoader<List<List<Pixels>>>(sampler::windows, 0)) {
            return measure(name, trainer, loader);
        }
    }

    private Row measure(String name, Trainer trainer, BatchLoader<List<List<Pixels>>> loader) {
        for (int i = 0; i < WARM_UP; i++) {
            trainer.advance(loader.take());
        }
        long started = System.nanoTime();
        double waitedBefore = loader.secondsWaited();
        OptionalLong first = OptionalLong.empty();
        for (int i = 0; i < steps; i++) {
            trainer.advance(loader.take());
            if (i == steps / 10) {
                first = residentMebibytes();
            }
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        return new Row(
                name,
                (double) steps * batch * 32 / seconds,
                (loader.secondsWaited() - waitedBefore) / seconds,
                first,
                residentMebibytes());
    }

    private static OptionalLong residentMebibytes() {
        try {
            return Files.exists(STATUS)
                    ? Files.readAllLines(STATUS).stream()
                            .filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
                            .findFirst()
                    : OptionalLong.empty();
        } catch (IOException e) { // not on this machine
            return OptionalLong.empty();
        }
    }

    private static ModelDescription description(TrainingConfig config, FrameShape shape) {
        return ModelDescription.builder(
                        "bench",
                        config.network().architecture(),
                        config.sampling().contextLength(),
                        shape)
                .hyperParameters(config.network().hyperParameters())
                .build();
    }
}
