package io.framecast.score;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.Origin;
import io.framecast.frame.Frame;
import io.framecast.frame.Pixels;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scores the forecasts of one camera as the real frames come. Frames come in order; a forecast may come before or after
 * the frames it is about, as long as those are among the last {@value #RETAINED}. What is kept is bounded.
 */
public final class CameraScorer {
    /** How many frames are kept for forecasts that are still to come. */
    public static final int RETAINED = 256;

    /** The most forecasts that wait; of more, the oldest is closed with what has come. */
    public static final int MOST_WAITING = 128;

    private final Deque<Kept> frames = new ArrayDeque<>();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final Surprise surprise = new Surprise();
    private long ahead;

    private record Kept(Frame frame, long offset) {}

    /**
     * A forecast that is through.
     *
     * @param offset where its record lies
     * @param score how it fitted
     */
    public record Scored(long offset, ForecastScore score) {}

    /** A forecast and what has come of its horizon. */
    private static final class Waiting {
        private final Forecast forecast;
        private final long offset;
        private final StepScore[] steps;
        private @Nullable Pixels last;
        private boolean through;

        private Waiting(Forecast forecast, long offset) {
            this.forecast = forecast;
            this.offset = offset;
            steps = new StepScore[forecast.frames().size()];
            Arrays.fill(steps, StepScore.MISSING);
        }

        private void see(Frame frame) {
            Origin origin = forecast.origin();
            if (frame.epoch() != origin.epoch()) {
                through |= frame.epoch() > origin.epoch();
                return;
            }
            long ahead = frame.sequence() - origin.sequence();
            if (ahead == 0) {
                last = frame.pixels();
            } else if (ahead > 0 && ahead <= steps.length) {
                score((int) ahead - 1, frame);
            }
            through |= ahead >= steps.length;
        }

        private void score(int step, Frame frame) {
            if (last != null && frame.shape().equals(forecast.shape())) {
                steps[step] = StepScore.of(frame.shape(), forecast.frames().get(step), last, frame.pixels());
            }
        }
    }

    /**
     * Takes a frame, unless it is not newer than the last.
     *
     * @param offset where its record lies
     */
    public void frame(Frame frame, long offset) {
        Kept newest = frames.peekLast();
        if (newest != null && !follows(frame, newest.frame())) {
            return;
        }
        frames.addLast(new Kept(frame, offset));
        ahead++;
        if (frames.size() > RETAINED) {
            frames.removeFirst();
        }
        waiting.forEach(forecast -> forecast.see(frame));
    }

    private static boolean isAfter(Frame frame, Origin origin) {
        return frame.epoch() > origin.epoch()
                || (frame.epoch() == origin.epoch() && frame.sequence() > origin.sequence());
    }

    private static boolean follows(Frame frame, Frame before) {
        return frame.epoch() > before.epoch()
                || (frame.epoch() == before.epoch() && frame.sequence() > before.sequence());
    }

    /**
     * Takes a forecast.
     *
     * @param offset where its record lies
     */
    public void forecast(Forecast forecast, long offset) {
        var taken = new Waiting(forecast, offset);
        frames.forEach(kept -> taken.see(kept.frame()));
        waiting.addLast(taken);
        ahead = frames.stream()
                .filter(kept -> isAfter(kept.frame(), forecast.origin()))
                .count();
        if (waiting.size() > MOST_WAITING) {
            waiting.getFirst().through = true;
        }
    }

    /** The forecasts that are through since the last call: all of their frames came, or will not come any more. */
    public List<Scored> through() {
        var scored = new ArrayList<Scored>();
        for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
            Waiting forecast = all.next();
            if (forecast.through) {
                List<StepScore> steps = List.of(forecast.steps);
                double unusual = surprise.next(forecast.forecast, steps);
                scored.add(new Scored(forecast.offset, ForecastScore.of(forecast.forecast, steps, unusual)));
                all.remove();
            }
        }
        return scored;
    }

    /** Gives up what still waits: its other frames will not come. */
    public void end() {
        waiting.forEach(forecast -> forecast.through = true);
    }

    /** Whether no forecast waits. */
    public boolean isIdle() {
        return waiting.isEmpty();
    }

    /** How many of the frames that are kept came after the origin of the newest forecast; all, if there was none. */
    public long framesAhead() {
        return Math.min(ahead, frames.size());
    }

    /** The offset of the oldest frame that is kept, or {@code otherwise} if none is. */
    public long firstOffset(long otherwise) {
        return frames.isEmpty() ? otherwise : frames.getFirst().offset();
    }
}
