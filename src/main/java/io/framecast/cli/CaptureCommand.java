package io.framecast.cli;

import io.framecast.node.NodeConfig;
import io.framecast.node.PreviewConfig;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code framecast capture}: sources into the frames topic. */
@Command(
        name = "capture",
        footer = "Example: framecast capture front=rtsp://192.0.2.10/stream --kafka kafka:9092",
        sortOptions = false,
        description = "Read sources into the frames topic.")
final class CaptureCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "[ID=]SOURCE",
            arity = "0..*",
            description =
                    "0 or /dev/video0 (camera), rtsp://..., http(s)://..., a file, or test:street|shapes|still|surprise.")
    List<String> sources = List.of();

    @Option(
            names = "--pictures",
            negatable = true,
            fallbackValue = "true",
            description = "Also publish larger pictures for the page, up to 640 pixels wide, about 5 a second per"
                    + " camera.")
    boolean pictures;

    @Mixin
    CaptureOptions capture = new CaptureOptions();

    @Mixin
    HealthOptions health = new HealthOptions();

    @Mixin
    RoleOptions role = new RoleOptions();

    @Override
    public Integer call() {
        return role.running.run(config());
    }

    /** What the options say. */
    NodeConfig config() {
        if (sources.isEmpty() && !capture.canChange()) {
            throw new IllegalArgumentException("no source is given: name one, as in 'framecast capture"
                    + " door=rtsp://192.0.2.10/stream', or a file of cameras with --cameras-file");
        }
        Optional<PreviewConfig> shown = health.config();
        return role.config(
                true,
                Optional.of(capture.config(sources, pictures, shown, role.kafka.dataDirectory())),
                Optional.empty(),
                false,
                shown);
    }
}
