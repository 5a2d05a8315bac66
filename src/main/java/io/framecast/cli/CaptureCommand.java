package io.framecast.cli;

import io.framecast.pipeline.NodeConfig;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code framecast capture}: sources into the frames topic. */
@Command(name = "capture", sortOptions = false, description = "Read sources into the frames topic.")
final class CaptureCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "[ID=]SOURCE",
            arity = "1..*",
            description = "0 or /dev/video0 (camera), rtsp://..., http(s)://..., a file, or test:street|shapes|still.")
    List<String> sources = List.of();

    @Mixin
    CaptureOptions capture = new CaptureOptions();

    @Option(
            names = "--health",
            negatable = true,
            fallbackValue = "true",
            description = "Serve health and metrics over HTTP.")
    boolean health;

    @Mixin
    PreviewOptions http = new PreviewOptions();

    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    @Mixin
    RunOptions running = new RunOptions();

    @Mixin
    SharedOptions shared = new SharedOptions();

    @Override
    public Integer call() {
        return running.run(config());
    }

    /** What the options say. */
    NodeConfig config() {
        return new NodeConfig(
                kafka.config(true),
                Optional.of(capture.config(sources)),
                Optional.empty(),
                health ? Optional.of(http.config(PreviewOptions.Kind.NONE)) : Optional.empty(),
                running.duration());
    }
}
