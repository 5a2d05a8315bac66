package io.framecast.preview.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.framecast.forecast.Forecast;
import io.framecast.frame.CameraId;
import io.framecast.frame.CameraPicture;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.preview.CameraTimeline;
import io.framecast.preview.CameraView;
import io.framecast.preview.CameraViews;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * The parts of the binary messages that the page reads ({@code wire.js}). A message is sections in a row; a section is
 * its kind (one byte: 1 cameras, 2 frame, 3 forecast, 4 timeline, 5 picture), the length of its head and of its body
 * (four bytes each, big endian), the head in JSON, and the body: pixels, H x W x C, RGB, frame after frame, the cells
 * of an error map, or a JPEG file.
 */
final class EventSections {
    private static final byte CAMERAS = 1;
    private static final byte FRAME = 2;
    private static final byte FORECAST = 3;
    private static final byte TIMELINE = 4;
    private static final byte PICTURE = 5;
    private static final int PREFIX = 9;

    private final EncodedOnce<CameraId> frames = new EncodedOnce<>(2 * CameraViews.MOST_CAMERAS);
    private final EncodedOnce<CameraId> pictures = new EncodedOnce<>(2 * CameraViews.MOST_CAMERAS);
    private final EncodedOnce<CameraId> forecasts = new EncodedOnce<>(2 * CameraViews.MOST_CAMERAS);

    byte[] cameras(List<CameraView> cameras, Instant now) {
        var head = CameraJson.cameras(cameras, now).put("nowMs", now.toEpochMilli());
        return section(CAMERAS, head, List.of());
    }

    byte[] frame(Frame frame) {
        return frames.of(frame.camera(), frame, () -> {
            var head = head(frame.camera(), frame.captureTime(), frame.shape());
            return section(FRAME, head, List.of(frame.pixels().buffer()));
        });
    }

    byte[] picture(CameraPicture picture) {
        return pictures.of(picture.camera(), picture, () -> {
            var head = JsonNodeFactory.instance
                    .objectNode()
                    .put("camera", picture.camera().value())
                    .put("timeMs", picture.captureTime().toEpochMilli());
            return section(PICTURE, head, List.of(picture.jpeg().buffer()));
        });
    }

    byte[] forecast(Forecast forecast) {
        return forecasts.of(forecast.origin().camera(), forecast, () -> {
            var head = head(forecast.origin().camera(), forecast.origin().time(), forecast.shape());
            head.put("steps", forecast.frames().size());
            head.put("intervalMs", forecast.interval().toNanos() / 1e6);
            return section(
                    FORECAST,
                    head,
                    forecast.frames().stream().map(Pixels::buffer).toList());
        });
    }

    byte[] timeline(CameraId camera, CameraTimeline.News news) {
        return section(
                TIMELINE,
                CameraJson.timeline(camera, news),
                List.of(ByteBuffer.wrap(news.map().toByteArray())));
    }

    private static ObjectNode head(CameraId camera, Instant time, FrameShape shape) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("camera", camera.value())
                .put("timeMs", time.toEpochMilli())
                .put("height", shape.height())
                .put("width", shape.width())
                .put("channels", shape.channels());
    }

    private static byte[] section(byte kind, ObjectNode head, List<ByteBuffer> body) {
        var headBytes = head.toString().getBytes(StandardCharsets.UTF_8);
        int bodyLength = body.stream().mapToInt(ByteBuffer::remaining).sum();
        var section = ByteBuffer.allocate(PREFIX + headBytes.length + bodyLength);
        section.put(kind).putInt(headBytes.length).putInt(bodyLength).put(headBytes);
        body.forEach(section::put);
        return section.array();
    }
}
