package io.framecast.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the frames of a {@code .npy} file lie (numpy.lib.format, versions 1 to 3).
 *
 * @param sequences N
 * @param frames T, of each sequence
 * @param height H
 * @param width W
 * @param channels C, 1 or 3
 */
record NpyHeader(long sequences, long frames, int height, int width, int channels) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int LONGEST = 1 << 16;
    private static final int LARGEST_SIDE = 8192;
    private static final Pattern TYPE = Pattern.compile("'descr': *'([^']*)'");
    private static final Pattern COLUMNS_FIRST = Pattern.compile("'fortran_order': *True");
    private static final Pattern SHAPE = Pattern.compile("'shape': *\\(([0-9, ]*)\\)");

    /** Reads the header, and leaves the stream at the first frame. */
    static NpyHeader read(Path file, InputStream in) throws IOException {
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
            throw new IOException("its header says to have " + size + " bytes");
        }
        String text = new String(in.readNBytes(size), StandardCharsets.ISO_8859_1);
        Matcher type = TYPE.matcher(text);
        if (!type.find()
                || !type.group(1).equals("|u1")
                || COLUMNS_FIRST.matcher(text).find()) {
            throw new IOException("its values are no uint8 in C order; save frames.astype('uint8')");
        }
        return ofShape(text);
    }

    private static NpyHeader ofShape(String text) throws IOException {
        Matcher found = SHAPE.matcher(text);
        long[] shape = found.find() && !found.group(1).isBlank()
                ? Arrays.stream(found.group(1).split(",", -1))
                        .filter(part -> !part.isBlank())
                        .mapToLong(part -> Long.parseLong(part.strip()))
                        .toArray()
                : new long[0];
        long[] full = switch (shape.length) {
            case 3 -> new long[] {1, shape[0], shape[1], shape[2], 1};
            case 4 -> new long[] {1, shape[0], shape[1], shape[2], shape[3]};
            case 5 -> shape;
            default -> new long[] {0, 0, 0, 0, 0};
        };
        boolean fits = full[2] >= 1 && full[2] <= LARGEST_SIDE && full[3] >= 1 && full[3] <= LARGEST_SIDE;
        if (!fits || (full[4] != 1 && full[4] != 3)) {
            throw new IOException("its shape " + Arrays.toString(shape)
                    + " is not (T, H, W, C), (T, H, W) or (N, T, H, W, C) with 1 or 3 channels");
        }
        return new NpyHeader(full[0], full[1], (int) full[2], (int) full[3], (int) full[4]);
    }

    /** The next frame, H x W x 3; grey becomes equal red, green and blue. */
    byte[] nextRgb(InputStream in) throws IOException {
        int wanted = height * width * channels;
        byte[] bytes = in.readNBytes(wanted);
        if (bytes.length < wanted) {
            throw new EOFException("it is cut off: fewer frames than its header says");
        }
        if (channels == 3) {
            return bytes;
        }
        var rgb = new byte[3 * wanted];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = bytes[i / 3];
        }
        return rgb;
    }
}
