package io.framecast.score;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.ForecastScore;
import io.framecast.forecast.FrameSurprise;
import io.framecast.forecast.StepScore;
import io.framecast.forecast.SurprisingStretch;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameId;
import io.framecast.frame.FrameOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Scores the forecasts of one camera as the real frames come, and lets a {@link FrameJudge} say how surprising each
 * frame was. Frames come in order; a forecast may come before or after the frames it is about, as long as those are
 * among the last {@value #RETAINED}. What is kept is bounded.
 *
 * <p>A frame is compared with the newest forecast made before it arrived. So it is judged when the next forecast is
 * known, and what is said of it does not depend on how frames and forecasts interleave on their way here.
 */
public final class CameraScorer {
    /** How many frames are kept for forecasts that are still to come. */
    public static final int RETAINED = 256;

    /** The most forecasts that wait; of more, the oldest are closed with what has come. */
    public static final int MOST_WAITING = 128;

    /**
     * A forecast comes a few frames after the one it was made at; so long is kept what all forecasts need of a frame.
     */
    private static final int NEW = 4;

    private final StepScores comparing;
    private final Deque<RealFrame> frames = new ArrayDeque<>();
    private final Deque<RealFrame> newest = new ArrayDeque<>();
    private final Deque<PendingForecast> waiting = new ArrayDeque<>();
    private final FrameJudge judge = new FrameJudge();
    private final Map<String, RecentErrorTracker> recentErrors = new HashMap<>(); // by the model's name
    private FrameOrder<RealFrame> order = FrameOrder.start();
    private long ahead;

    /** A scorer by itself. */
    public CameraScorer() {
        this(new StepScores());
    }

    /**
     * One of several that take turns on a thread.
     *
     * @param comparing which all of them use
     */
    CameraScorer(StepScores comparing) {
        this.comparing = comparing;
    }

    /**
     * A forecast that is complete.
     *
     * @param offset where its record lies
     * @param score how it fitted
     */
    public record Scored(long offset, ForecastScore score) {}

    /**
     * Takes a frame; whether and when it counts, {@link FrameOrder} says.
     *
     * @param offset where its record lies
     */
    public void frame(Frame frame, long offset) {
        Optional<FrameId> before = order.newest();
        FrameOrder.Step<RealFrame> step = order.next(frame.id(), frame.captureTime(), new RealFrame(frame, offset));
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
        waiting.stream().filter(forecast -> forecast.origin().isAfter(frame)).forEach(PendingForecast::giveUp);
        judge.turnBack();
    }

    private void add(RealFrame kept) {
        frames.addLast(kept);
        newest.addLast(kept);
        if (newest.size() > NEW) {
            newest.removeFirst().forgetSums();
        }
        ahead++;
        if (frames.size() > RETAINED) {
            frames.removeFirst();
        }
        judge.arrived(kept.frame());
        waiting.forEach(forecast -> forecast.await(kept, comparing));
        judge(false);
    }

    /**
     * Takes a forecast.
     *
     * @param offset where its record lies
     */
    public void forecast(Forecast forecast, long offset) {
        var taken = new PendingForecast(forecast, offset);
        frames.forEach(kept -> taken.see(kept, comparing));
        frames.stream().filter(kept -> !newest.contains(kept)).forEach(RealFrame::forgetSums);
        waiting.addLast(taken);
        ahead = frames.stream()
                .filter(kept -> kept.frame().id().isAfter(taken.origin()))
                .count();
        giveUpOldest();
        judge(false);
    }

    private void giveUpOldest() {
        List<PendingForecast> open =
                waiting.stream().filter(pending -> !pending.isOver()).toList();
        open.stream().limit(Math.max(0, open.size() - MOST_WAITING)).forEach(PendingForecast::giveUp);
    }

    /** Lets each forecast judge whose turn is over: its successor's origin is there, or there is none. */
    private void judge(boolean isLast) {
        List<Frame> kept = frames.stream().map(RealFrame::frame).toList();
        PendingForecast before = null;
        for (PendingForecast next : waiting) {
            if (before != null
                    && !kept.isEmpty()
                    && !next.origin().isAfter(kept.get(kept.size() - 1).id())) {
                judge.judge(before, next.forecast().origin(), kept);
            }
            before = next;
        }
        if (before != null && (isLast || before.isOver())) {
            judge.judge(before, kept);
        }
    }

    /**
     * The forecasts that became complete since the last call: the next forecast is known, and all of their frames came
     * or will not come any more.
     */
    public List<Scored> through() {
        var scored = new ArrayList<Scored>();
        for (Iterator<PendingForecast> all = waiting.iterator(); all.hasNext(); ) {
            PendingForecast first = all.next();
            if (first.isOver() || (first.isComplete() && all.hasNext())) {
                scored.add(new Scored(first.offset(), score(first)));
                all.remove();
            }
        }
        return scored;
    }

    private ForecastScore score(PendingForecast through) {
        Forecast forecast = through.forecast();
        List<StepScore> steps = through.steps();
        RecentErrorTracker recent =
                recentErrors.computeIfAbsent(forecast.model().name(), model -> new RecentErrorTracker());
        recent.next(
                forecast.expectedErrors(), steps.stream().map(StepScore::mse).toList());
        return ForecastScore.of(forecast, steps, through.surprise(), recent.recent());
    }

    /** The frames judged since the last call, in order. */
    public List<FrameSurprise> judged() {
        return judge.takeJudged();
    }

    /** The surprising stretches that began or ended since the last call. */
    public List<SurprisingStretch> stretches() {
        return judge.takeStretches();
    }

    /** Gives up what still waits: its other frames will not come. */
    public void end() {
        judge(true);
        waiting.forEach(PendingForecast::giveUp);
        judge.end();
    }

    /** Forgets its frames, not what is usual for the camera; the next one is as the first. */
    public void forgetFrames() {
        frames.clear();
        ahead = 0;
        order = FrameOrder.start();
    }

    /** Takes up what an earlier scorer of the camera said of a frame. */
    public void restore(FrameSurprise before) {
        judge.restore(before);
    }

    /** Takes up what an earlier scorer of the camera said of a stretch, after its frames. */
    public void restore(SurprisingStretch before) {
        judge.restore(before);
    }

    /** Takes up what an earlier scorer of the camera said of a forecast. */
    public void restore(ForecastScore before) {
        recentErrors
                .computeIfAbsent(before.model(), model -> new RecentErrorTracker())
                .restore(before.recent());
    }

    /** Whether no forecast waits. */
    public boolean isIdle() {
        return waiting.isEmpty();
    }

    /** How many of the frames that are kept came after the origin of the newest forecast; all, if there was none. */
    public long framesAhead() {
        return Math.min(ahead, frames.size());
    }

    /** How many forecasts wait that were made after the newest frame that has come; all, if none has. */
    public long forecastsAhead() {
        return waiting.stream()
                .filter(pending -> order.newest().map(pending.origin()::isAfter).orElse(true))
                .count();
    }

    /** The offset of the oldest frame that is kept, or {@code otherwise} if none is. */
    public long firstOffset(long otherwise) {
        return Optional.ofNullable(frames.peekFirst())
                .or(() -> order.held())
                .map(RealFrame::offset)
                .orElse(otherwise);
    }
}
