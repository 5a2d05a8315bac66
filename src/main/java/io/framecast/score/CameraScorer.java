package io.framecast.score;

import io.framecast.forecast.ErrorMap;
import io.framecast.forecast.Forecast;
import io.framecast.forecast.ForecastScore;
import io.framecast.forecast.FrameSurprise;
import io.framecast.forecast.Origin;
import io.framecast.forecast.StepScore;
import io.framecast.forecast.SurprisingStretch;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameId;
import io.framecast.frame.FrameOrder;
import io.framecast.frame.Pixels;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Scores the forecasts of one camera as the real frames come, and says how surprising each frame was. Frames come in
 * order; a forecast may come before or after the frames it is about, as long as those are among the last
 * {@value #RETAINED}. What is kept is bounded.
 *
 * <p>A frame is compared with the newest forecast made before it arrived. So it is judged when the next forecast is
 * known, and what is said of it does not depend on how frames and forecasts interleave on their way here.
 */
public final class CameraScorer {
    /** How many frames are kept for forecasts that are still to come. */
    public static final int RETAINED = 256;

    /** The most forecasts that wait; of more, the oldest is closed with what has come. */
    public static final int MOST_WAITING = 128;

    /** Squared levels of an error of 1. */
    private static final double SQUARED_LEVELS = 255.0 * 255.0;

    /** Added to errors in squared levels before they are divided, so that what is under a level says little. */
    private static final double NOISE = 0.5;

    /** After this many frames without a next forecast, the last one judges them. */
    private static final int LONGEST_TURN = RETAINED - Forecast.HORIZON;

    private static final FrameId NONE = new FrameId(Long.MIN_VALUE, 0);

    private final Deque<Kept> frames = new ArrayDeque<>();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final Surprise surprise = new Surprise();
    private final UsualErrors usual = new UsualErrors();
    private final SurprisingStretches stretches = new SurprisingStretches();
    private final Map<String, RecentErrorTracker> recentErrors = new HashMap<>(); // by the model's name
    private final List<FrameSurprise> judged = new ArrayList<>();
    private final List<SurprisingStretch> changed = new ArrayList<>();
    private FrameOrder<Kept> order = FrameOrder.start();
    private FrameId newestJudged = NONE;
    /** How many frames came in a row that are not later than the newest that was judged. */
    private int beforeJudged;

    private long ahead;

    private record Kept(Frame frame, long offset) {}

    /**
     * A forecast that is complete.
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
        private double surprise = Double.NaN;
        private boolean hasJudged;
        private boolean complete;
        private boolean through;
        private int others;

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
            complete |= ahead >= steps.length;
            through |= ahead >= LONGEST_TURN;
        }

        /** Sees a frame that comes after it; when none of its epoch comes for long, none will. */
        private void await(Frame frame) {
            see(frame);
            if (frame.epoch() != forecast.origin().epoch()) {
                through |= ++others >= LONGEST_TURN;
            }
        }

        private void score(int step, Frame frame) {
            if (last != null && frame.shape().equals(forecast.shape())) {
                steps[step] = StepScores.of(frame.shape(), forecast.frames().get(step), last, frame.pixels());
            }
        }
    }

    /**
     * Takes a frame; whether and when it counts, {@link FrameOrder} says.
     *
     * @param offset where its record lies
     */
    public void frame(Frame frame, long offset) {
        Optional<FrameId> before = order.newest();
        FrameOrder.Step<Kept> step = order.next(frame.id(), frame.captureTime(), new Kept(frame, offset));
        order = step.order();
        if (step.restarts() && before.isPresent() && before.get().isAfter(frame.id())) {
            turnBack(frame.id());
        }
        step.follows().forEach(this::add);
    }

    /** The clock was set back: what is of later epochs will not go on. */
    private void turnBack(FrameId frame) {
        frames.clear();
        ahead = 0;
        waiting.stream()
                .filter(forecast -> forecast.forecast.origin().frame().isAfter(frame))
                .forEach(forecast -> forecast.through = true);
        newestJudged = NONE;
    }

    private void add(Kept kept) {
        frames.addLast(kept);
        ahead++;
        if (frames.size() > RETAINED) {
            frames.removeFirst();
        }
        // After a restart frames come again that were judged, but no more of them than are kept.
        beforeJudged = kept.frame().id().isAfter(newestJudged) ? 0 : beforeJudged + 1;
        if (beforeJudged > RETAINED) {
            newestJudged = NONE;
        }
        waiting.forEach(forecast -> forecast.await(kept.frame()));
        judge(false);
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
                .filter(kept -> kept.frame().id().isAfter(forecast.origin().frame()))
                .count();
        if (waiting.size() > MOST_WAITING) {
            waiting.getFirst().through = true;
        }
        judge(false);
    }

    /**
     * The forecasts that became complete since the last call: the next forecast is known, and all of their frames came
     * or will not come any more.
     */
    public List<Scored> through() {
        var scored = new ArrayList<Scored>();
        for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
            Waiting first = all.next();
            if (first.through || (first.complete && all.hasNext())) {
                scored.add(new Scored(first.offset, score(first)));
                all.remove();
            }
        }
        return scored;
    }

    private ForecastScore score(Waiting through) {
        Forecast forecast = through.forecast;
        List<StepScore> steps = List.of(through.steps);
        RecentErrorTracker recent =
                recentErrors.computeIfAbsent(forecast.model().name(), model -> new RecentErrorTracker());
        recent.next(
                forecast.expectedErrors(), steps.stream().map(StepScore::mse).toList());
        return ForecastScore.of(forecast, steps, through.surprise, recent.recent());
    }

    /** The frames judged since the last call, in order. */
    public List<FrameSurprise> judged() {
        var news = List.copyOf(judged);
        judged.clear();
        return news;
    }

    /** The surprising stretches that began or ended since the last call. */
    public List<SurprisingStretch> stretches() {
        var news = List.copyOf(changed);
        changed.clear();
        return news;
    }

    /** Gives up what still waits: its other frames will not come. */
    public void end() {
        judge(true);
        waiting.forEach(forecast -> forecast.through = true);
        changed.addAll(stretches.end());
    }

    /** Forgets its frames, not what is usual for the camera; the next one is as the first. */
    public void forgetFrames() {
        frames.clear();
        ahead = 0;
        order = FrameOrder.start();
    }

    /** Takes up what an earlier scorer of the camera said of a frame. */
    public void restore(FrameSurprise before) {
        surprise.next(before.measure());
        usual.next(before.errors());
        stretches.next(before);
        newestJudged = before.frame();
    }

    /** Takes up what an earlier scorer of the camera said of a forecast. */
    public void restore(ForecastScore before) {
        recentErrors
                .computeIfAbsent(before.model(), model -> new RecentErrorTracker())
                .restore(before.recent());
    }

    /** Takes up what an earlier scorer of the camera said of a stretch, after its frames. */
    public void restore(SurprisingStretch before) {
        if (before.ended()) {
            stretches.ended(before);
        }
    }

    /** Holds frames against each forecast whose turn is over: its successor's origin is there, or there is none. */
    private void judge(boolean last) {
        Frame newest = frames.isEmpty() ? null : frames.getLast().frame();
        Waiting before = null;
        for (Waiting next : waiting) {
            if (before != null
                    && newest != null
                    && !next.forecast.origin().frame().isAfter(newest.id())) {
                judge(before, turn(before.forecast, next.forecast.origin()));
            }
            before = next;
        }
        if (before != null && (last || before.through)) {
            judge(before, before.steps.length);
        }
    }

    /** How many frames a forecast judges before the next one does, if that is of its epoch. */
    private static long turn(Forecast forecast, Origin next) {
        Origin origin = forecast.origin();
        return next.epoch() == origin.epoch()
                ? Math.min(
                        next.sequence() - origin.sequence(), forecast.frames().size())
                : forecast.frames().size();
    }

    /** All frames of its turn are there. */
    private void judge(Waiting forecast, long turn) {
        if (forecast.hasJudged) {
            return;
        }
        forecast.hasJudged = true;
        Origin origin = forecast.forecast.origin();
        for (Kept kept : frames) {
            Frame frame = kept.frame();
            long step = frame.sequence() - origin.sequence();
            boolean isNew = frame.id().isAfter(newestJudged);
            if (frame.epoch() == origin.epoch() && step >= 1 && step <= turn && isNew) {
                judge(forecast, (int) step, frame);
            }
        }
    }

    private void judge(Waiting forecast, int step, Frame frame) {
        if (forecast.steps[step - 1].isMissing()) {
            return;
        }
        Forecast seen = forecast.forecast;
        var errors = ErrorMap.of(frame.shape(), seen.frames().get(step - 1), frame.pixels());
        double expected = seen.expectedErrors().isEmpty()
                ? usual.meanSquare()
                : seen.expectedErrors().get(step - 1) * SQUARED_LEVELS;
        ErrorMap unusual = usual.next(errors);
        double measure = Math.log((unusual.meanSquare() + NOISE) / (expected + NOISE));
        var said = new FrameSurprise(
                frame.camera(),
                frame.epoch(),
                frame.sequence(),
                frame.captureTime(),
                seen.id(),
                step,
                measure,
                surprise.next(measure),
                errors,
                unusual);
        newestJudged = frame.id();
        judged.add(said);
        changed.addAll(stretches.next(said));
        if (Double.isNaN(forecast.surprise) || said.surprise() > forecast.surprise) {
            forecast.surprise = said.surprise();
        }
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
        return Optional.ofNullable(frames.peekFirst())
                .or(() -> order.held())
                .map(Kept::offset)
                .orElse(otherwise);
    }
}
