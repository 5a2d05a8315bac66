package io.framecast.model.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Memory;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class CudaDriverTest {
    private static final Flavor CUDA_12 = new Flavor("cu124");

    /** A driver that answers as it is told. */
    private record FakeDriver(int cuda, int initialised, List<String> gpus) implements CudaDriver {
        @Override
        public int cuInit(int flags) {
            return initialised;
        }

        @Override
        public int cuDriverGetVersion(IntByReference version) {
            version.setValue(cuda);
            return SUCCESS;
        }

        @Override
        public int cuDeviceGetCount(IntByReference count) {
            count.setValue(gpus.size());
            return SUCCESS;
        }

        @Override
        public int cuDeviceGet(IntByReference device, int ordinal) {
            device.setValue(ordinal);
            return SUCCESS;
        }

        @Override
        public int cuDeviceGetName(byte[] name, int length, int device) {
            byte[] bytes = gpus.get(device).getBytes(StandardCharsets.UTF_8);
            System.arraycopy(bytes, 0, name, 0, bytes.length);
            return gpus.get(device).isEmpty() ? 1 : SUCCESS;
        }

        @Override
        public int cuGetErrorName(int result, PointerByReference name) {
            if (result != 999) {
                return 1;
            }
            var text = new Memory(32);
            text.setString(0, "CUDA_ERROR_UNKNOWN");
            name.setValue(text);
            return SUCCESS;
        }
    }

    @Test
    void ask_gpus_namesThemInOrder() {
        GpuProbe probe = CudaDriver.ask(new FakeDriver(12040, 0, List.of("NVIDIA A", "", "NVIDIA C")));

        assertThat(probe.gpus()).containsExactly("NVIDIA A", "NVIDIA GPU", "NVIDIA C");
        assertThat(probe.version()).isEqualTo("12.4");
        assertThat(probe.supports(CUDA_12)).isTrue();
    }

    @Test
    void obstacle_olderMajorVersion_namesTheDriverThatIsNeeded() {
        GpuProbe probe = CudaDriver.ask(new FakeDriver(11080, 0, List.of("NVIDIA A")));

        assertThat(probe.obstacle(CUDA_12))
                .hasValue("the driver of NVIDIA A supports CUDA up to 11.8 and this engine needs 12.0; update the"
                        + " driver to version 525 or newer");
        assertThat(probe.obstacle(new Flavor("cu118"))).isEmpty();
        assertThat(probe.obstacle(new Flavor("cu130"))).get().asString().contains("needs 13.0", "580");
    }

    @Test
    void obstacle_olderMinorVersion_isNone() {
        assertThat(CudaDriver.ask(new FakeDriver(12000, 0, List.of("NVIDIA A"))).obstacle(new Flavor("cu128")))
                .isEmpty();
    }

    @Test
    void obstacle_engineForTheProcessor_saysHowToGetAnother() {
        assertThat(CudaDriver.ask(new FakeDriver(12040, 0, List.of("NVIDIA A"))).obstacle(Flavor.CPU))
                .get()
                .asString()
                .contains("does not use NVIDIA A", "-Pcuda", "--libtorch");
    }

    @Test
    void ask_noDevice_isNoGpu() {
        assertThat(CudaDriver.ask(new FakeDriver(12040, CudaDriver.NO_DEVICE, List.of("hidden")))
                        .state())
                .isEqualTo(GpuProbe.State.NO_GPU);
        assertThat(CudaDriver.ask(new FakeDriver(12040, 0, List.of())).state()).isEqualTo(GpuProbe.State.NO_GPU);
    }

    @Test
    void ask_failingDriver_tellsItsError() {
        assertThat(CudaDriver.ask(new FakeDriver(12040, 999, List.of("NVIDIA A")))
                        .obstacle(CUDA_12))
                .get()
                .asString()
                .startsWith("the NVIDIA driver fails (CUDA_ERROR_UNKNOWN)");
        assertThat(CudaDriver.ask(new FakeDriver(12040, 7, List.of("NVIDIA A"))).fault())
                .isEqualTo("error 7");
    }

    @Test
    void noDriver_isAnObstacleForEveryEngine() {
        assertThat(GpuProbe.NO_DRIVER.obstacle(CUDA_12)).get().asString().startsWith("no NVIDIA driver is installed");
        assertThat(GpuProbe.NO_DRIVER.obstacle(Flavor.CPU)).isPresent();
        assertThat(GpuProbe.NO_DRIVER.hasDriver()).isFalse();
    }
}
