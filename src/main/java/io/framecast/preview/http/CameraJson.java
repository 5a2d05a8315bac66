package io.framecast.preview.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.framecast.forecast.Forecast;
import io.framecast.forecast.FrameSurprise;
import io.framecast.forecast.LatencyStamps;
import io.framecast.forecast.SurprisingStretch;
import io.framecast.frame.CameraId;
import io.framecast.frame.CameraStatus;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.preview.Arrival;
import io.framecast.preview.CameraTimeline;
import io.framecast.preview.CameraView;
import io.framecast.preview.clips.KeptClip;
import io.framecast.preview.history.CameraHistories;
import io.framecast.preview.history.Moment;
import io.framecast.score.RunningSkill;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Cameras and forecasts in JSON: times in ISO 8601, ages and latencies in milliseconds. */
final class CameraJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private CameraJson() {}

    static ObjectNode error(String message) {
        return JSON.objectNode().put("error", message);
    }

    /** What the page shows when it opens its WebSocket, and whether it may change cameras. */
    static ObjectNode ticket(String ticket, boolean camerasCanChange) {
        return JSON.objectNode().put("ticket", ticket).put("camerasCanChange", camerasCanChange);
    }

    static ObjectNode health(String status, List<String> notReady) {
        var health = JSON.objectNode().put("status", status);
        if (!notReady.isEmpty()) {
            notReady.forEach(health.putArray("notReady")::add);
        }
        return health;
    }

    static ObjectNode cameras(List<CameraView> cameras, Instant now) {
        var answer = JSON.objectNode();
        answer.put("now", now.toString());
        var list = answer.putArray("cameras");
        cameras.forEach(camera -> list.add(camera(camera, now)));
        return answer;
    }

    static ObjectNode camera(CameraView view, Instant now) {
        var camera = JSON.objectNode();
        camera.put("id", view.camera().value());
        camera.put("state", view.state(now).word());
        camera.put("since", view.since(now).map(Instant::toString).orElse(null));
        camera.put("reason", view.reason(now));
        camera.put("reconnects", view.status().map(CameraStatus::reconnects).orElse(0));
        camera.put("stale", view.isStale(now));
        camera.put("staleSince", view.staleSince(now).map(Instant::toString).orElse(null));
        camera.put("fps", Math.round(view.framesPerSecond(now) * 100) / 100.0);
        camera.put("frames", view.frame().map(Arrival::number).orElse(0L));
        camera.put("forecasts", view.forecast().map(Arrival::number).orElse(0L));
        view.frame().map(Arrival::value).ifPresent(frame -> putFrame(camera, frame, now));
        view.forecast().map(Arrival::value).ifPresent(forecast -> putForecast(camera, forecast, now));
        putSkill(camera, view.skill());
        putEach(camera.putArray("expectedError"), view.expectedErrors());
        putSurprise(camera, view.timeline());
        return camera;
    }

    private static void putSkill(ObjectNode camera, RunningSkill skill) {
        camera.put("scores", skill.forecasts());
        putEach(camera.putArray("skill"), skill.steps());
    }

    private static void putEach(ArrayNode steps, List<Double> values) {
        values.forEach(value -> steps.add(Math.round(value * 1000) / 1000.0));
    }

    private static void putSurprise(ObjectNode camera, CameraTimeline timeline) {
        double surprise = timeline.surprise();
        if (!Double.isNaN(surprise)) {
            camera.put("surprise", hundredths(surprise));
            camera.put("surprising", timeline.isSurprising());
        }
    }

    /** What is new of a camera's last minutes; a slot is its start in ms since 1970, its surprise and its skill. */
    static ObjectNode timeline(CameraId camera, CameraTimeline.News news) {
        var answer = JSON.objectNode();
        answer.put("camera", camera.value());
        answer.put("slotMs", CameraTimeline.SLOT.toMillis());
        answer.put("spanMs", CameraTimeline.SPAN.toMillis());
        answer.put("threshold", FrameSurprise.THRESHOLD);
        answer.put("rows", news.map().rows()).put("columns", news.map().columns());
        answer.put("mapMs", news.mapTime().toEpochMilli());
        var slots = answer.putArray("slots");
        for (CameraTimeline.Slot slot : news.slots()) {
            var values = slots.addArray().add(slot.start().toEpochMilli());
            addKnown(values, slot.surprise());
            addKnown(values, slot.skill());
        }
        var stretches = answer.putArray("stretches");
        news.stretches().forEach(stretch -> putStretch(stretches.addObject(), stretch));
        return answer;
    }

    /** The past of a camera; what is not known is left out. */
    static ObjectNode history(CameraId camera, Past past, Instant now, List<Moment> moments) {
        var answer = JSON.objectNode();
        answer.put("camera", camera.value());
        answer.put("nowMs", now.toEpochMilli());
        answer.put("sinceMs", past.histories().since().toEpochMilli());
        answer.put("spanMs", CameraHistories.SPAN.toMillis());
        answer.put("threshold", FrameSurprise.THRESHOLD);
        var list = answer.putArray("moments");
        for (Moment moment : moments) {
            ObjectNode each = list.addObject().put("timeMs", moment.time().toEpochMilli());
            putMoment(each, moment);
            if (past.pictures().has(camera, moment.time())) {
                each.put("picture", true);
            }
        }
        return answer;
    }

    private static void putMoment(ObjectNode answer, Moment moment) {
        moment.expected()
                .ifPresent(then -> answer.put("error", Math.round(then.error() * 10_000) / 10_000.0)
                        .put("leadMs", then.lead().toMillis()));
        if (!Double.isNaN(moment.surprise())) {
            answer.put("surprise", hundredths(moment.surprise()));
        }
        if (moment.first()) {
            answer.put("first", true);
        }
    }

    /** The clips that are kept of a camera's surprising stretches, newest first. */
    static ObjectNode clips(CameraId camera, List<KeptClip> clips) {
        var answer = JSON.objectNode();
        answer.put("camera", camera.value());
        var list = answer.putArray("clips");
        for (KeptClip clip : clips) {
            list.addObject()
                    .put("beginMs", clip.begin().toEpochMilli())
                    .put("begin", clip.begin().toString())
                    .put("lengthMs", clip.length().toMillis())
                    .put("peak", clip.peak())
                    .put("link", "surprise.mp4?begin=" + clip.begin().toEpochMilli());
        }
        return answer;
    }

    private static void addKnown(ArrayNode values, double value) {
        if (Double.isNaN(value)) {
            values.addNull();
        } else {
            values.add(hundredths(value));
        }
    }

    private static void putStretch(ObjectNode answer, SurprisingStretch stretch) {
        answer.put("id", stretch.id());
        answer.put("beginMs", stretch.begin().toEpochMilli());
        answer.put("endMs", stretch.end().toEpochMilli());
        answer.put("ended", stretch.ended());
        answer.put("peak", hundredths(stretch.peak()));
        answer.put("peakMs", stretch.peakTime().toEpochMilli());
        answer.put("rows", stretch.map().rows()).put("columns", stretch.map().columns());
        var levels = answer.putArray("levels");
        stretch.map().levels().forEach(levels::add);
    }

    private static double hundredths(double value) {
        return Math.round(value * 100) / 100.0;
    }

    /** What a forecast is, with links to its pixels in place of numbers. */
    static ObjectNode forecast(Forecast forecast) {
        var answer = JSON.objectNode();
        var origin = forecast.origin();
        answer.put("id", forecast.id());
        answer.put("camera", origin.camera().value());
        putModel(answer, forecast);
        answer.put("epoch", origin.epoch());
        answer.put("sequence", origin.sequence());
        answer.put("originTime", origin.time().toString());
        answer.put("intervalMs", milliseconds(forecast.interval()));
        var times = answer.putArray("forTimes");
        for (int step = 0; step < forecast.frames().size(); step++) {
            times.add(forecast.forTime(step).toString());
        }
        putShape(answer.putObject("shape"), forecast.shape());
        forecast.expectedErrors().forEach(answer.putArray("expectedMse")::add);
        forecast.stamps().ifPresent(stamps -> putLatency(answer, stamps));
        answer.putObject("links").put("png", "forecast.png"); // relative, to be right below any path
        return answer;
    }

    private static void putFrame(ObjectNode camera, Frame frame, Instant now) {
        camera.put("frameTime", frame.captureTime().toString());
        camera.put("frameAgeMs", age(frame.captureTime(), now));
        camera.put("clock", frame.time().clock().name().toLowerCase(Locale.ROOT));
    }

    private static void putForecast(ObjectNode camera, Forecast forecast, Instant now) {
        camera.put("forecastAgeMs", age(forecast.origin().time(), now));
        putModel(camera, forecast);
        camera.put("horizon", forecast.frames().size());
        forecast.stamps().ifPresent(stamps -> camera.put("latencyMs", milliseconds(stamps.total())));
    }

    private static void putModel(ObjectNode answer, Forecast forecast) {
        answer.putObject("model")
                .put("name", forecast.model().name())
                .put("version", forecast.model().version());
        answer.put("contextLength", forecast.contextLength());
    }

    private static void putLatency(ObjectNode answer, LatencyStamps stamps) {
        answer.putObject("latencyMs")
                .put("captureToPoll", milliseconds(Duration.between(stamps.captured(), stamps.polled())))
                .put("pollToForecast", milliseconds(Duration.between(stamps.polled(), stamps.forecast())))
                .put("total", milliseconds(stamps.total()));
    }

    private static void putShape(ObjectNode shape, FrameShape size) {
        shape.put("height", size.height()).put("width", size.width()).put("channels", size.channels());
    }

    private static long age(Instant moment, Instant now) {
        return Duration.between(moment, now).toMillis();
    }

    private static double milliseconds(Duration duration) {
        return Math.round(duration.toNanos() / 1e3) / 1e3;
    }
}
