package io.framecast.score;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.ForecastScore;
import io.framecast.frame.Frame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Scores two forecasts of each window of one camera, on the same real frames. For one thread; what it keeps is bounded,
 * see {@link CameraScorer}.
 */
public final class PairedScorer {
    private final CameraScorer scorer = new CameraScorer();
    private final Map<Long, ForecastScore> halves = new HashMap<>();
    private long number;

    /**
     * The scores of two forecasts of one window.
     *
     * @param first of the first forecast
     * @param second of the other
     */
    public record Pair(ForecastScore first, ForecastScore second) {}

    /** Takes the next frame of the camera. */
    public void frame(Frame frame) {
        scorer.frame(frame, 0);
    }

    /**
     * Takes two forecasts of one window.
     *
     * @throws IllegalArgumentException if they start from different frames
     */
    public void forecasts(Forecast first, Forecast second) {
        if (!first.origin().equals(second.origin())) {
            throw new IllegalArgumentException(first.id() + " and " + second.id() + " start from different frames");
        }
        scorer.forecast(first, number++);
        scorer.forecast(second, number++);
    }

    /** The pairs that are complete since the last call: all frames of their horizon have come, or will not. */
    public List<Pair> takePairs() {
        scorer.judged();
        scorer.stretches();
        var pairs = new ArrayList<Pair>();
        for (CameraScorer.Scored scored : scorer.through()) {
            ForecastScore other = halves.remove(scored.offset() ^ 1);
            if (other == null) {
                halves.put(scored.offset(), scored.score());
            } else {
                boolean isFirst = scored.offset() % 2 == 0;
                pairs.add(isFirst ? new Pair(scored.score(), other) : new Pair(other, scored.score()));
            }
        }
        return pairs;
    }
}
