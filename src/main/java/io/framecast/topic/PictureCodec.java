package io.framecast.topic;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.framecast.frame.CameraId;
import io.framecast.frame.CameraPicture;
import io.framecast.frame.EncodedImage;
import io.framecast.frame.FrameId;

/** Pictures as the values of the pictures topic, and back. */
public final class PictureCodec {
    private PictureCodec() {}

    /** The record's value. */
    public static byte[] encode(CameraPicture picture) {
        return io.framecast.topic.proto.CameraPicture.newBuilder()
                .setCamera(picture.camera().value())
                .setEpoch(picture.frame().epoch())
                .setSequence(picture.frame().sequence())
                .setCaptureTimeUs(Micros.of(picture.captureTime()))
                .setWidth(picture.width())
                .setHeight(picture.height())
                .setJpeg(UnsafeByteOperations.unsafeWrap(picture.jpeg().buffer()))
                .build()
                .toByteArray();
    }

    /**
     * The picture of a record's value; its JPEG is taken as it is.
     *
     * @throws MalformedRecordException if the bytes are no picture
     */
    public static CameraPicture decode(byte[] value) throws MalformedRecordException {
        try {
            var record = RecordParser.parse(io.framecast.topic.proto.CameraPicture.parser(), value);
            return new CameraPicture(
                    new CameraId(record.getCamera()),
                    new FrameId(record.getEpoch(), record.getSequence()),
                    Micros.toInstant(record.getCaptureTimeUs()),
                    record.getWidth(),
                    record.getHeight(),
                    EncodedImage.copyOf(record.getJpeg().toByteArray()));
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedRecordException("no Protobuf of a picture: " + e.getMessage(), e);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new MalformedRecordException(String.valueOf(e.getMessage()), e);
        }
    }
}
