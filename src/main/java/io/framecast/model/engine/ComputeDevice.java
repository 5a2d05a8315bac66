package io.framecast.model.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.LoggerFactory;

/**
 * Where models run.
 *
 * @param device the engine's word for it
 * @param name {@code cpu}, or {@code cuda:N} and the GPU's name
 * @param instead why it is no GPU, where one could be expected, and what to do about it
 */
public record ComputeDevice(Device device, String name, Optional<String> instead) {
    private static final Shape PROBE = new Shape(64, 64);

    /**
     * The device of a configuration. It loads the engine.
     *
     * @throws EngineException if the engine cannot be loaded, or this machine has no such GPU
     */
    public static ComputeDevice choose(EngineConfig config) {
        TorchEngine engine = TorchEngine.load(config);
        return choose(config, engine.gpus(), engine.isForCuda(), engine.gpuObstacle(), ComputeDevice::fault);
    }

    /**
     * The choice itself.
     *
     * @param obstacle why no GPU can be used, if so
     * @param fault what goes wrong when a device computes, if something does
     */
    static ComputeDevice choose(
            EngineConfig config,
            GpuProbe gpus,
            boolean engineForCuda,
            Optional<String> obstacle,
            Function<Device, Optional<String>> fault) {
        if (!config.mayUseGpu()) {
            return new ComputeDevice(Device.cpu(), "cpu", Optional.empty());
        }
        int index = config.gpu();
        Optional<String> reason = missing(index, gpus).or(() -> obstacle).or(() -> fault.apply(Device.gpu(index)));
        if (reason.isEmpty()) {
            return new ComputeDevice(
                    Device.gpu(index), "cuda:" + index + ", " + gpus.gpus().get(index), Optional.empty());
        }
        if (config.needsGpu()) {
            throw new EngineException(
                    EngineException.Reason.DEVICE,
                    "device '" + config.device() + "' cannot be used: " + reason.get() + "; or use --device cpu");
        }
        boolean expected =
                engineForCuda || gpus.state() == GpuProbe.State.FOUND || gpus.state() == GpuProbe.State.BROKEN_DRIVER;
        return new ComputeDevice(Device.cpu(), "cpu", reason.filter(any -> expected));
    }

    /** For a person, in one line. */
    public String description() {
        return name + instead.map(reason -> ": " + reason).orElse("");
    }

    private static Optional<String> missing(int index, GpuProbe gpus) {
        int count = gpus.gpus().size();
        return count == 0 || index < count
                ? Optional.empty()
                : Optional.of("this machine has "
                        + (count == 1 ? "one GPU, cuda:0" : count + " GPUs, cuda:0 to cuda:" + (count - 1)) + " ("
                        + String.join(", ", gpus.gpus()) + ")");
    }

    /** A driver may be well and a GPU still too new for the engine, or full. */
    private static Optional<String> fault(Device device) {
        try (NDManager manager = NDManager.newBaseManager(device, TorchEngine.NAME)) {
            NDArray ones = manager.ones(PROBE);
            float sum = ones.matMul(ones).sum().getFloat();
            float expected = PROBE.size() * PROBE.get(0);
            return sum == expected
                    ? Optional.empty()
                    : Optional.of(device + " computes wrongly: " + sum + " for " + expected);
        } catch (RuntimeException e) { // DJL's, with what CUDA says
            LoggerFactory.getLogger(ComputeDevice.class).debug("{} does not compute", device, e);
            String said = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            return Optional.of("a small computation fails on it (" + said
                    + "); a newer GPU than the engine knows needs a newer PyTorch, named with --libtorch");
        }
    }
}
