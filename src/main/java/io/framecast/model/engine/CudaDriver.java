package io.framecast.model.engine;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * NVIDIA's driver, as its own library tells it (CUDA Driver API, chapter 6). No CUDA toolkit is needed to ask it, as
 * the engine's own count of GPUs would.
 */
interface CudaDriver extends Library {
    int SUCCESS = 0;
    int NO_DEVICE = 100;
    int LONGEST_NAME = 256;

    /** Initialises the driver; {@code flags} must be 0. */
    int cuInit(int flags);

    /** The newest CUDA that the driver knows, as 1000 x major + 10 x minor. */
    int cuDriverGetVersion(IntByReference version);

    /** How many GPUs this process may use; {@code CUDA_VISIBLE_DEVICES} hides others. */
    int cuDeviceGetCount(IntByReference count);

    /** The handle of a GPU, counted from 0. */
    int cuDeviceGet(IntByReference device, int ordinal);

    /** The name of a GPU, ended by a zero byte. */
    int cuDeviceGetName(byte[] name, int length, int device);

    /** A result's name, as {@code CUDA_ERROR_UNKNOWN}. */
    int cuGetErrorName(int result, PointerByReference name);

    /** The library of the driver, if this machine has it. */
    static Optional<CudaDriver> load() {
        if (Platform.isMac()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Native.load(Platform.isWindows() ? "nvcuda" : "libcuda.so.1", CudaDriver.class));
        } catch (UnsatisfiedLinkError e) { // no driver, or one for another processor
            return Optional.empty();
        }
    }

    /** What the driver of this machine says of its GPUs. */
    static GpuProbe probe() {
        return load().map(CudaDriver::ask).orElse(GpuProbe.NO_DRIVER);
    }

    /** What a driver says of its GPUs; one that lacks a function is as good as broken. */
    static GpuProbe ask(CudaDriver driver) {
        try {
            var version = new IntByReference();
            int result = driver.cuDriverGetVersion(version);
            result = result == SUCCESS ? driver.cuInit(0) : result;
            if (result == NO_DEVICE) {
                return GpuProbe.none(version.getValue());
            }
            var count = new IntByReference();
            result = result == SUCCESS ? driver.cuDeviceGetCount(count) : result;
            return result == SUCCESS
                    ? GpuProbe.found(version.getValue(), names(driver, count.getValue()))
                    : GpuProbe.broken(version.getValue(), errorName(driver, result));
        } catch (UnsatisfiedLinkError e) {
            return GpuProbe.broken(0, "its library lacks a function");
        }
    }

    private static List<String> names(CudaDriver driver, int count) {
        var names = new ArrayList<String>();
        for (int ordinal = 0; ordinal < count; ordinal++) {
            var device = new IntByReference();
            byte[] name = new byte[LONGEST_NAME];
            boolean told = driver.cuDeviceGet(device, ordinal) == SUCCESS
                    && driver.cuDeviceGetName(name, name.length, device.getValue()) == SUCCESS;
            names.add(told ? Native.toString(name, StandardCharsets.UTF_8.name()) : "NVIDIA GPU");
        }
        return names;
    }

    private static String errorName(CudaDriver driver, int result) {
        var name = new PointerByReference();
        return driver.cuGetErrorName(result, name) == SUCCESS && name.getValue() != null
                ? name.getValue().getString(0)
                : "error " + result;
    }
}
