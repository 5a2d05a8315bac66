package io.framecast.cli;

import io.framecast.node.CaptureConfig;
import io.framecast.source.Fit;
import io.framecast.source.Pace;
import io.framecast.source.RtspTransport;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceSpec;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How cameras are read. */
final class CaptureOptions {
    @Option(names = "--fps", paramLabel = "N", description = "Frames a second taken from each source. Default: 10")
    double fps = SourceConfig.defaults().fps();

    @Option(
            names = "--fit",
            paramLabel = "stretch|crop|letterbox",
            description = "What happens to pictures that are not square. Default: stretch")
    Fit fit = SourceConfig.defaults().fit();

    @Option(
            names = "--pace",
            paramLabel = "realtime|max",
            description = "Play files at their own pace, or as fast as they can be read without losing a frame."
                    + " Default: realtime")
    Pace pace = SourceConfig.defaults().pace();

    @Option(names = "--loop", negatable = true, fallbackValue = "true", description = "Play files again and again.")
    boolean loop;

    @Option(
            names = "--rtsp-transport",
            paramLabel = "auto|tcp|udp",
            description = "How RTSP pictures travel; auto is tcp, or udp where the server refuses that. Default: auto")
    RtspTransport transport = SourceConfig.defaults().transport();

    @Option(names = "--open-timeout", paramLabel = "TIME", description = "How long connecting may take. Default: 10s")
    Duration openTimeout = SourceConfig.defaults().openTimeout();

    @Option(
            names = "--read-timeout",
            paramLabel = "TIME",
            description = "How long a camera may be silent before it counts as lost."
                    + " Default: by its pace, 3s for a fast one")
    Optional<Duration> readTimeout = SourceConfig.defaults().readTimeout();

    @Option(
            names = "--camera",
            paramLabel = "ID.SETTING=VALUE",
            split = "\\R",
            splitSynopsisLabel = "",
            description = "One camera's own fps, fit, rtsp-transport, open-timeout or read-timeout. May be repeated; a"
                    + " map of maps in --config.")
    Map<String, String> settings = new HashMap<>();

    @Option(
            names = "--wait-for-cameras",
            negatable = true,
            fallbackValue = "true",
            description = "Go on trying even when not one camera can be reached at the start.")
    boolean waitForCameras;

    /**
     * The configuration.
     *
     * @param pictures whether pictures for people are published as well
     * @throws IllegalArgumentException if a source or a value is malformed
     */
    CaptureConfig config(List<String> sources, boolean pictures) {
        SourceConfig reading = SourceConfig.builder()
                .fps(fps)
                .fit(fit)
                .pace(pace)
                .loop(loop)
                .transport(transport)
                .openTimeout(openTimeout)
                .readTimeout(readTimeout)
                .pictures(pictures)
                .build();
        List<SourceSpec> specs = SourceSpec.parseAll(sources);
        return new CaptureConfig(specs, reading, CameraSettings.of(settings, reading, specs), waitForCameras);
    }
}
