package io.framecast.frame;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/** The bytes of one picture, H x W x C, RGB, one unsigned byte a value; immutable and equal by content. */
public final class Pixels {
    private final byte[] values;

    private Pixels(byte[] values) {
        this.values = values;
    }

    /** Copies {@code values}, so that later changes to the array do not reach the picture. */
    public static Pixels copyOf(byte[] values) {
        return new Pixels(values.clone());
    }

    /** Copies the remaining bytes of {@code values} and moves its position to its limit. */
    public static Pixels copyOf(ByteBuffer values) {
        var copy = new byte[values.remaining()];
        values.get(copy);
        return new Pixels(copy);
    }

    /** The number of bytes. */
    public int size() {
        return values.length;
    }

    /**
     * The value at {@code index} in H x W x C order.
     *
     * @return 0 to 255
     * @throws IndexOutOfBoundsException outside 0 to {@code size() - 1}
     */
    public int at(int index) {
        return values[index] & 0xFF;
    }

    /**
     * Fills an array with the values from an index on.
     *
     * @param into gets 0 to 255 in each place
     * @throws IndexOutOfBoundsException if there are not as many from {@code index} on
     */
    public void copyTo(int[] into, int index) {
        Objects.checkFromIndexSize(index, into.length, values.length);
        for (int i = 0; i < into.length; i++) {
            into[i] = values[index + i] & 0xFF;
        }
    }

    /** A read-only view of all bytes, positioned at the first. */
    public ByteBuffer buffer() {
        return ByteBuffer.wrap(values).asReadOnlyBuffer();
    }

    /** A fresh array of all bytes. */
    public byte[] toByteArray() {
        return values.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Pixels pixels && Arrays.equals(values, pixels.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return values.length + " bytes";
    }
}
