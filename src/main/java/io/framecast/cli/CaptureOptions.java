package io.framecast.cli;

import io.framecast.camera.CamerasFile;
import io.framecast.node.CaptureConfig;
import io.framecast.node.PreviewConfig;
import io.framecast.source.Fit;
import io.framecast.source.Pace;
import io.framecast.source.RtspTransport;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How cameras are read. */
final class CaptureOptions {
    @Option(names = "--fps", paramLabel = "N", description = "Frames a second taken from each source. Default: 10")
    double fps = SourceConfig.defaults().fps();

    @Option(
            names = "--fit",
            paramLabel = "stretch|crop|letterbox",
            description = "What to do with pictures that are not square: squeeze them, cut off their edges, or add"
                    + " black bars. Default: stretch")
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
            description =
                    "How RTSP servers send pictures; auto is tcp, or udp if the server refuses tcp. Default:" + " auto")
    RtspTransport transport = SourceConfig.defaults().transport();

    @Option(names = "--open-timeout", paramLabel = "TIME", description = "How long connecting may take. Default: 10s")
    Duration openTimeout = SourceConfig.defaults().openTimeout();

    @Option(
            names = "--read-timeout",
            paramLabel = "TIME",
            description = "How long a camera may send nothing before it counts as lost. Default: three times its"
                    + " usual interval, at least 3s")
    Optional<Duration> readTimeout = SourceConfig.defaults().readTimeout();

    @Option(
            names = "--camera",
            paramLabel = "ID.SETTING=VALUE",
            split = "\\R",
            splitSynopsisLabel = "",
            description = "Set fps, fit, region, model, rtsp-transport, open-timeout or read-timeout for one"
                    + " camera. May be repeated; in a --config file, write a map of maps.")
    Map<String, String> settings = new HashMap<>();

    @Option(
            names = "--wait-for-cameras",
            negatable = true,
            fallbackValue = "true",
            description = "Go on trying even if no camera can be reached at the start.")
    boolean waitForCameras;

    @Option(
            names = "--cameras-file",
            paramLabel = "FILE",
            description = "Read more cameras from a YAML file with lines such as 'door: rtsp://192.0.2.10/stream'."
                    + " When the file changes, Framecast changes its cameras within seconds.")
    @Nullable
    Path cameras;

    @Option(
            names = "--change-cameras",
            negatable = true,
            fallbackValue = "true",
            description = "Let people with the --token add, change and remove cameras on the page and over HTTP."
                    + " The cameras are kept in --cameras-file, or in cameras.yaml in the data directory.")
    boolean change;

    @Option(
            names = "--allow-local-cameras",
            negatable = true,
            fallbackValue = "true",
            description = "With --change-cameras, allow cameras at addresses of this machine, too.")
    boolean local;

    /** Whether cameras may come from elsewhere than the command line. */
    boolean canChange() {
        return change || cameras != null;
    }

    /**
     * The configuration.
     *
     * @param pictures whether pictures for people are published as well
     * @param preview where changes would come from
     * @param dataDirectory where the file of cameras is if none is named
     * @throws IllegalArgumentException if a source or a value is malformed
     */
    CaptureConfig config(List<String> sources, boolean pictures, Optional<PreviewConfig> preview, Path dataDirectory) {
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
        OwnSettings own = OwnSettings.of(settings, reading, specs);
        return new CaptureConfig(
                specs, reading, own.reading(), own.models(), waitForCameras, changes(preview, dataDirectory));
    }

    private Optional<CaptureConfig.Changes> changes(Optional<PreviewConfig> preview, Path dataDirectory) {
        if (local && !change) {
            throw new IllegalArgumentException("--allow-local-cameras says who may be named with --change-cameras:"
                    + " give that, too, or leave it out");
        }
        if (change && preview.flatMap(config -> config.http().token()).isEmpty()) {
            throw new IllegalArgumentException("--change-cameras needs a page or --health, and a --token that people"
                    + " must show, as 'openssl rand -hex 16' prints");
        }
        if (cameras != null && !change && !Files.isReadable(cameras)) {
            throw new IllegalArgumentException("--cameras-file '" + cameras + "' cannot be read: check the path and its"
                    + " permissions, or let --change-cameras begin the file");
        }
        if (cameras != null && Files.isDirectory(cameras)) {
            throw new IllegalArgumentException("--cameras-file '" + cameras + "' is a folder: name a file in it");
        }
        return canChange()
                ? Optional.of(new CaptureConfig.Changes(
                        new CamerasFile(cameras == null ? dataDirectory.resolve("cameras.yaml") : cameras),
                        change,
                        local))
                : Optional.empty();
    }
}
