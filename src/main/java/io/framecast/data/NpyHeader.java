package io.framecast.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a {@code .npy} file says of itself (numpy.lib.format, versions 1 to 3).
 *
 * @param type of the values
 * @param columnsFirst whether the first index changes fastest (Fortran order), not the last (C order)
 * @param shape the length of each axis
 * @param bytes of the header; the values begin after it
 */
record NpyHeader(NpyType type, boolean columnsFirst, List<Long> shape, int bytes) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int LONGEST = 1 << 16;
    private static final Pattern TYPE = Pattern.compile("'descr': *'([^']*)'");
    private static final Pattern COLUMNS_FIRST = Pattern.compile("'fortran_order': *True");
    private static final Pattern SHAPE = Pattern.compile("'shape': *\\(([0-9L, ]*)\\)");

    /**
     * Reads the header.
     *
     * @throws IOException if it is damaged, or of values that are no brightness
     */
    static NpyHeader read(InputStream in) throws IOException {
        byte[] start = in.readNBytes(8);
        if (start.length < 8 || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new IOException("it is no .npy file; write it with numpy.save");
        }
        int lengthBytes = start[6] == 1 ? 2 : 4;
        ByteBuffer length = ByteBuffer.wrap(in.readNBytes(lengthBytes)).order(ByteOrder.LITTLE_ENDIAN);
        if (length.remaining() < lengthBytes) {
            throw new EOFException("its header is cut off");
        }
        int size = lengthBytes == 2 ? Short.toUnsignedInt(length.getShort()) : length.getInt();
        if (size < 0 || size > LONGEST) {
            throw new IOException("its header says to have " + size + " bytes; write it with numpy.save");
        }
        String text = new String(in.readNBytes(size), StandardCharsets.ISO_8859_1);
        Matcher type = TYPE.matcher(text);
        Matcher shape = SHAPE.matcher(text);
        if (!type.find() || !shape.find()) {
            throw new IOException("it is no plain array; save the field with the frames alone");
        }
        List<Long> lengths = Arrays.stream(shape.group(1).replace("L", "").split(",", -1))
                .filter(part -> !part.isBlank())
                .map(part -> Long.parseLong(part.strip()))
                .toList();
        boolean columnsFirst = COLUMNS_FIRST.matcher(text).find();
        return new NpyHeader(NpyType.parse(type.group(1)), columnsFirst, lengths, 8 + lengthBytes + size);
    }

    /** How many values there are. */
    long count() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    /** How many values lie between neighbours along an axis. */
    long stride(int axis) {
        List<Long> faster = columnsFirst ? shape.subList(0, axis) : shape.subList(axis + 1, shape.size());
        return faster.stream().reduce(1L, Math::multiplyExact);
    }
}
