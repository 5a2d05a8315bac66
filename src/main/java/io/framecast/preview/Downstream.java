package io.framecast.preview;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.Punctuality;
import io.framecast.frame.CameraState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Whether forecasts and scores follow the frames of one camera, as they arrive here.
 *
 * @param punctuality whether forecasts come in time
 * @param lateSince when they began to be late
 * @param waiting when the wait for the next forecast began: at the last one, or at a frame before the first
 * @param scored when the last score came, if any did
 * @param pace the last pauses between forecasts
 */
record Downstream(
        Punctuality punctuality,
        Optional<Instant> lateSince,
        Optional<Instant> waiting,
        Optional<Instant> scored,
        Pace pace) {
    /** A model may still be loading, or a group of predictors be sharing out its cameras. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(15);

    /** Scores come when a forecast's last frame has. */
    static final Duration LONGEST_WITHOUT_SCORE = Duration.ofSeconds(60);

    /** The frames that a window, and then the time to the next one, may take. */
    private static final int SLOW = 2 * Forecast.HORIZON;

    /**
     * What is the matter.
     *
     * @param since the time it began
     * @param reason why, and a way out
     */
    record Trouble(CameraState state, Instant since, String reason) {}

    /**
     * The last two pauses between forecasts, as {@code --every} makes them.
     *
     * @param last the last one
     * @param before the one before
     */
    record Pace(Duration last, Duration before) {
        /** More than a pause or two. */
        Duration patience() {
            return (last.compareTo(before) > 0 ? last : before).multipliedBy(3);
        }
    }

    static Downstream start() {
        return new Downstream(
                Punctuality.start(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new Pace(Duration.ZERO, Duration.ZERO));
    }

    /** A frame has come; {@code isFirst} after a silence as well. */
    Downstream withFrame(boolean isFirst, Instant now) {
        return isFirst || waiting.isEmpty()
                ? new Downstream(punctuality, lateSince, Optional.of(now), scored.map(last -> now), pace)
                : this;
    }

    /** A forecast has come; {@code age} is how far it lies behind the newest frame. */
    Downstream with(Forecast forecast, Duration age, Instant now) {
        Punctuality newest = punctuality.with(forecast, age, ChronoUnit.NANOS.between(Instant.EPOCH, now));
        Optional<Instant> since = newest.isLate() ? lateSince.or(() -> Optional.of(now)) : Optional.empty();
        Duration pause = waiting.map(last -> Duration.between(last, now)).orElse(Duration.ZERO);
        return new Downstream(newest, since, Optional.of(now), scored, new Pace(pause, pace.last()));
    }

    Downstream withScore(Instant now) {
        return new Downstream(punctuality, lateSince, waiting, Optional.of(now), pace);
    }

    /**
     * What is the matter now, with a camera whose frames come.
     *
     * @param interval the usual time between its frames
     */
    Optional<Trouble> trouble(Instant now, Duration interval) {
        Duration slow = interval.multipliedBy(SLOW).plus(pace.patience());
        if (hasPassed(waiting, LONGEST_WAIT.plus(slow), now)) {
            return trouble(
                    CameraState.NO_FORECAST, waiting, "no forecast comes; is a predictor running? its log says why");
        }
        if (punctuality.isLate()) {
            return trouble(CameraState.OVERLOADED, lateSince, punctuality.words());
        }
        if (hasPassed(scored, LONGEST_WITHOUT_SCORE.plus(slow), now)) {
            return trouble(CameraState.NO_SCORE, scored, "no score comes any more; the log of what scores says why");
        }
        return Optional.empty();
    }

    private static boolean hasPassed(Optional<Instant> since, Duration longest, Instant now) {
        return since.filter(begun -> Duration.between(begun, now).compareTo(longest) > 0)
                .isPresent();
    }

    private static Optional<Trouble> trouble(CameraState state, Optional<Instant> since, String reason) {
        return since.map(begun -> new Trouble(state, begun, reason));
    }
}
