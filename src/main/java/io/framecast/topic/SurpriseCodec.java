package io.framecast.topic;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.framecast.forecast.ErrorMap;
import io.framecast.forecast.FrameSurprise;
import io.framecast.forecast.SurprisingStretch;
import io.framecast.frame.CameraId;
import java.util.ArrayList;

/** What is surprising, frame by frame and in stretches, as records of its topics. */
public final class SurpriseCodec {
    private SurpriseCodec() {}

    /** The value of a record of the surprise topic. */
    public static byte[] encode(FrameSurprise frame) {
        return io.framecast.topic.proto.Surprise.newBuilder()
                .setCamera(frame.camera().value())
                .setEpoch(frame.epoch())
                .setSequence(frame.sequence())
                .setCaptureTimeUs(Micros.of(frame.time()))
                .setForecastId(frame.forecastId())
                .setStep(frame.step())
                .setMeasure(frame.measure())
                .setSurprise(frame.surprise())
                .setErrors(map(frame.errors()))
                .setUnusual(map(frame.unusual()))
                .build()
                .toByteArray();
    }

    /** The value of a record of the stretches topic. */
    public static byte[] encode(SurprisingStretch stretch) {
        return io.framecast.topic.proto.SurprisingStretch.newBuilder()
                .setId(stretch.id())
                .setCamera(stretch.camera().value())
                .setEpoch(stretch.epoch())
                .setSequence(stretch.sequence())
                .setBeginUs(Micros.of(stretch.begin()))
                .setEndUs(Micros.of(stretch.end()))
                .setEnded(stretch.ended())
                .setFrames(stretch.frames())
                .setPeak(stretch.peak())
                .setPeakTimeUs(Micros.of(stretch.peakTime()))
                .setMap(map(stretch.map()))
                .build()
                .toByteArray();
    }

    private static io.framecast.topic.proto.ErrorMap map(ErrorMap map) {
        return io.framecast.topic.proto.ErrorMap.newBuilder()
                .setRows(map.rows())
                .setColumns(map.columns())
                .setLevels(ByteString.copyFrom(map.toByteArray()))
                .build();
    }

    /**
     * What a record of the surprise topic says.
     *
     * @throws MalformedRecordException if the bytes are none, or contradict themselves
     */
    public static FrameSurprise frame(byte[] value) throws MalformedRecordException {
        try {
            var record = io.framecast.topic.proto.Surprise.parseFrom(value);
            return new FrameSurprise(
                    new CameraId(record.getCamera()),
                    record.getEpoch(),
                    record.getSequence(),
                    Micros.toInstant(record.getCaptureTimeUs()),
                    record.getForecastId(),
                    record.getStep(),
                    record.getMeasure(),
                    record.getSurprise(),
                    map(record.getErrors()),
                    map(record.getUnusual()));
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedRecordException("no Protobuf of a surprise: " + e.getMessage(), e);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new MalformedRecordException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * What a record of the stretches topic says.
     *
     * @throws MalformedRecordException if the bytes are none, or contradict themselves
     */
    public static SurprisingStretch stretch(byte[] value) throws MalformedRecordException {
        try {
            var record = io.framecast.topic.proto.SurprisingStretch.parseFrom(value);
            return new SurprisingStretch(
                    new CameraId(record.getCamera()),
                    record.getEpoch(),
                    record.getSequence(),
                    Micros.toInstant(record.getBeginUs()),
                    Micros.toInstant(record.getEndUs()),
                    record.getEnded(),
                    record.getFrames(),
                    record.getPeak(),
                    Micros.toInstant(record.getPeakTimeUs()),
                    map(record.getMap()));
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedRecordException("no Protobuf of a stretch: " + e.getMessage(), e);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new MalformedRecordException(String.valueOf(e.getMessage()), e);
        }
    }

    private static ErrorMap map(io.framecast.topic.proto.ErrorMap map) {
        var levels = new ArrayList<Integer>(map.getLevels().size());
        for (byte level : map.getLevels()) {
            levels.add(level & 0xFF);
        }
        return new ErrorMap(map.getRows(), map.getColumns(), levels);
    }
}
