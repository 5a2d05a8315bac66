package io.framecast.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ComputeDeviceTest {
    private static final GpuProbe ONE = GpuProbe.found(12040, List.of("NVIDIA A"));
    private static final GpuProbe TWO = GpuProbe.found(12040, List.of("NVIDIA A", "NVIDIA B"));

    @Test
    void choose_auto_isTheFirstGpu() {
        assertThat(choose("auto", TWO, Optional.empty(), ComputeDeviceTest::computes))
                .isEqualTo(new ComputeDevice(Device.gpu(0), "cuda:0, NVIDIA A", Optional.empty()));
        assertThat(choose("cuda", TWO, Optional.empty(), ComputeDeviceTest::computes)
                        .device())
                .isEqualTo(Device.gpu(0));
        assertThat(choose("cuda:1", TWO, Optional.empty(), ComputeDeviceTest::computes)
                        .description())
                .isEqualTo("cuda:1, NVIDIA B");
    }

    @Test
    void choose_cpu_asksNoGpu() {
        ComputeDevice chosen = choose("cpu", ONE, Optional.empty(), device -> {
            throw new AssertionError("asked " + device);
        });
        assertThat(chosen).isEqualTo(new ComputeDevice(Device.cpu(), "cpu", Optional.empty()));
    }

    @Test
    void choose_autoWithObstacle_isTheProcessorAndSaysWhy() {
        ComputeDevice chosen = choose("auto", ONE, Optional.of("the driver is too old"), ComputeDeviceTest::computes);

        assertThat(chosen.device()).isEqualTo(Device.cpu());
        assertThat(chosen.description()).isEqualTo("cpu: the driver is too old");
    }

    @Test
    void choose_autoWhereNoGpuIsExpected_saysNothingOfIt() {
        assertThat(ComputeDevice.choose(
                                EngineConfig.defaults(),
                                GpuProbe.NO_DRIVER,
                                false,
                                Optional.of("no driver"),
                                ComputeDeviceTest::computes)
                        .description())
                .isEqualTo("cpu");
        assertThat(ComputeDevice.choose(
                                EngineConfig.defaults(),
                                GpuProbe.NO_DRIVER,
                                true,
                                Optional.of("no driver"),
                                ComputeDeviceTest::computes)
                        .description())
                .isEqualTo("cpu: no driver");
    }

    @Test
    void choose_gpuThatDoesNotCompute_autoAvoidsItAndItsNameIsRefused() {
        Function<Device, Optional<String>> broken = device -> Optional.of("it fails");

        assertThat(choose("auto", ONE, Optional.empty(), broken).description()).isEqualTo("cpu: it fails");
        assertThatThrownBy(() -> choose("cuda", ONE, Optional.empty(), broken))
                .isInstanceOf(EngineException.class)
                .hasMessage("device 'cuda' cannot be used: it fails; or use --device cpu");
    }

    @Test
    void choose_indexBeyondTheLast_namesThoseThatAreThere() {
        assertThatThrownBy(() -> choose("cuda:3", ONE, Optional.empty(), ComputeDeviceTest::computes))
                .isInstanceOf(EngineException.class)
                .hasMessage("device 'cuda:3' cannot be used: this machine has one GPU, cuda:0 (NVIDIA A);"
                        + " or use --device cpu");
        assertThatThrownBy(() -> choose("cuda:2", TWO, Optional.of("any"), ComputeDeviceTest::computes))
                .hasMessageContaining("2 GPUs, cuda:0 to cuda:1 (NVIDIA A, NVIDIA B)");
    }

    @Test
    void choose_cudaWithoutGpu_saysWhyNot() {
        assertThatThrownBy(() ->
                        choose("cuda:3", GpuProbe.NO_DRIVER, Optional.of("no driver"), ComputeDeviceTest::computes))
                .isInstanceOf(EngineException.class)
                .hasMessage("device 'cuda:3' cannot be used: no driver; or use --device cpu");
    }

    @Test
    void config_unknownName_saysWhatThereIs() {
        for (String name : List.of("tpu", "cuda:", "cuda:-1", "CPU", "cuda:1000", "")) {
            assertThatThrownBy(() -> new EngineConfig(name, Optional.empty()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("device '" + name + "' is unknown: use auto, cpu, cuda or cuda:N");
        }
    }

    private static Optional<String> computes(Device device) {
        return Optional.empty();
    }

    private static ComputeDevice choose(
            String name, GpuProbe gpus, Optional<String> obstacle, Function<Device, Optional<String>> fault) {
        return ComputeDevice.choose(new EngineConfig(name, Optional.empty()), gpus, true, obstacle, fault);
    }
}
