package io.framecast.cli;

import io.framecast.model.engine.ComputeDevice;
import io.framecast.model.engine.EngineConfig;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What models run on, the same for every command that has some. */
final class EngineOptions {
    @Option(
            names = "--device",
            paramLabel = "auto|cpu|cuda[:N]",
            defaultValue = "auto",
            description = "Where models run; auto is the first GPU, or the processor if no GPU can be used."
                    + " Default: ${DEFAULT-VALUE}")
    String device = "auto";

    @Option(
            names = "--libtorch",
            paramLabel = "DIR",
            description =
                    "PyTorch's libraries to use, as pip or PyTorch's archives install them. Default: those of this"
                            + " build")
    @Nullable
    String libtorch;

    /**
     * The configuration.
     *
     * @throws IllegalArgumentException if no device can have that name
     */
    EngineConfig config() {
        return new EngineConfig(
                device,
                Optional.ofNullable(libtorch).filter(path -> !path.isBlank()).map(Path::of));
    }

    /**
     * Chooses the device, which loads the engine, and says which.
     *
     * @throws io.framecast.model.engine.EngineException if this machine lacks it
     */
    ComputeDevice choose() {
        ComputeDevice chosen = ComputeDevice.choose(config());
        Console.say("device: " + chosen.description());
        return chosen;
    }
}
