package io.framecast.preview.http;

import io.framecast.frame.CameraId;
import io.framecast.preview.CameraTimeline;
import io.framecast.preview.CameraView;
import io.framecast.preview.CameraViews;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * What one page has yet to see. It asks for a message when it has drawn the last one, and gets the newest of all that
 * changed since, so a slow page skips frames and never falls behind.
 */
final class EventFeed {
    /** The states of all cameras are sent anew after this long, changed or not. */
    private static final Duration CAMERAS_PACE = Duration.ofSeconds(1);

    /** The least time before a message, so that many cameras travel in one. */
    private static final Duration PACE = Duration.ofMillis(25);

    /** Forecasts wait for the next message when one has grown to this many bytes. */
    private static final int MESSAGE_BYTES = 2 << 20;
    /** Of them for pictures: the rest is for forecasts. */
    private static final int PICTURE_BYTES = MESSAGE_BYTES / 2;

    private final Map<CameraId, Long> framesSent = new HashMap<>();
    private final Map<CameraId, Long> picturesSent = new HashMap<>();
    private final Map<CameraId, Long> forecastsSent = new HashMap<>();
    private final Map<CameraId, Long> timelinesSent = new HashMap<>();
    private final CameraViews views;
    private final EventSections sections;
    private final Scheduler thread;
    private Instant camerasSent = Instant.EPOCH;
    private List<Object> statusesSent = List.of();

    /** @param thread where messages are put together */
    EventFeed(CameraViews views, EventSections sections, Scheduler thread) {
        this.views = views;
        this.sections = sections;
        this.thread = thread;
    }

    /** The next message in its sections, as soon as there is something new. One at a time. */
    Mono<List<byte[]>> next() {
        return Mono.delay(PACE, thread)
                .thenMany(Flux.merge(views.changes(), Flux.interval(Duration.ZERO, CAMERAS_PACE, thread)))
                .onBackpressureLatest()
                .publishOn(thread, 1)
                .map(change -> collect(views.clock().instant()))
                .filter(message -> !message.isEmpty())
                .next();
    }

    private List<byte[]> collect(Instant now) {
        var message = new ArrayList<byte[]>();
        var cameras = views.all();
        addCameras(message, cameras, now);
        cameras.forEach(camera -> addFrame(message, camera));
        addPictures(message, cameras);
        cameras.forEach(camera -> addTimeline(message, camera));
        addForecasts(message, cameras);
        return message;
    }

    private void addCameras(List<byte[]> message, List<CameraView> cameras, Instant now) {
        var statuses = cameras.stream().<Object>map(CameraView::status).toList();
        boolean due = Duration.between(camerasSent, now).abs().compareTo(CAMERAS_PACE) >= 0;
        if (due || !statuses.equals(statusesSent)) {
            var shown = cameras.stream().map(CameraView::camera).toList();
            framesSent.keySet().retainAll(shown);
            picturesSent.keySet().retainAll(shown);
            forecastsSent.keySet().retainAll(shown);
            timelinesSent.keySet().retainAll(shown);
            statusesSent = statuses;
            camerasSent = now;
            message.add(sections.cameras(cameras, now));
        }
    }

    private void addFrame(List<byte[]> message, CameraView camera) {
        camera.frame()
                .filter(frame -> isNew(framesSent, camera.camera(), frame.number()))
                .ifPresent(frame -> {
                    framesSent.put(camera.camera(), frame.number());
                    message.add(sections.frame(frame.value()));
                });
    }

    /** Adds pictures while they leave room for forecasts; cameras that got few so far come first. */
    private void addPictures(List<byte[]> message, List<CameraView> cameras) {
        int size = 0;
        var waiting = cameras.stream()
                .filter(camera -> camera.picture().isPresent())
                .filter(camera -> isNew(
                        picturesSent,
                        camera.camera(),
                        camera.picture().orElseThrow().number()))
                .sorted(Comparator.comparing(camera -> picturesSent.getOrDefault(camera.camera(), 0L)))
                .toList();
        for (var camera : waiting) {
            if (size > PICTURE_BYTES) {
                return;
            }
            var picture = camera.picture().orElseThrow();
            var section = sections.picture(picture.value());
            picturesSent.put(camera.camera(), picture.number());
            message.add(section);
            size += section.length;
        }
    }

    private void addTimeline(List<byte[]> message, CameraView camera) {
        long known = timelinesSent.getOrDefault(camera.camera(), 0L);
        CameraTimeline.News news = camera.timeline().since(known);
        if (news.version() > known) {
            timelinesSent.put(camera.camera(), news.version());
            message.add(sections.timeline(camera.camera(), news));
        }
    }

    /** Adds forecasts while there is room; cameras that got few so far come first. */
    private void addForecasts(List<byte[]> message, List<CameraView> cameras) {
        int size = message.stream().mapToInt(section -> section.length).sum();
        var waiting = cameras.stream()
                .filter(camera -> camera.forecast().isPresent())
                .filter(camera -> isNew(
                        forecastsSent,
                        camera.camera(),
                        camera.forecast().orElseThrow().number()))
                .sorted(Comparator.comparing(camera -> forecastsSent.getOrDefault(camera.camera(), 0L)))
                .toList();
        for (var camera : waiting) {
            if (size > MESSAGE_BYTES) {
                return;
            }
            var forecast = camera.forecast().orElseThrow();
            var section = sections.forecast(forecast.value());
            forecastsSent.put(camera.camera(), forecast.number());
            message.add(section);
            size += section.length;
        }
    }

    private static boolean isNew(Map<CameraId, Long> sent, CameraId camera, long number) {
        return sent.getOrDefault(camera, 0L) != number;
    }
}
