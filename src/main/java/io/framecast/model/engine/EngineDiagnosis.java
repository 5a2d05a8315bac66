package io.framecast.model.engine;

import java.util.Optional;

/** What this machine has to compute with. */
public final class EngineDiagnosis {
    private EngineDiagnosis() {}

    /**
     * The engine's name and version, and where its libraries come from and what they are made for.
     *
     * @throws EngineException if it cannot be loaded
     */
    public static String engine(EngineConfig config) {
        return TorchEngine.load(config).describe();
    }

    /** The GPUs that the driver tells of, or why there are none and what to do about it; it needs no engine. */
    public static String gpus() {
        GpuProbe gpus = CudaDriver.probe();
        Optional<String> obstacle = gpus.gpus().isEmpty() ? gpus.obstacle(Flavor.CPU) : Optional.empty();
        return obstacle.map(reason -> "none: " + reason)
                .orElseGet(() -> String.join(", ", gpus.gpus()) + "; driver for CUDA up to " + gpus.version());
    }
}
