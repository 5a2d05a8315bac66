package io.framecast.score;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.Origin;
import io.framecast.forecast.StepScore;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameId;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A forecast and what has come of its horizon. */
final class PendingForecast {
    /** After this many frames without a next forecast, no more is waited for. */
    private static final int LONGEST_TURN = CameraScorer.RETAINED - Forecast.HORIZON;

    private final Forecast forecast;
    private final long offset;
    private final StepScore[] steps;
    private @Nullable WindowSums last;
    private double surprise = Double.NaN;
    private boolean hasJudged;
    private boolean complete;
    private boolean over;
    private int others;

    /**
     * Nothing of its horizon has come.
     *
     * @param offset where its record lies
     */
    PendingForecast(Forecast forecast, long offset) {
        this.forecast = forecast;
        this.offset = offset;
        steps = new StepScore[forecast.frames().size()];
        Arrays.fill(steps, StepScore.MISSING);
    }

    /** What was foretold. */
    Forecast forecast() {
        return forecast;
    }

    /** Where its record lies. */
    long offset() {
        return offset;
    }

    /** The frame it was made at. */
    FrameId origin() {
        return forecast.origin().frame();
    }

    /** Compares a frame that came before it, or with it. */
    void see(RealFrame real, StepScores comparing) {
        Frame frame = real.frame();
        Origin origin = forecast.origin();
        if (frame.epoch() != origin.epoch()) {
            over |= frame.epoch() > origin.epoch();
            return;
        }
        long ahead = frame.sequence() - origin.sequence();
        if (ahead == 0) {
            last = real.sums(comparing);
        } else if (ahead > 0 && ahead <= steps.length) {
            score((int) ahead - 1, real, comparing);
        }
        complete |= ahead >= steps.length;
        over |= ahead >= LONGEST_TURN;
    }

    /** Compares a frame that comes after it; when none of its epoch comes for long, none will. */
    void await(RealFrame real, StepScores comparing) {
        see(real, comparing);
        if (real.frame().epoch() != forecast.origin().epoch()) {
            over |= ++others >= LONGEST_TURN;
        }
    }

    private void score(int step, RealFrame real, StepScores comparing) {
        WindowSums origin = last;
        if (origin != null
                && origin.shape().equals(forecast.shape())
                && real.frame().shape().equals(forecast.shape())) {
            steps[step] = comparing.of(forecast.frames().get(step), origin, real.sums(comparing));
        }
    }

    /** Whether the last frame of its horizon, or a later one, has come. */
    boolean isComplete() {
        return complete;
    }

    /** Whether nothing more of it is waited for. */
    boolean isOver() {
        return over;
    }

    /** Nothing more of it is waited for. */
    void giveUp() {
        over = true;
    }

    /** The scores of its steps; those whose frame did not come are missing. */
    List<StepScore> steps() {
        return List.of(steps);
    }

    /** Whether it has judged frames; from now on it has. */
    boolean takeTurn() {
        boolean first = !hasJudged;
        hasJudged = true;
        return first;
    }

    /** One of the frames it judged was so surprising. */
    void surprises(double value) {
        if (Double.isNaN(surprise) || value > surprise) {
            surprise = value;
        }
    }

    /** The largest surprise of the frames it judged, or NaN if it judged none. */
    double surprise() {
        return surprise;
    }
}
