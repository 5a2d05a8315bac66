package io.framecast.topic;

import com.google.protobuf.InvalidProtocolBufferException;
import io.framecast.frame.CameraId;
import io.framecast.frame.CameraState;
import io.framecast.frame.CameraStatus;
import java.util.Optional;

/** Camera states as the values of the cameras topic, and back. */
public final class CameraStatusCodec {
    private CameraStatusCodec() {}

    /**
     * The record's value.
     *
     * @param process which captures the camera
     * @param model the name of the camera's own model; empty if it has none
     */
    public static byte[] encode(CameraStatus status, CaptureProcess process, String model) {
        var record = io.framecast.topic.proto.CameraStatus.newBuilder()
                .setCamera(status.camera().value())
                .setState(io.framecast.topic.proto.CameraStatus.State.valueOf(
                        status.state().name()))
                .setSinceUs(Micros.of(status.since()))
                .setReconnects(status.reconnects())
                .setReason(status.reason())
                .setProcess(process.id())
                .setHost(process.host())
                .setProcessNumber(process.number())
                .setProcessSinceUs(Micros.of(process.since()))
                .setModel(model);
        status.lastFrame().ifPresent(time -> record.setLastFrameUs(Micros.of(time)));
        return record.build().toByteArray();
    }

    /**
     * The process that captures the camera of a record's value; empty if the record does not say.
     *
     * @throws MalformedRecordException if the bytes are no status
     */
    public static Optional<CaptureProcess> process(byte[] value) throws MalformedRecordException {
        try {
            var record = io.framecast.topic.proto.CameraStatus.parseFrom(value);
            return record.getProcess().isEmpty()
                    ? Optional.empty()
                    : Optional.of(new CaptureProcess(
                            record.getProcess(),
                            record.getHost(),
                            record.getProcessNumber(),
                            Micros.toInstant(record.getProcessSinceUs())));
        } catch (InvalidProtocolBufferException | ArithmeticException e) {
            throw new MalformedRecordException("no Protobuf of a camera status: " + e.getMessage(), e);
        }
    }

    /**
     * The name of the camera's own model; empty if it has none, as in every record of a version before cameras could.
     *
     * @throws MalformedRecordException if the bytes are no status
     */
    public static String model(byte[] value) throws MalformedRecordException {
        try {
            return io.framecast.topic.proto.CameraStatus.parseFrom(value).getModel();
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedRecordException("no Protobuf of a camera status: " + e.getMessage(), e);
        }
    }

    /**
     * The status of a record's value.
     *
     * @throws MalformedRecordException if the bytes are no status
     */
    public static CameraStatus decode(byte[] value) throws MalformedRecordException {
        try {
            var record = io.framecast.topic.proto.CameraStatus.parseFrom(value);
            return new CameraStatus(
                    new CameraId(record.getCamera()),
                    CameraState.valueOf(record.getState().name()),
                    Micros.toInstant(record.getSinceUs()),
                    record.hasLastFrameUs() ? Optional.of(Micros.toInstant(record.getLastFrameUs())) : Optional.empty(),
                    record.getReconnects(),
                    record.getReason());
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedRecordException("no Protobuf of a camera status: " + e.getMessage(), e);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new MalformedRecordException(String.valueOf(e.getMessage()), e);
        }
    }
}
