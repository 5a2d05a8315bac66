package io.framecast.preview;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.ForecastScore;
import io.framecast.forecast.FrameSurprise;
import io.framecast.forecast.SurprisingStretch;
import io.framecast.frame.CameraId;
import io.framecast.frame.CameraPicture;
import io.framecast.frame.CameraStatus;
import io.framecast.frame.Frame;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * What every camera shows now: fed by the pipeline, read by any number of viewers. Holds the newest frame, forecast and
 * status of a camera and minutes of figures, so its memory is bounded; feeding it never waits for a viewer. Safe for
 * any number of threads.
 */
public final class CameraViews {
    /** How many cameras it shows; of more, the one silent for longest goes. */
    public static final int MOST_CAMERAS = 256;

    private static final int MOST_REMOVED = 10_000;

    private final ConcurrentHashMap<CameraId, CameraView> views = new ConcurrentHashMap<>();
    private final Set<CameraId> removed = ConcurrentHashMap.newKeySet();
    private final Sinks.Many<CameraId> changes = Sinks.many().multicast().directBestEffort();
    private final InstantSource clock;
    private final int mostCameras;

    /** Views of up to {@value #MOST_CAMERAS} cameras on this machine's clock. */
    public CameraViews() {
        this(Clock.systemUTC(), MOST_CAMERAS);
    }

    CameraViews(InstantSource clock, int mostCameras) {
        this.clock = clock;
        this.mostCameras = mostCameras;
    }

    /** Shows a frame, unless it is a repeated or late one. */
    public void accept(Frame frame) {
        update(frame.camera(), view -> view.with(frame, clock.instant()));
    }

    /** Shows a picture in full. */
    public void accept(CameraPicture picture) {
        update(picture.camera(), view -> view.with(picture, clock.instant()));
    }

    /** Shows a forecast, unless one from a later origin is shown. */
    public void accept(Forecast forecast) {
        update(forecast.origin().camera(), view -> view.with(forecast, clock.instant()));
    }

    /** Shows how well a forecast fitted. */
    public void accept(ForecastScore score) {
        update(score.origin().camera(), view -> view.with(score, clock.instant()));
    }

    /** Shows how surprising a frame was. */
    public void accept(FrameSurprise surprise) {
        update(surprise.camera(), view -> view.with(surprise));
    }

    /** Shows that a surprising stretch began or ended. */
    public void accept(SurprisingStretch stretch) {
        update(stretch.camera(), view -> view.with(stretch));
    }

    /** Shows what a camera is doing. */
    public void accept(CameraStatus status) {
        removed.remove(status.camera());
        update(status.camera(), view -> view.with(status));
    }

    /**
     * Shows a camera no more, until it has a status again: what is still on its way does not bring it back.
     *
     * @param camera its id, or what is none
     */
    public void remove(String camera) {
        views.keySet().stream().filter(known -> known.value().equals(camera)).forEach(known -> {
            if (removed.size() < MOST_REMOVED) {
                removed.add(known);
            }
            views.remove(known);
            tell(known);
        });
    }

    /** The cameras, in the order of their names. */
    public List<CameraView> all() {
        return views.values().stream()
                .sorted(Comparator.comparing(CameraView::camera))
                .toList();
    }

    /** One camera, if it is known. */
    public Optional<CameraView> view(CameraId camera) {
        return Optional.ofNullable(views.get(camera));
    }

    /**
     * The cameras as they change, for those who watch at that moment. A subscriber that asks too slowly misses changes;
     * the newest state is always in {@link #view}.
     */
    public Flux<CameraId> changes() {
        return changes.asFlux();
    }

    public InstantSource clock() {
        return clock;
    }

    private void update(CameraId camera, UnaryOperator<CameraView> change) {
        if (removed.contains(camera)) {
            return;
        }
        views.compute(camera, (id, view) -> change.apply(view == null ? CameraView.of(id) : view));
        if (views.size() > mostCameras) {
            removeMostSilent(camera);
        }
        tell(camera);
    }

    private void tell(CameraId camera) {
        synchronized (changes) { // held for the hand-over to queues only
            changes.tryEmitNext(camera);
        }
    }

    private void removeMostSilent(CameraId newest) {
        views.values().stream()
                .filter(view -> !view.camera().equals(newest))
                .min(Comparator.comparing(CameraView::lastHeard))
                .ifPresent(view -> views.remove(view.camera()));
    }
}
