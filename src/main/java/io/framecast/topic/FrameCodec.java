package io.framecast.topic;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.framecast.frame.CameraId;
import io.framecast.frame.ClockSource;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.FrameTime;
import io.framecast.frame.Pixels;
import io.framecast.topic.proto.Encoding;
import io.framecast.topic.proto.Shape;
import java.time.Instant;
import java.util.OptionalLong;

/** Frames as the values of the frames topic, and back. */
public final class FrameCodec {
    private static final long LATEST_MICROS = Micros.of(Instant.parse("2200-01-01T00:00:00Z"));

    /** A forecast of 32 such frames fits a record of a megabyte; readers keep hundreds of them. */
    private static final int LARGEST = 30_000;

    private FrameCodec() {}

    /** The record's value. */
    public static byte[] encode(Frame frame) {
        var record = io.framecast.topic.proto.Frame.newBuilder()
                .setCamera(frame.camera().value())
                .setEpoch(frame.epoch())
                .setSequence(frame.sequence())
                .setCaptureTimeUs(Micros.of(frame.captureTime()))
                .setClock(io.framecast.topic.proto.ClockSource.valueOf(
                        frame.time().clock().name()))
                .setShape(encode(frame.shape()))
                .setEncoding(Encoding.RAW_RGB8)
                .setPixels(UnsafeByteOperations.unsafeWrap(frame.pixels().buffer()));
        frame.time().pts().ifPresent(record::setPtsUs);
        return record.build().toByteArray();
    }

    /**
     * The frame of a record's value.
     *
     * @throws MalformedRecordException if the bytes are no frame, or one that contradicts itself
     */
    public static Frame decode(byte[] value) throws MalformedRecordException {
        try {
            var record = RecordParser.parse(io.framecast.topic.proto.Frame.parser(), value);
            requireRaw(record.getEncoding());
            requirePlausible("capture time", record.getCaptureTimeUs());
            requirePlausible("epoch", record.getEpoch());
            FrameShape shape = decode(record.getShape());
            if (shape.bytes() > LARGEST) {
                throw new MalformedRecordException(
                        "its shape is " + shape + ", and frames of more than " + LARGEST + " bytes cannot be forecast",
                        null);
            }
            var pts = record.hasPtsUs() ? OptionalLong.of(record.getPtsUs()) : OptionalLong.empty();
            return new Frame(
                    new CameraId(record.getCamera()),
                    record.getEpoch(),
                    record.getSequence(),
                    new FrameTime(Micros.toInstant(record.getCaptureTimeUs()), clock(record), pts),
                    shape,
                    Pixels.copyOf(record.getPixels().asReadOnlyByteBuffer()));
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedRecordException("no Protobuf of a frame: " + e.getMessage(), e);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new MalformedRecordException(String.valueOf(e.getMessage()), e);
        }
    }

    private static ClockSource clock(io.framecast.topic.proto.Frame record) {
        return switch (record.getClock()) {
            case CAMERA -> ClockSource.CAMERA;
            case MEDIA -> ClockSource.MEDIA;
            default -> ClockSource.ARRIVAL;
        };
    }

    /** Times far out would overflow what is reckoned from them. */
    private static void requirePlausible(String what, long micros) throws MalformedRecordException {
        if (micros < 0 || micros > LATEST_MICROS) {
            throw new MalformedRecordException(what + " " + micros + " us is outside the years 1970 to 2200", null);
        }
    }

    static void requireRaw(Encoding encoding) throws MalformedRecordException {
        if (encoding != Encoding.RAW_RGB8) {
            throw new MalformedRecordException("encoding " + encoding + " is not RAW_RGB8", null);
        }
    }

    static Shape encode(FrameShape shape) {
        return Shape.newBuilder()
                .setHeight(shape.height())
                .setWidth(shape.width())
                .setChannels(shape.channels())
                .build();
    }

    static FrameShape decode(Shape shape) {
        return new FrameShape(shape.getHeight(), shape.getWidth(), shape.getChannels());
    }
}
