package io.framecast.node;

import io.framecast.preview.history.CameraHistories;
import java.util.Optional;

/**
 * How much of Java's heap the cameras of one process need. What Java may take at most is a share of the machine's
 * memory, as {@code src/main/jvm/options} says; a process that captures more cameras than fit into it says so at its
 * start. Cameras that others capture are not known then.
 */
final class HeapNeed {
    private static final long MIB = 1 << 20;

    /** Kafka's clients and broker, the classes, the page. Like the others with as much again as the collector needs. */
    static final long BASE = 320 * MIB;

    /**
     * What capture, predict and page keep of a camera: frames under way to Kafka, its window of 64 frames, the newest
     * forecast, the last minutes.
     */
    static final long CAMERA = 3 * MIB;

    /** What a scorer keeps of a camera: 256 frames, and the forecasts of 64 frames that wait for them. */
    static final long SCORED = 4 * MIB;

    /** A forecast that waits, with what its comparison needs. */
    static final long FORECAST = 600 << 10;

    /** What the page keeps of a camera's last minutes, with their order. */
    static final long HISTORY = CameraHistories.CAMERA_BYTES + MIB / 2;

    private HeapNeed() {}

    /** What a node needs for the cameras that it reads itself, in bytes. */
    static long of(NodeConfig config) {
        return of(
                config,
                config.capture().map(capture -> capture.sources().size()).orElse(0));
    }

    /** The same for so many cameras. */
    private static long of(NodeConfig config, long cameras) {
        long each = CAMERA;
        if (config.score()) {
            int every = config.predict().map(PredictConfig::every).orElse(5);
            each += SCORED + (2L * 32 / every + 1) * FORECAST;
        }
        return BASE + cameras * each + histories(config, cameras);
    }

    private static long histories(NodeConfig config, long cameras) {
        boolean shows = config.preview().filter(PreviewConfig::shows).isPresent();
        return shows ? Math.min(cameras, CameraHistories.MOST_BYTES / CameraHistories.CAMERA_BYTES) * HISTORY : 0;
    }

    /** The limit that leaves so much: of it, Java counts a part of the young generation, a thirtieth, as not usable. */
    private static long limit(long need) {
        return need + need / 20 + MIB;
    }

    /**
     * What to tell the person who started a node if Java may take less than it needs.
     *
     * @param most what Java may take, in bytes
     */
    static Optional<String> warning(NodeConfig config, long most) {
        return warning(of(config), most);
    }

    /**
     * The same for so many cameras.
     *
     * @param cameras those of the command line and of a file
     * @param most what Java may take, in bytes
     */
    static Optional<String> warning(NodeConfig config, long cameras, long most) {
        return warning(of(config, cameras), most);
    }

    private static Optional<String> warning(long need, long most) {
        return need <= most
                ? Optional.empty()
                : Optional.of("the cameras need " + need / MIB + " MiB of Java's heap, which may have " + most / MIB
                        + ": give it more with FRAMECAST_JAVA_OPTIONS=-Xmx" + limit(need) / MIB
                        + "m, or fewer cameras");
    }
}
