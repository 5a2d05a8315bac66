package io.framecast.topic;

import com.google.protobuf.InvalidProtocolBufferException;
import io.framecast.forecast.Forecast;
import io.framecast.forecast.FrameSurprise;
import io.framecast.forecast.LatencyStamps;
import io.framecast.forecast.SurprisingStretch;
import io.framecast.frame.CameraPicture;
import io.framecast.frame.CameraStatus;
import io.framecast.frame.Frame;
import io.framecast.topic.proto.Score;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Records as a person reads them: everything but the pixels, of which the size is said. */
public final class RecordLines {
    private RecordLines() {}

    /**
     * A record's fields by name, in order.
     *
     * @throws MalformedRecordException if the value is not what its topic holds
     */
    public static Map<String, Object> of(TopicReader.Found found) throws MalformedRecordException {
        var line = new LinkedHashMap<String, Object>();
        line.put("topic", found.kind().title());
        line.put("partition", found.partition());
        line.put("offset", found.offset());
        line.put("key", found.key());
        if (found.isRemoval()) {
            line.put("removed", true);
            return line;
        }
        switch (found.kind()) {
            case FRAMES -> frame(FrameCodec.decode(found.value()), line);
            case PICTURES -> picture(PictureCodec.decode(found.value()), line);
            case FORECASTS -> forecast(ForecastCodec.decode(found.value()), line);
            case CAMERAS -> status(found.value(), line);
            case SCORES -> score(found.value(), line);
            case SURPRISE -> surprise(SurpriseCodec.frame(found.value()), line);
            case STRETCHES -> stretch(SurpriseCodec.stretch(found.value()), line);
            case MODELS -> model(ModelUseCodec.decode(found.value()), line);
            case DEAD_LETTER -> line.put("bytes", found.value().length);
        }
        return line;
    }

    private static void frame(Frame frame, Map<String, Object> line) {
        line.put("epoch", frame.epoch());
        line.put("sequence", frame.sequence());
        line.put("captureTime", frame.captureTime().toString());
        line.put("clock", frame.time().clock().name());
        line.put("shape", frame.shape().toString());
        line.put("bytes", frame.pixels().size());
    }

    private static void picture(CameraPicture picture, Map<String, Object> line) {
        line.put("epoch", picture.frame().epoch());
        line.put("sequence", picture.frame().sequence());
        line.put("captureTime", picture.captureTime().toString());
        line.put("size", picture.width() + "x" + picture.height());
        line.put("bytes", picture.jpeg().size());
    }

    private static void forecast(Forecast forecast, Map<String, Object> line) {
        line.put("id", forecast.id());
        line.put("model", forecast.model().name());
        line.put("modelVersion", forecast.model().version());
        line.put("contextLength", forecast.contextLength());
        line.put("originTime", forecast.origin().time().toString());
        line.put("intervalMs", forecast.interval().toNanos() / 1e6);
        line.put("frames", forecast.frames().size());
        line.put("shape", forecast.shape().toString());
        line.put(
                "expectedMse",
                forecast.expectedErrors().stream().map(Double::floatValue).toList());
        forecast.stamps().map(LatencyStamps::total).ifPresent(latency -> line.put("latencyMs", latency.toMillis()));
    }

    private static void status(byte[] value, Map<String, Object> line) throws MalformedRecordException {
        CameraStatus status = CameraStatusCodec.decode(value);
        line.put("state", status.state().name());
        line.put("since", status.since().toString());
        line.put("lastFrame", status.lastFrame().map(Instant::toString).orElse(""));
        line.put("reconnects", status.reconnects());
        line.put("reason", status.reason());
        CameraStatusCodec.process(value).ifPresent(process -> {
            line.put("host", process.host());
            line.put("process", process.number());
            line.put("processSince", process.since().toString());
        });
        String model = CameraStatusCodec.model(value);
        if (!model.isEmpty()) {
            line.put("model", model);
        }
    }

    private static void model(ModelUse use, Map<String, Object> line) {
        line.put("model", use.model());
        line.put("since", use.since().toString());
        line.put("by", use.by());
    }

    private static void surprise(FrameSurprise frame, Map<String, Object> line) {
        line.put("epoch", frame.epoch());
        line.put("sequence", frame.sequence());
        line.put("captureTime", frame.time().toString());
        line.put("forecast", frame.forecastId());
        line.put("step", frame.step());
        line.put("measure", frame.measure());
        line.put("surprise", frame.surprise());
        line.put("surprising", frame.isSurprising());
    }

    private static void stretch(SurprisingStretch stretch, Map<String, Object> line) {
        line.put("id", stretch.id());
        line.put("begin", stretch.begin().toString());
        line.put("end", stretch.end().toString());
        line.put("ended", stretch.ended());
        line.put("surprisingFrames", stretch.frames());
        line.put("peak", stretch.peak());
        line.put("peakTime", stretch.peakTime().toString());
    }

    private static void score(byte[] value, Map<String, Object> line) throws MalformedRecordException {
        try {
            Score score = Score.parseFrom(value);
            line.put("forecast", score.getForecastId());
            line.put("mse", score.getMseList());
            line.put("psnr", score.getPsnrList());
            line.put("ssim", score.getSsimList());
            line.put("skill", score.getSkillList());
            line.put("recentExpectedMse", score.getRecentExpectedMseList());
            line.put("recentMse", score.getRecentMseList());
            line.put("surprise", score.getSurprise());
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedRecordException("no Protobuf of a score: " + e.getMessage(), e);
        }
    }
}
