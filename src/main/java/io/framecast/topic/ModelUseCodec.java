package io.framecast.topic;

import com.google.protobuf.InvalidProtocolBufferException;

/** Choices of models as the values of the models topic, and back. */
public final class ModelUseCodec {
    private ModelUseCodec() {}

    /** The record's value. */
    public static byte[] encode(ModelUse use) {
        return io.framecast.topic.proto.ModelUse.newBuilder()
                .setGroup(use.group())
                .setModel(use.model())
                .setSinceUs(Micros.of(use.since()))
                .setBy(use.by())
                .build()
                .toByteArray();
    }

    /**
     * The choice of a record's value.
     *
     * @throws MalformedRecordException if the bytes are none
     */
    public static ModelUse decode(byte[] value) throws MalformedRecordException {
        try {
            var record = io.framecast.topic.proto.ModelUse.parseFrom(value);
            return new ModelUse(
                    record.getGroup(), record.getModel(), Micros.toInstant(record.getSinceUs()), record.getBy());
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedRecordException("no Protobuf of a model's use: " + e.getMessage(), e);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new MalformedRecordException(String.valueOf(e.getMessage()), e);
        }
    }
}
