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

/** {@code framecast run}: every role in one process. */
@Command(
        name = "run",
        footer = "Example: framecast run front=rtsp://user:{env:FRONT_PASSWORD}@192.0.2.10/stream yard=0",
        sortOptions = false,
        description = "Capture, forecast, score and show cameras in one process. Without a source, it uses a"
                + " built-in scene.")
final class RunCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "[ID=]SOURCE",
            arity = "0..*",
            description =
                    "0 or /dev/video0 (camera), rtsp://..., http(s)://..., a file, or test:street|shapes|still|surprise.")
    List<String> sources = List.of();

    @Option(
            names = "--pictures",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Show larger pictures on the page, up to 640 pixels wide, about 5 a second per camera."
                    + " Default: true")
    boolean pictures = true;

    @Mixin
    CaptureOptions capture = new CaptureOptions();

    @Mixin
    PredictOptions predict = new PredictOptions();

    @Option(
            names = "--preview",
            paramLabel = "web|window|none",
            description = "Show the page (web), a desktop window (window), or neither (none). Default: web")
    PreviewOptions.Kind kind = PreviewOptions.Kind.WEB;

    @Mixin
    PreviewOptions preview = new PreviewOptions();

    @Mixin
    AlertOptions alerts = new AlertOptions();

    @Mixin
    ModelsOption models = new ModelsOption();

    @Mixin
    RoleOptions role = new RoleOptions();

    @Override
    public Integer call() {
        EngineThreads.one();
        return role.running.run(config());
    }

    /** What the options say. */
    NodeConfig config() {
        Optional<PreviewConfig> shown =
                kind == PreviewOptions.Kind.NONE ? Optional.empty() : Optional.of(preview.config(kind));
        List<String> cameras = sources.isEmpty() && !capture.canChange() ? List.of("test:street") : sources;
        return role.config(
                false,
                Optional.of(capture.config(cameras, pictures, shown, role.kafka.dataDirectory())),
                Optional.of(predict.config(models)),
                !predict.noScore,
                shown,
                alerts.config());
    }
}
