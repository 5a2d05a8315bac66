package io.framecast.score;

import io.framecast.frame.CameraId;
import io.framecast.frame.Ticker;
import io.framecast.topic.MalformedRecordException;
import io.framecast.worker.Checkpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The cameras of one partition, and which of its forecasts are done. */
final class ScoredPartition {
    /** After so long without a record, what still waits for frames of a camera is scored as it is. */
    static final Duration SILENCE = Duration.ofSeconds(60);

    /** Bounds memory against a producer that makes up camera ids. */
    static final int MOST_CAMERAS = 256;

    private static final int MOST_FRAMES_AHEAD = CameraScorer.RETAINED / 4;

    /** A forecast takes as much memory as its 32 frames. */
    private static final int MOST_FORECASTS_AHEAD = 8;

    private final StepScores comparing;
    private final Ticker ticker;
    private final Map<CameraId, CameraScorer> cameras = new HashMap<>();
    private final Map<CameraId, Long> lastSeen = new HashMap<>();
    private final Map<Long, String> traces = new HashMap<>();
    private DoneOffsets done = new DoneOffsets(0, "");

    /**
     * Without a camera.
     *
     * @param comparing which all cameras use
     */
    ScoredPartition(StepScores comparing, Ticker ticker) {
        this.comparing = comparing;
        this.ticker = ticker;
    }

    /** Forecasts are taken up where they were left. */
    void resume(Checkpoint left) {
        done = new DoneOffsets(left.next(), left.metadata());
    }

    DoneOffsets done() {
        return done;
    }

    /** Keeps the trace of a forecast that waits, for its score. */
    void trace(long offset, String trace) {
        traces.put(offset, trace);
    }

    /**
     * The scorer of a camera that is heard of now.
     *
     * @throws MalformedRecordException if that is one camera too many
     */
    CameraScorer camera(CameraId camera) throws MalformedRecordException {
        if (!cameras.containsKey(camera) && cameras.size() >= MOST_CAMERAS) {
            evictOldest(camera);
        }
        lastSeen.put(camera, ticker.nanos());
        return cameras.computeIfAbsent(camera, id -> new CameraScorer(comparing));
    }

    /** Makes room for a camera in place of the one silent for longest, of those for which no forecast waits. */
    private void evictOldest(CameraId camera) throws MalformedRecordException {
        CameraId silent = cameras.entrySet().stream()
                .filter(known -> known.getValue().isIdle())
                .map(Map.Entry::getKey)
                .min(Comparator.comparing(known -> lastSeen.getOrDefault(known, Long.MIN_VALUE)))
                .orElseThrow(() -> new MalformedRecordException(
                        MalformedRecordException.Kind.TOO_MANY_CAMERAS,
                        "camera " + camera + " is one too many: " + MOST_CAMERAS + " of its partition are scored"));
        cameras.remove(silent);
        lastSeen.remove(silent);
    }

    /** The scorer of a camera of which earlier outputs tell; none if that is one too many. */
    Optional<CameraScorer> restored(CameraId camera) {
        return cameras.containsKey(camera) || cameras.size() < MOST_CAMERAS
                ? Optional.of(cameras.computeIfAbsent(camera, id -> new CameraScorer(comparing)))
                : Optional.empty();
    }

    /** Whether some camera is so far ahead of its forecasts that its frames must wait for them. */
    boolean isAhead() {
        return cameras.values().stream().anyMatch(camera -> camera.framesAhead() > MOST_FRAMES_AHEAD);
    }

    /** Whether some camera's frames are so far behind its forecasts that those must wait for them. */
    boolean isBehind() {
        return cameras.values().stream().anyMatch(camera -> camera.forecastsAhead() > MOST_FORECASTS_AHEAD);
    }

    /** The offset of the oldest frame that is kept for forecasts to come. */
    long framesNeeded(long position) {
        return cameras.values().stream()
                .mapToLong(camera -> camera.firstOffset(position))
                .min()
                .orElse(position);
    }

    /** What there is to say since the last call. */
    List<ScoreOutput> takeOutputs() {
        var scores = new ArrayList<ScoreOutput>();
        var rest = new ArrayList<ScoreOutput>();
        for (CameraScorer camera : cameras.values()) {
            camera.through().forEach(scored -> {
                done.finish(scored.offset());
                String trace = traces.remove(scored.offset());
                scores.add(new ScoreOutput.OfForecast(scored.score(), trace == null ? "" : trace));
            });
            camera.judged().forEach(frame -> rest.add(new ScoreOutput.OfFrame(frame)));
            camera.stretches().forEach(stretch -> rest.add(new ScoreOutput.OfStretch(stretch)));
        }
        scores.addAll(rest);
        return scores;
    }

    /** Forgets the frames of cameras that have been silent, so that they hold back no offset. */
    void endSilent() {
        lastSeen.entrySet().removeIf(entry -> {
            CameraScorer camera = cameras.get(entry.getKey());
            boolean isSilent = ticker.since(entry.getValue()).compareTo(SILENCE) > 0;
            if (!isSilent || camera == null) {
                return isSilent;
            }
            boolean wasIdle = camera.isIdle();
            camera.end();
            if (wasIdle) {
                camera.forgetFrames();
            }
            return wasIdle;
        });
    }

    /** No frames come any more. */
    void end() {
        cameras.values().forEach(CameraScorer::end);
    }
}
