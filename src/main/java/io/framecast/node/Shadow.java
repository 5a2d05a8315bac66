package io.framecast.node;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.Forecaster;
import io.framecast.forecast.LatencyStamps;
import io.framecast.forecast.Window;
import io.framecast.frame.CameraId;
import io.framecast.frame.Frame;
import io.framecast.frame.Ticker;
import io.framecast.predict.PredictListener;
import io.framecast.score.PairedScorer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A second model, which forecasts the same windows after the camera's own. Its forecasts are compared with the frames
 * that come, next to those of the camera's own, and are never published.
 *
 * <p>It has a thread of its own, forecasts one window at a time while the own model does nothing, and skips windows,
 * counted, when the own model or itself is behind. So a forecast of the camera waits for one window of the shadow at
 * most.
 */
final class Shadow implements PredictListener, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Shadow.class);

    /** Frames and windows that wait for the thread; a frame takes 12 kB. */
    private static final int MOST_WAITING = 2048;

    private static final int MOST_CAMERAS = 1000;

    /** A window that has waited for so long is no longer forecast. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final long LOOK_AGAIN_NANOS = 1_000_000;

    private final Forecaster challenger;
    private final PredictListener own;
    private final ShadowScores scores;
    private final Ticker ticker;
    private final ThreadPoolExecutor thread;
    private final Map<CameraId, PairedScorer> scorers = new LinkedHashMap<>();
    private volatile boolean ownIsBusy;
    private volatile boolean isBroken;

    /**
     * Starts without a camera.
     *
     * @param challenger the second model, which this closes
     * @param own is told all that this is told
     */
    Shadow(Forecaster challenger, PredictListener own, ShadowScores scores, Ticker ticker) {
        this.challenger = challenger;
        this.own = own;
        this.scores = scores;
        this.ticker = ticker;
        thread = new ThreadPoolExecutor(
                1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), work -> new Thread(work, "shadow"));
    }

    @Override
    public void forecast(Forecast forecast, LatencyStamps stamps) {
        own.forecast(forecast, stamps);
    }

    @Override
    public void dropped(CameraId camera, String cause) {
        own.dropped(camera, cause);
    }

    @Override
    public void batch(int windows, int waiting, Duration time) {
        own.batch(windows, waiting, time);
    }

    @Override
    public void modelCalled() {
        ownIsBusy = true;
    }

    @Override
    public void frame(Frame frame) {
        boolean taken = later(() -> {
            PairedScorer scorer = scorer(frame.camera());
            scorer.frame(frame);
            scorer.takePairs().forEach(pair -> scores.scored(frame.camera(), pair));
        });
        if (!taken) {
            log.debug("too late to compare frame {}#{}", frame.camera(), frame.sequence());
        }
    }

    @Override
    public void forgotten(CameraId camera) {
        later(() -> scorers.remove(camera));
    }

    @Override
    public void forecasts(List<Window> windows, List<Forecast> forecasts, int waiting) {
        ownIsBusy = false;
        boolean isBehind = waiting > 0 || thread.getQueue().size() > MOST_WAITING / 2;
        for (int i = 0; i < windows.size(); i++) {
            Window window = windows.get(i);
            Forecast forecast = forecasts.get(i);
            long since = ticker.nanos();
            boolean isTaken = !isBroken
                    && !isBehind
                    && window.length() >= challenger.leastContextLength()
                    && later(() -> compare(window, forecast, since));
            if (!isTaken) {
                scores.skipped();
            }
        }
    }

    private boolean later(Runnable work) {
        try {
            thread.execute(work);
            return true;
        } catch (RejectedExecutionException fullOrClosed) {
            return false;
        }
    }

    private void compare(Window window, Forecast forecast, long since) {
        while (ownIsBusy && ticker.since(since).compareTo(LONGEST_WAIT) < 0 && !thread.isShutdown()) {
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
        if (ticker.since(since).compareTo(LONGEST_WAIT) >= 0 || isBroken || thread.isShutdown()) {
            scores.skipped();
            return;
        }
        try {
            Forecast challenged = challenger
                    .forecast(List.of(window.newest(challenger.contextLength())))
                    .get(0);
            scorer(window.camera()).forecasts(forecast, challenged);
            scores.forecast();
        } catch (RuntimeException e) { // the camera's own forecasts go on
            isBroken = true;
            scores.skipped();
            log.error("the shadow {} ended: {}; the camera's own model goes on", challenger.model(), e.getMessage());
        }
    }

    private PairedScorer scorer(CameraId camera) {
        PairedScorer scorer = scorers.remove(camera);
        if (scorer == null) {
            scorer = new PairedScorer();
            if (scorers.size() >= MOST_CAMERAS) {
                scorers.remove(scorers.keySet().iterator().next());
            }
        }
        scorers.put(camera, scorer);
        return scorer;
    }

    /** Ends the thread, and closes the challenger once that has ended. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (thread.awaitTermination(CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
                challenger.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
