package io.framecast.model.engine;

import java.util.List;
import java.util.Optional;

/**
 * What the NVIDIA driver of a machine says of its GPUs.
 *
 * @param state what was found
 * @param cuda the newest CUDA that the driver knows, as 1000 x major + 10 x minor; 0 if it does not say
 * @param gpus the names of the GPUs, in the order in which {@code cuda:N} counts them
 * @param fault the driver's own word for what is wrong with it; empty unless it is broken
 */
record GpuProbe(State state, int cuda, List<String> gpus, String fault) {
    /** What a machine may have. */
    enum State {
        NO_DRIVER,
        BROKEN_DRIVER,
        NO_GPU,
        FOUND
    }

    /** The major version of CUDA that every libtorch of the versions in pom.xml needs at least. */
    private static final int OLDEST_CUDA = 12;

    static final GpuProbe NO_DRIVER = new GpuProbe(State.NO_DRIVER, 0, List.of(), "");

    GpuProbe {
        gpus = List.copyOf(gpus);
    }

    static GpuProbe none(int cuda) {
        return new GpuProbe(State.NO_GPU, cuda, List.of(), "");
    }

    static GpuProbe broken(int cuda, String fault) {
        return new GpuProbe(State.BROKEN_DRIVER, cuda, List.of(), fault);
    }

    /** GPUs; none of them if the list is empty. */
    static GpuProbe found(int cuda, List<String> gpus) {
        return gpus.isEmpty() ? none(cuda) : new GpuProbe(State.FOUND, cuda, gpus, "");
    }

    /** Whether the driver's library is there at all, which libraries made for CUDA need even to be loaded. */
    boolean hasDriver() {
        return state != State.NO_DRIVER;
    }

    /** Whether an engine can compute on the GPUs that are here, as far as the driver can tell. */
    boolean supports(Flavor engine) {
        return obstacle(engine).isEmpty();
    }

    /** Why an engine cannot compute on a GPU of this machine, and what to do about it; nothing if it can. */
    Optional<String> obstacle(Flavor engine) {
        return switch (state) {
            case NO_DRIVER ->
                Optional.of("no NVIDIA driver is installed; if this machine has an NVIDIA GPU, install its"
                        + " driver, or start the container with --gpus all");
            case BROKEN_DRIVER ->
                Optional.of("the NVIDIA driver fails (" + fault
                        + "); see what nvidia-smi says, and restart the machine if the driver was just updated");
            case NO_GPU ->
                Optional.of("the NVIDIA driver finds no GPU; see what nvidia-smi says, unset"
                        + " CUDA_VISIBLE_DEVICES, or start the container with --gpus all");
            case FOUND -> obstacleToFound(engine);
        };
    }

    private Optional<String> obstacleToFound(Flavor engine) {
        if (!engine.isCuda()) {
            return Optional.of("this build computes on the processor only and does not use " + gpus.get(0)
                    + "; build with mvn package -Pcuda, or name a PyTorch for CUDA with --libtorch"
                    + (cuda / 1000 < OLDEST_CUDA
                            ? ", after an update of its driver to version " + oldestDriver(OLDEST_CUDA) + " or newer"
                            : ""));
        }
        // Within a major version every driver runs every CUDA ("minor version compatibility", CUDA Compatibility
        // guide).
        if (cuda / 1000 < engine.cudaMajor()) {
            return Optional.of("the driver of " + gpus.get(0) + " supports CUDA up to " + version()
                    + " and this engine needs " + engine.cudaMajor() + ".0; update the driver to version "
                    + oldestDriver(engine.cudaMajor()) + " or newer");
        }
        return Optional.empty();
    }

    /** The newest CUDA that the driver knows, as {@code 12.4}. */
    String version() {
        return cuda / 1000 + "." + cuda % 1000 / 10;
    }

    /** The first driver of each major version of CUDA, from the table of the CUDA Compatibility guide. */
    private static String oldestDriver(int cudaMajor) {
        return switch (cudaMajor) {
            case 11 -> "450";
            case 12 -> "525";
            default -> "580";
        };
    }
}
