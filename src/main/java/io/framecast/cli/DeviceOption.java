package io.framecast.cli;

import picocli.CommandLine.Option;

/** Where models run, the same for every command that has some. */
final class DeviceOption {
    @Option(
            names = "--device",
            paramLabel = "auto|cpu|cuda[:N]",
            defaultValue = "auto",
            description = "Where models run; auto is a GPU where there is one. Default: ${DEFAULT-VALUE}")
    String device = "auto";

    /**
     * The device's name, as typed.
     *
     * @throws IllegalArgumentException if no device can have it
     */
    String name() {
        if (!device.matches("auto|cpu|cuda(:\\d{1,3})?")) {
            throw new IllegalArgumentException("device '" + device + "' is unknown: use auto, cpu, cuda or cuda:N");
        }
        return device;
    }
}
