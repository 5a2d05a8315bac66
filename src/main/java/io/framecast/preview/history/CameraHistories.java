package io.framecast.preview.history;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.FrameSurprise;
import io.framecast.frame.CameraId;
import io.framecast.frame.Frame;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The last minutes of all cameras, in memory: fed by the pipeline, read by any number of viewers. Its pictures take
 * {@value #MOST_BYTES} bytes at most. Up to 16 cameras have about five moments a second; more cameras have fewer, and
 * whatever does not fit into a camera's share goes, the oldest first. Safe for any number of threads.
 */
public final class CameraHistories {
    /** How far back it goes at most. */
    public static final Duration SPAN = Duration.ofMinutes(5);

    /** What the pictures of one camera may take. */
    public static final long CAMERA_BYTES = 8 << 20;

    /** What the pictures of all cameras may take. */
    public static final long MOST_BYTES = 128 << 20;

    /** How many cameras it keeps; of more, the one whose last frame is oldest goes. */
    static final int MOST_CAMERAS = 256;

    private static final Duration SPACING = Duration.ofMillis(200);

    private final Map<CameraId, CameraHistory> histories = new ConcurrentHashMap<>();
    private final Instant since;

    /** @param since when it begins: what was before is not known */
    public CameraHistories(Instant since) {
        this.since = since;
    }

    /** When it began. */
    public Instant since() {
        return since;
    }

    /** The history of a camera, if it had a frame. */
    public Optional<CameraHistory> of(CameraId camera) {
        return Optional.ofNullable(histories.get(camera));
    }

    /** Keeps a frame, unless it is a repeated or late one, or another was kept a moment before. */
    public void accept(Frame frame) {
        CameraHistory history = histories.get(frame.camera());
        if (history == null) {
            history = add(frame.camera());
        }
        history.accept(frame, limit());
    }

    /** Takes what a forecast says of moments to come. */
    public void accept(Forecast forecast) {
        of(forecast.origin().camera()).ifPresent(history -> history.accept(forecast));
    }

    /** Notes how surprising a frame was. */
    public void accept(FrameSurprise surprise) {
        of(surprise.camera()).ifPresent(history -> history.accept(surprise));
    }

    /**
     * Forgets a camera.
     *
     * @param camera its id, or what is none
     */
    public void remove(String camera) {
        histories.keySet().removeIf(known -> known.value().equals(camera));
    }

    private synchronized CameraHistory add(CameraId camera) {
        CameraHistory added = histories.computeIfAbsent(camera, id -> new CameraHistory());
        if (histories.size() > MOST_CAMERAS) {
            histories.entrySet().stream()
                    .filter(entry -> !entry.getKey().equals(camera))
                    .min(Comparator.comparing(entry -> entry.getValue().newest()))
                    .ifPresent(entry -> histories.remove(entry.getKey()));
        }
        CameraHistory.Limit limit = limit();
        histories.values().forEach(history -> history.trim(limit));
        return added;
    }

    /** The share of each camera. */
    private CameraHistory.Limit limit() {
        long cameras = Math.max(histories.size(), MOST_BYTES / CAMERA_BYTES);
        long bytes = MOST_BYTES / cameras;
        return new CameraHistory.Limit(SPACING.multipliedBy(CAMERA_BYTES).dividedBy(bytes), bytes);
    }
}
