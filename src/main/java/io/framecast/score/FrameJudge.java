package io.framecast.score;

import io.framecast.forecast.ErrorMap;
import io.framecast.forecast.Forecast;
import io.framecast.forecast.FrameSurprise;
import io.framecast.forecast.Origin;
import io.framecast.forecast.SurprisingStretch;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameId;
import java.util.ArrayList;
import java.util.List;

/**
 * Says how surprising each frame of one camera was, by the forecast whose turn it was, and which stretches of them were
 * surprising. Each frame is judged once, also after a restart.
 */
final class FrameJudge {
    /** Squared levels of an error of 1. */
    private static final double SQUARED_LEVELS = 255.0 * 255.0;

    /** Added to errors in squared levels before they are divided, so that what is under a level says little. */
    private static final double NOISE = 0.5;

    private static final FrameId NONE = new FrameId(Long.MIN_VALUE, 0);

    private Surprise surprise = new Surprise();
    private UsualErrors usual = new UsualErrors();
    private String model = "";
    private final SurprisingStretches stretches = new SurprisingStretches();
    private final List<FrameSurprise> judged = new ArrayList<>();
    private final List<SurprisingStretch> changed = new ArrayList<>();
    private FrameId newestJudged = NONE;
    /** How many frames came in a row that are not later than the newest that was judged. */
    private int beforeJudged;

    /** A frame came; after a restart frames come again that were judged, but no more of them than are kept. */
    void arrived(Frame frame) {
        beforeJudged = frame.id().isAfter(newestJudged) ? 0 : beforeJudged + 1;
        if (beforeJudged > CameraScorer.RETAINED) {
            newestJudged = NONE;
        }
    }

    /** The camera's clock was set back: earlier frames come that were not judged. */
    void turnBack() {
        newestJudged = NONE;
    }

    /**
     * Judges the frames of a forecast's turn: those up to the origin of its successor.
     *
     * @param frames all that are kept
     */
    void judge(PendingForecast forecast, Origin next, Iterable<Frame> frames) {
        judge(forecast, turn(forecast.forecast(), next), frames);
    }

    /** Judges the frames of a forecast that has no successor. */
    void judge(PendingForecast forecast, Iterable<Frame> frames) {
        judge(forecast, forecast.forecast().frames().size(), frames);
    }

    /** How many frames a forecast judges before the next one does, if that is of its epoch. */
    private static long turn(Forecast forecast, Origin next) {
        Origin origin = forecast.origin();
        int horizon = forecast.frames().size();
        return next.epoch() == origin.epoch() ? Math.min(next.sequence() - origin.sequence(), horizon) : horizon;
    }

    private void judge(PendingForecast forecast, long turn, Iterable<Frame> frames) {
        if (!forecast.takeTurn()) {
            return;
        }
        FrameId origin = forecast.origin();
        for (Frame frame : frames) {
            long step = frame.sequence() - origin.sequence();
            boolean isNew = frame.id().isAfter(newestJudged);
            if (frame.epoch() == origin.epoch() && step >= 1 && step <= turn && isNew) {
                judge(forecast, (int) step, frame);
            }
        }
    }

    private void judge(PendingForecast forecast, int step, Frame frame) {
        if (forecast.steps().get(step - 1).isMissing()) {
            return;
        }
        Forecast seen = forecast.forecast();
        judgedBy(seen.id());
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
        forecast.surprises(said.surprise());
    }

    /** What is usual of one model's errors says nothing of another's, so with another model it is learnt anew. */
    private void judgedBy(String forecastId) {
        String name = forecastId.substring(forecastId.lastIndexOf('/') + 1);
        if (!model.isEmpty() && !name.equals(model)) {
            surprise = new Surprise();
            usual = new UsualErrors();
        }
        model = name;
    }

    /** The frames judged since the last call, in order. */
    List<FrameSurprise> takeJudged() {
        var news = List.copyOf(judged);
        judged.clear();
        return news;
    }

    /** The surprising stretches that began or ended since the last call. */
    List<SurprisingStretch> takeStretches() {
        var news = List.copyOf(changed);
        changed.clear();
        return news;
    }

    /** No frame comes any more: a stretch that lasts ends. */
    void end() {
        changed.addAll(stretches.end());
    }

    /** Takes up what an earlier judge said of a frame. */
    void restore(FrameSurprise before) {
        judgedBy(before.forecastId());
        surprise.next(before.measure());
        usual.next(before.errors());
        stretches.next(before);
        newestJudged = before.frame();
    }

    /** Takes up what an earlier judge said of a stretch, after its frames. */
    void restore(SurprisingStretch before) {
        if (before.ended()) {
            stretches.ended(before);
        }
    }
}
