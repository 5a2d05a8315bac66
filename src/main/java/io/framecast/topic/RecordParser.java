package io.framecast.topic;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;

/** Parses the values of records without a copy of the pictures in them, which the codecs copy anyway. */
final class RecordParser {
    private RecordParser() {}

    /**
     * Parses a whole value.
     *
     * @param value which must not change while what it gives is used
     * @throws InvalidProtocolBufferException if the bytes are none of its kind
     */
    static <T> T parse(Parser<T> parser, byte[] value) throws InvalidProtocolBufferException {
        CodedInputStream input = UnsafeByteOperations.unsafeWrap(value).newCodedInput();
        input.enableAliasing(true);
        T record = parser.parseFrom(input);
        input.checkLastTagWas(0);
        return record;
    }
}
