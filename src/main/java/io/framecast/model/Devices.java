package io.framecast.model;

import ai.djl.Device;
import ai.djl.engine.Engine;
import java.util.regex.Pattern;

/** Chooses where a model runs: {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}. */
public final class Devices {
    private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,3}))?");

    private Devices() {}

    /**
     * The device of a name; {@code auto} is the first GPU, or the CPU where there is none.
     *
     * @throws ModelException if the name is unknown or this machine has no such GPU
     */
    public static Device choose(String name) {
        int gpus = Torch.engine().getGpuCount();
        if (name.equals("cpu") || (name.equals("auto") && gpus == 0)) {
            return Device.cpu();
        }
        var cuda = CUDA.matcher(name);
        if (!name.equals("auto") && !cuda.matches()) {
            throw new ModelException(
                    ModelException.Reason.DEVICE, "device '" + name + "' is unknown: use auto, cpu, cuda or cuda:N");
        }
        int index = name.equals("auto") || cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1));
        if (index >= gpus) {
            throw new ModelException(
                    ModelException.Reason.DEVICE,
                    "device '" + name + "' is not there: this machine offers " + gpus
                            + " GPUs to the engine; use --device cpu, or build with -Pcuda on a machine with one");
        }
        return Device.gpu(index);
    }

    /** The engine's name and version and what it can run on, for {@code doctor}. */
    public static String describe() {
        Engine engine = Torch.engine();
        return engine.getEngineName() + " " + engine.getVersion() + ", " + engine.getGpuCount() + " GPUs";
    }
}
