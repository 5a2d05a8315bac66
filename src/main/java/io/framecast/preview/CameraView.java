package io.framecast.preview;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.ForecastScore;
import io.framecast.forecast.FrameSurprise;
import io.framecast.forecast.RecentErrors;
import io.framecast.forecast.SurprisingStretch;
import io.framecast.frame.CameraId;
import io.framecast.frame.CameraPicture;
import io.framecast.frame.CameraState;
import io.framecast.frame.CameraStatus;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameId;
import io.framecast.frame.FrameOrder;
import io.framecast.score.RunningSkill;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * The newest that is known of one camera, at one moment.
 *
 * @param camera which camera
 * @param status its newest status, if one came
 * @param frame its newest frame, if one came
 * @param picture its newest picture in full, if one came
 * @param forecast its newest forecast, if one came
 * @param score the newest score of its forecasts, if one came
 * @param skill how good its forecasts have been lately
 * @param timeline its last minutes; goes on changing
 * @param downstream whether forecasts and scores follow its frames
 * @param interval the usual time between its frames, as their capture times tell; zero when not known
 * @param order which of its next frames count
 */
public record CameraView(
        CameraId camera,
        Optional<CameraStatus> status,
        Optional<Arrival<Frame>> frame,
        Optional<Arrival<CameraPicture>> picture,
        Optional<Arrival<Forecast>> forecast,
        Optional<ForecastScore> score,
        RunningSkill skill,
        CameraTimeline timeline,
        Downstream downstream,
        Duration interval,
        FrameOrder<Frame> order) {
    /** A camera is silent after this long without a frame, or four of its usual intervals if that is longer. */
    static final Duration SILENT_AFTER = Duration.ofSeconds(2);

    /** A picture that differs in time from the newest frame by more than this is not shown in its place. */
    private static final Duration PICTURE_KEPT = Duration.ofSeconds(3);

    /** Each new interval moves the usual one by this part. */
    private static final int SMOOTHING = 8;

    public static CameraView of(CameraId camera) {
        return new CameraView(
                camera,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                RunningSkill.none(),
                new CameraTimeline(),
                Downstream.start(),
                Duration.ZERO,
                FrameOrder.start());
    }

    public CameraView with(CameraStatus newest) {
        return new CameraView(
                camera,
                Optional.of(newest),
                frame,
                picture,
                forecast,
                score,
                skill,
                timeline,
                downstream,
                interval,
                order);
    }

    /** The view with a newer frame; without it if the frame is a repeated, late or stray one. */
    public CameraView with(Frame newest, Instant now) {
        FrameOrder.Step<Frame> step = order.next(newest.id(), newest.captureTime(), newest);
        CameraView view = this;
        for (Frame follows : step.follows()) {
            view = view.showing(follows, now);
        }
        return new CameraView(
                camera,
                status,
                view.frame,
                picture,
                forecast,
                score,
                skill,
                timeline,
                view.downstream,
                view.interval,
                step.order());
    }

    private CameraView showing(Frame newest, Instant now) {
        long number = frame.map(Arrival::number).orElse(0L) + 1;
        return new CameraView(
                camera,
                status,
                Optional.of(new Arrival<>(newest, now, number)),
                picture,
                forecast,
                score,
                skill,
                timeline,
                downstream.withFrame(isStale(now), now),
                intervalUntil(newest),
                order);
    }

    /** The view with a newer picture; pictures of a camera come in order. */
    public CameraView with(CameraPicture newest, Instant now) {
        long number = picture.map(Arrival::number).orElse(0L) + 1;
        return new CameraView(
                camera,
                status,
                frame,
                Optional.of(new Arrival<>(newest, now, number)),
                forecast,
                score,
                skill,
                timeline,
                downstream,
                interval,
                order);
    }

    /** The picture that is shown in place of the newest frame: one of about the same time, if there is one. */
    public Optional<CameraPicture> shownPicture() {
        return picture.map(Arrival::value)
                .filter(shown -> frame.map(Arrival::value)
                        .filter(newest -> Duration.between(shown.captureTime(), newest.captureTime())
                                        .abs()
                                        .compareTo(PICTURE_KEPT)
                                <= 0)
                        .isPresent());
    }

    /** The view with a newer forecast; this view itself if one from a later origin is there that still goes on. */
    public CameraView with(Forecast newest, Instant now) {
        if (forecast.isPresent()
                && isSuperseded(
                        newest.origin().frame(), forecast.get().value().origin().frame())) {
            return this;
        }
        long number = forecast.map(Arrival::number).orElse(0L) + 1;
        return new CameraView(
                camera,
                status,
                frame,
                picture,
                Optional.of(new Arrival<>(newest, now, number)),
                score,
                skill,
                timeline,
                downstream.with(newest, age(newest, now), now),
                interval,
                order);
    }

    public CameraView with(ForecastScore newest, Instant now) {
        timeline.accept(newest);
        return new CameraView(
                camera,
                status,
                frame,
                picture,
                forecast,
                Optional.of(newest),
                skill.with(newest),
                timeline,
                downstream.withScore(now),
                interval,
                order);
    }

    public CameraView with(FrameSurprise newest) {
        timeline.accept(newest);
        return this;
    }

    public CameraView with(SurprisingStretch newest) {
        timeline.accept(newest);
        return this;
    }

    /** What the camera is doing: the worst of capture, forecasts and scores. */
    public CameraState state(Instant now) {
        return trouble(now).map(Downstream.Trouble::state).orElseGet(this::captured);
    }

    /** When that began, if it is known. */
    public Optional<Instant> since(Instant now) {
        return trouble(now).map(Downstream.Trouble::since).or(() -> status.map(CameraStatus::since));
    }

    /** Why, in words for a person; empty when there is nothing to explain. */
    public String reason(Instant now) {
        return trouble(now)
                .map(Downstream.Trouble::reason)
                .or(() -> status.map(CameraStatus::reason))
                .orElse("");
    }

    private Optional<Downstream.Trouble> trouble(Instant now) {
        return captured().isDelivering() && !isStale(now) ? downstream.trouble(now, interval) : Optional.empty();
    }

    /** As its status says, or without one, live as soon as there is a frame. */
    private CameraState captured() {
        return status.map(CameraStatus::state).orElse(frame.isPresent() ? CameraState.LIVE : CameraState.CONNECTING);
    }

    /** Whether the picture must not look live: the camera is not, or has been silent for too long. */
    public boolean isStale(Instant now) {
        if (frame.isEmpty() || !captured().isDelivering()) {
            return true;
        }
        var patience = interval.multipliedBy(4);
        var silence = silence(now);
        // Negative when this machine's clock was set back since: then the next frame tells.
        return silence.isNegative()
                || silence.compareTo(patience.compareTo(SILENT_AFTER) > 0 ? patience : SILENT_AFTER) > 0;
    }

    /** When its picture became stale: the end of its last good state, or its newest frame's arrival. */
    public Optional<Instant> staleSince(Instant now) {
        if (!isStale(now)) {
            return Optional.empty();
        }
        return captured().isDelivering() ? frame.map(Arrival::at) : status.map(CameraStatus::since);
    }

    /** Frames a second, 0 when not known or silent. */
    public double framesPerSecond(Instant now) {
        return interval.isZero() || isStale(now) ? 0 : 1e9 / interval.toNanos();
    }

    /**
     * How far off each frame of the newest forecast is expected to be: the root of the mean squared error that its
     * model expects, corrected by what occurred lately on this camera, values taken as 0 to 1; empty if it expects
     * nothing.
     */
    public List<Double> expectedErrors() {
        if (forecast.isEmpty()) {
            return List.of();
        }
        Forecast newest = forecast.get().value();
        RecentErrors recent = score.filter(
                        scored -> scored.model().equals(newest.model().name()))
                .map(ForecastScore::recent)
                .orElse(RecentErrors.none());
        return recent.correct(newest.expectedErrors()).stream().map(Math::sqrt).toList();
    }

    /** How far a forecast's newest given frame lies behind the camera's newest frame here; no clocks are compared. */
    private Duration age(Forecast newest, Instant now) {
        Instant origin = newest.origin().time();
        return frame.map(shown ->
                        Duration.between(origin, shown.value().captureTime()).plus(Duration.between(shown.at(), now)))
                .orElse(Duration.ZERO);
    }

    /** When it was last heard of. */
    Instant lastHeard() {
        var heard = frame.map(Arrival::at).orElse(Instant.MIN);
        var forecastHeard = forecast.map(Arrival::at).orElse(Instant.MIN);
        return heard.isAfter(forecastHeard) ? heard : forecastHeard;
    }

    private Duration silence(Instant now) {
        return frame.map(newest -> Duration.between(newest.at(), now)).orElse(Duration.ZERO);
    }

    private Duration intervalUntil(Frame newest) {
        var previous = frame.map(Arrival::value).filter(before -> before.epoch() == newest.epoch());
        if (previous.isEmpty()) {
            return interval;
        }
        long step = ChronoUnit.NANOS.between(previous.get().captureTime(), newest.captureTime());
        if (step <= 0) {
            return interval;
        }
        long usual = interval.isZero() ? step : interval.toNanos();
        return Duration.ofNanos(usual + (step - usual) / SMOOTHING);
    }

    /** A later origin counts unless it lies in an epoch that the camera has left for an earlier one, or never had. */
    private boolean isSuperseded(FrameId origin, FrameId other) {
        boolean abandoned =
                order.newest().filter(frame -> frame.epoch() < other.epoch()).isPresent();
        return other.isAfter(origin) && !abandoned;
    }
}
