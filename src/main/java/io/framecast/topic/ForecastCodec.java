package io.framecast.topic;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.framecast.forecast.Forecast;
import io.framecast.forecast.LatencyStamps;
import io.framecast.forecast.ModelVersion;
import io.framecast.forecast.Origin;
import io.framecast.frame.CameraId;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.topic.proto.Encoding;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Forecasts as the values of the forecasts topic, and back. */
public final class ForecastCodec {
    private static final int MOST_FRAMES = 1024;

    private ForecastCodec() {}

    /** The record's value. */
    public static byte[] encode(Forecast forecast) {
        var record = io.framecast.topic.proto.Forecast.newBuilder()
                .setId(forecast.id())
                .setCamera(forecast.origin().camera().value())
                .setEpoch(forecast.origin().epoch())
                .setSequence(forecast.origin().sequence())
                .setModel(forecast.model().name())
                .setModelVersion(forecast.model().version())
                .setContextLength(forecast.contextLength())
                .setOriginTimeUs(Micros.of(forecast.origin().time()))
                .setIntervalUs(forecast.interval().toNanos() / 1000)
                .setShape(FrameCodec.encode(forecast.shape()))
                .setEncoding(Encoding.RAW_RGB8)
                .setFrames(join(forecast));
        forecast.expectedErrors().forEach(error -> record.addExpectedMse(error.floatValue()));
        for (int step = 0; step < forecast.frames().size(); step++) {
            record.addForTimeUs(Micros.of(forecast.forTime(step)));
        }
        forecast.stamps()
                .ifPresent(stamps -> record.setCapturedUs(Micros.of(stamps.captured()))
                        .setPolledUs(Micros.of(stamps.polled()))
                        .setForecastUs(Micros.of(stamps.forecast())));
        return record.build().toByteArray();
    }

    private static ByteString join(Forecast forecast) {
        var all =
                ByteBuffer.allocate(forecast.frames().size() * forecast.shape().bytes());
        forecast.frames().forEach(pixels -> all.put(pixels.buffer()));
        return UnsafeByteOperations.unsafeWrap(all.flip());
    }

    /**
     * The forecast of a record's value.
     *
     * @throws MalformedRecordException if the bytes are no forecast, or one that contradicts itself
     */
    public static Forecast decode(byte[] value) throws MalformedRecordException {
        try {
            var record = RecordParser.parse(io.framecast.topic.proto.Forecast.parser(), value);
            FrameCodec.requireRaw(record.getEncoding());
            FrameShape shape = FrameCodec.decode(record.getShape());
            return new Forecast(
                    new Origin(
                            new CameraId(record.getCamera()),
                            record.getEpoch(),
                            record.getSequence(),
                            Micros.toInstant(record.getOriginTimeUs())),
                    new ModelVersion(record.getModel(), record.getModelVersion()),
                    record.getContextLength(),
                    Duration.of(record.getIntervalUs(), ChronoUnit.MICROS),
                    shape,
                    split(record, shape),
                    record.getExpectedMseList().stream().map(Float::doubleValue).toList(),
                    stamps(record));
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedRecordException("no Protobuf of a forecast: " + e.getMessage(), e);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new MalformedRecordException(String.valueOf(e.getMessage()), e);
        }
    }

    private static List<Pixels> split(io.framecast.topic.proto.Forecast record, FrameShape shape)
            throws MalformedRecordException {
        int times = record.getForTimeUsCount();
        ByteString bytes = record.getFrames();
        if (times > MOST_FRAMES || bytes.size() != (long) times * shape.bytes()) {
            throw new MalformedRecordException(
                    "forecast " + record.getId() + " has " + bytes.size() + " bytes for " + times + " frames of "
                            + shape,
                    null);
        }
        var frames = new ArrayList<Pixels>();
        for (int step = 0; step < times; step++) {
            frames.add(Pixels.copyOf(bytes.substring(step * shape.bytes(), (step + 1) * shape.bytes())
                    .asReadOnlyByteBuffer()));
        }
        return frames;
    }

    private static Optional<LatencyStamps> stamps(io.framecast.topic.proto.Forecast record) {
        return record.getForecastUs() == 0
                ? Optional.empty()
                : Optional.of(new LatencyStamps(
                        Micros.toInstant(record.getCapturedUs()),
                        Micros.toInstant(record.getPolledUs()),
                        Micros.toInstant(record.getForecastUs())));
    }
}
