package io.framecast.frame;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The bytes of an image file; immutable and equal by content. */
public final class EncodedImage {
    private final byte[] bytes;

    private EncodedImage(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Copies the bytes. */
    public static EncodedImage copyOf(byte[] bytes) {
        return new EncodedImage(bytes.clone());
    }

    /** The number of bytes. */
    public int size() {
        return bytes.length;
    }

    /** A read-only view of all bytes, positioned at the first. */
    public ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /** A fresh array of all bytes. */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EncodedImage image && Arrays.equals(bytes, image.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return bytes.length + " bytes";
    }
}
