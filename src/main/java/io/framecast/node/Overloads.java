package io.framecast.node;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.Punctuality;
import io.framecast.frame.CameraId;
import io.framecast.frame.CameraState;
import io.framecast.frame.CameraStatus;
import io.framecast.frame.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The cameras whose forecasts this process makes too late to be of use. */
final class Overloads {
    /** After so long without a forecast a camera is not what overloads this process, unless its forecasts are rare. */
    private static final Duration FORGOTTEN = Duration.ofSeconds(30);

    /** A multiple of the time between the last two forecasts, where they are rare. */
    private static final int MISSED = 3;

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);
    private static final int NAMED = 3;

    /** Bounds memory against a producer that makes up camera ids. */
    private static final int MOST_CAMERAS = 1000;

    private final Ticker ticker;
    private final Map<CameraId, Camera> cameras = new ConcurrentHashMap<>();

    Overloads(Ticker ticker) {
        this.ticker = ticker;
    }

    /** One camera; written by the worker's thread. */
    private static final class Camera {
        private final Sinks.Many<Optional<Overload>> changes =
                Sinks.many().replay().latestOrDefault(Optional.empty());
        private volatile Punctuality punctuality = Punctuality.start();
        private volatile OptionalLong lastForecast = OptionalLong.empty();
        private volatile Duration between = Duration.ZERO;
    }

    private record Overload(Instant since, String words) {}

    /**
     * A forecast was made.
     *
     * @param age from the capture of its newest given frame until it was made
     */
    void forecast(Forecast forecast, Duration age) {
        CameraId id = forecast.origin().camera();
        if (!cameras.containsKey(id) && cameras.size() >= MOST_CAMERAS) {
            return;
        }
        Camera camera = of(id);
        boolean wasLate = camera.punctuality.isLate();
        if (isForgotten(camera)) {
            camera.punctuality = Punctuality.start();
        }
        if (camera.lastForecast.isPresent()) {
            camera.between = ticker.since(camera.lastForecast.getAsLong());
        }
        camera.lastForecast = OptionalLong.of(ticker.nanos());
        camera.punctuality = camera.punctuality.with(forecast, age, ticker.nanos());
        if (camera.punctuality.isLate() != wasLate) {
            camera.changes.tryEmitNext(
                    wasLate ? Optional.empty() : Optional.of(new Overload(Instant.now(), camera.punctuality.words())));
        }
    }

    private boolean isForgotten(Camera camera) {
        Duration rare = camera.between.multipliedBy(MISSED);
        Duration longest = rare.compareTo(FORGOTTEN) > 0 ? rare : FORGOTTEN;
        return camera.lastForecast.isPresent()
                && ticker.since(camera.lastForecast.getAsLong()).compareTo(longest) > 0;
    }

    private Camera of(CameraId id) {
        return cameras.computeIfAbsent(id, key -> new Camera());
    }

    /**
     * A camera's status with what is the matter with its forecasts, now and as that changes. A status that is bad
     * anyway stays as it is.
     */
    Flux<CameraStatus> with(CameraStatus status) {
        if (status.state() != CameraState.LIVE) {
            return Flux.just(status);
        }
        Camera camera = of(status.camera());
        return camera.changes
                .asFlux()
                .switchMap(change -> change.isEmpty() ? Flux.just(change) : whileKnown(camera, change))
                .map(overload -> overload.map(late -> worse(status, late)).orElse(status));
    }

    /** An overload until no forecast has come for long: then another process has the camera, or none. */
    private Flux<Optional<Overload>> whileKnown(Camera camera, Optional<Overload> overload) {
        return Flux.concat(Mono.just(0L), Flux.interval(LOOK_AGAIN).onBackpressureDrop())
                .map(tick -> isForgotten(camera) ? Optional.<Overload>empty() : overload)
                .distinctUntilChanged();
    }

    private static CameraStatus worse(CameraStatus status, Overload overload) {
        return new CameraStatus(
                status.camera(),
                CameraState.OVERLOADED,
                overload.since(),
                status.lastFrame(),
                status.reconnects(),
                overload.words());
    }

    /** What keeps the predictor from being of use, with the way out; empty when nothing does. */
    Optional<String> obstacle() {
        List<Map.Entry<CameraId, Camera>> late = cameras.entrySet().stream()
                .filter(entry -> entry.getValue().punctuality.isLate())
                .filter(entry -> !isForgotten(entry.getValue()))
                .sorted(Map.Entry.comparingByKey())
                .toList();
        String names =
                late.stream().limit(NAMED).map(entry -> entry.getKey().value()).collect(Collectors.joining(", "));
        String more = late.size() > NAMED ? " and " + (late.size() - NAMED) + " more" : "";
        return late.stream()
                .map(entry -> entry.getValue().punctuality)
                .max(Comparator.comparing(Punctuality::age))
                .map(worst -> "predict: overloaded by " + names + more + ": " + worst.words());
    }
}
