package io.framecast.model.engine;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What models are to run on.
 *
 * @param device {@code auto}, which is the first GPU or the processor where no GPU can be used, {@code cpu},
 *     {@code cuda}, which is {@code cuda:0}, or {@code cuda:N}
 * @param libtorch a folder of PyTorch's libraries to use instead of those of this build
 */
public record EngineConfig(String device, Optional<Path> libtorch) {
    private static final Pattern DEVICE = Pattern.compile("auto|cpu|cuda(?::(\\d{1,3}))?");

    /**
     * Checks the device's name.
     *
     * @throws IllegalArgumentException if no device can have it
     */
    public EngineConfig {
        if (!DEVICE.matcher(device).matches()) {
            throw new IllegalArgumentException("device '" + device + "' is unknown: use auto, cpu, cuda or cuda:N");
        }
    }

    /** The first GPU, or the processor where no GPU can be used; the libraries of this build. */
    public static EngineConfig defaults() {
        return new EngineConfig("auto", Optional.empty());
    }

    /** The processor; the libraries of this build. */
    public static EngineConfig cpu() {
        return new EngineConfig("cpu", Optional.empty());
    }

    /** Whether a GPU may be used; if not, the smaller libraries for the processor will do. */
    boolean mayUseGpu() {
        return !device.equals("cpu");
    }

    /** Whether it must be a GPU. */
    boolean needsGpu() {
        return device.startsWith("cuda");
    }

    /** Which GPU, counted from 0. */
    int gpu() {
        Matcher matcher = DEVICE.matcher(device);
        return matcher.matches() && matcher.group(1) != null ? Integer.parseInt(matcher.group(1)) : 0;
    }
}
