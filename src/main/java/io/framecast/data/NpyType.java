package io.framecast.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The type of an array's values, as numpy writes it: {@code |u1}, {@code <f4}, {@code >i8}.
 *
 * @param kind {@code b} for truth, {@code u} and {@code i} for whole numbers, {@code f} for others
 * @param bytes of a value
 * @param order of the bytes
 */
record NpyType(char kind, int bytes, ByteOrder order) {
    private static final Pattern NUMBER = Pattern.compile("([<>|=])(b1|u[1248]|i[1248]|f[248])");

    /**
     * Reads a type.
     *
     * @throws IOException if its values are no brightness; says how to get some
     */
    static NpyType parse(String description) throws IOException {
        Matcher number = NUMBER.matcher(description);
        if (!number.matches()) {
            throw new IOException(
                    description.contains("O")
                            ? "it holds objects of Python, such as frames of several sizes; save each clip in a file of"
                                    + " its own"
                            : "its values are of type " + description + "; save frames.astype('float64')");
        }
        String type = number.group(2);
        var order = number.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        return new NpyType(type.charAt(0), type.charAt(1) - '0', order);
    }

    /** Whether the values are brightness as frames have it. */
    boolean isByte() {
        return kind == 'u' && bytes == 1;
    }

    /** Whether only whole numbers occur. */
    boolean isWhole() {
        return kind != 'f';
    }

    /**
     * One value.
     *
     * @param data in the order of this type
     */
    double at(ByteBuffer data, int position) {
        return switch (kind) {
            case 'b' -> data.get(position) == 0 ? 0 : 1;
            case 'u' ->
                switch (bytes) {
                    case 1 -> Byte.toUnsignedInt(data.get(position));
                    case 2 -> Short.toUnsignedInt(data.getShort(position));
                    case 4 -> Integer.toUnsignedLong(data.getInt(position));
                    default -> unsigned(data.getLong(position));
                };
            case 'i' ->
                switch (bytes) {
                    case 1 -> data.get(position);
                    case 2 -> data.getShort(position);
                    case 4 -> data.getInt(position);
                    default -> data.getLong(position);
                };
            default ->
                switch (bytes) {
                    case 2 -> half(data.getShort(position));
                    case 4 -> data.getFloat(position);
                    default -> data.getDouble(position);
                };
        };
    }

    private static double unsigned(long value) {
        return value >= 0 ? value : 2.0 * (value >>> 1);
    }

    /** IEEE 754's binary16: 1 bit of sign, 5 of exponent, 10 of fraction. */
    private static double half(short bits) {
        int exponent = bits >> 10 & 0x1F;
        int fraction = bits & 0x3FF;
        double size = switch (exponent) {
            case 0 -> fraction * 0x1p-24;
            case 0x1F -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
            default -> (0x400 + fraction) * Math.scalb(1.0, exponent - 25);
        };
        return bits < 0 ? -size : size;
    }
}
