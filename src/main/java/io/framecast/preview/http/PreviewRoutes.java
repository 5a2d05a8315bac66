package io.framecast.preview.http;

import io.framecast.export.ClipEncoder;
import io.framecast.export.ForecastGif;
import io.framecast.export.ForecastStrip;
import io.framecast.export.ImageFile;
import io.framecast.export.PixelImage;
import io.framecast.export.Video;
import io.framecast.forecast.Forecast;
import io.framecast.frame.CameraId;
import io.framecast.preview.Arrival;
import io.framecast.preview.CameraView;
import io.framecast.preview.CameraViews;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** What there is to ask for, apart from the streams: a path and its whole answer. */
final class PreviewRoutes {
    private static final String METRICS_TYPE = "text/plain; version=0.0.4";
    private static final Reply UNKNOWN = Reply.error(404, "there is nothing here");
    private static final int MOST_PICTURES = 64;

    private final EncodedOnce<String> pictures = new EncodedOnce<>(MOST_PICTURES);
    private final StaticPages pages = new StaticPages();
    private final CameraViews views;
    private final Health health;
    private final Supplier<String> metrics;
    private final ClipEncoder clips;
    private final PastRoutes past;

    PreviewRoutes(CameraViews views, Past past, Health health, Supplier<String> metrics, ClipEncoder clips) {
        this.views = views;
        this.health = health;
        this.metrics = metrics;
        this.clips = clips;
        this.past = new PastRoutes(past, clips, views.clock());
    }

    /** Answers; may take a while, so never on a thread of the event loop. */
    Reply answer(QueryStringDecoder query) {
        return switch (query.path()) {
            case "/cameras" ->
                Reply.json(200, CameraJson.cameras(views.all(), views.clock().instant()));
            case "/health/live" -> Reply.json(200, CameraJson.health("live", List.of()));
            case "/health/ready" -> ready();
            case "/metrics" -> Reply.text(METRICS_TYPE, metrics.get());
            default -> pages.find(query.path()).orElseGet(() -> cameraAnswer(query));
        };
    }

    /** The camera in {@code /cameras/ID/...}, if there is one of that name. */
    Optional<CameraView> camera(String path) {
        var parts = path.split("/", -1);
        if (parts.length != 4 || !parts[1].equals("cameras")) {
            return Optional.empty();
        }
        try {
            return views.view(new CameraId(parts[2]));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    static Optional<String> option(QueryStringDecoder query, String name) {
        return query.parameters().getOrDefault(name, List.of()).stream().findFirst();
    }

    private Reply ready() {
        var notReady = health.notReady();
        return notReady.isEmpty()
                ? Reply.json(200, CameraJson.health("ready", notReady))
                : Reply.json(503, CameraJson.health("not ready", notReady));
    }

    private Reply cameraAnswer(QueryStringDecoder query) {
        var camera = camera(query.path());
        var thing = query.path().substring(query.path().lastIndexOf('/') + 1);
        return switch (thing) {
            case "live.png" -> camera.map(this::live).orElse(UNKNOWN);
            case "forecast.json" -> withForecast(camera, forecast -> Reply.fixed(CameraJson.forecast(forecast)));
            case "forecast.png" -> withForecast(camera, forecast -> strip(forecast, query));
            case "forecast.mp4" -> withForecast(camera, this::clip);
            case "forecast.gif" ->
                withForecast(
                        camera,
                        forecast -> Reply.fixed(
                                "image/gif",
                                pictures.of(
                                        forecast.origin().camera() + "/gif",
                                        forecast,
                                        () -> ForecastGif.of(forecast))));
            default ->
                camera.flatMap(known -> past.answer(known.camera(), thing, query))
                        .orElse(UNKNOWN);
        };
    }

    private static Reply withForecast(Optional<CameraView> camera, Function<Forecast, Reply> answer) {
        return camera.map(known -> known.forecast()
                        .map(Arrival::value)
                        .map(answer)
                        .orElseGet(() -> Reply.error(404, "camera " + known.camera() + " has no forecast yet")))
                .orElse(UNKNOWN);
    }

    private Reply live(CameraView camera) {
        return camera.frame()
                .map(Arrival::value)
                .map(frame -> Reply.fixed(
                        "image/png",
                        pictures.of(camera.camera() + "/live", frame, () -> ImageFile.png(PixelImage.of(frame)))))
                .orElseGet(() -> Reply.error(404, "camera " + camera.camera() + " has no picture yet"));
    }

    private Reply strip(Forecast forecast, QueryStringDecoder query) {
        var wanted = option(query, "layout").orElse("grid");
        return ForecastStrip.named(wanted)
                .map(layout -> Reply.fixed(
                        "image/png",
                        pictures.of(
                                forecast.origin().camera() + "/" + layout,
                                forecast,
                                () -> ImageFile.png(layout.draw(forecast)))))
                .orElseGet(() -> Reply.error(400, "layout is unknown: use row or grid"));
    }

    private Reply clip(Forecast forecast) {
        return Reply.fixed(
                "video/mp4", pictures.of(forecast.origin().camera() + "/mp4", forecast, () -> mp4(forecast)));
    }

    private byte[] mp4(Forecast forecast) {
        try {
            return clips.mp4(Video.of(forecast));
        } catch (IOException failed) {
            throw new UncheckedIOException("no clip of forecast " + forecast.id(), failed);
        }
    }
}
