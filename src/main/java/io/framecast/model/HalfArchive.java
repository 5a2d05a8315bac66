package io.framecast.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A numpy {@code .npz} of float16 arrays. Only headers are read to know them, and of values no more than the header
 * tells, so that a file that would unpack to something huge is never unpacked.
 */
final class HalfArchive implements AutoCloseable {
    private static final int HALF_BYTES = 2;
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    private static final int LONGEST_HEADER = 1 << 10;
    private static final Pattern TYPE = Pattern.compile("'descr': *'([^']{1,16})'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order': *False");
    private static final Pattern SHAPE = Pattern.compile("'shape': *\\(([0-9, ]*)\\)");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,9}");
    private static final String HALF = "<f2";

    private final ZipFile zip;
    private final Map<String, Array> arrays = new LinkedHashMap<>();

    /**
     * An array as its header tells it.
     *
     * @param entry where it lies
     * @param shape the length of each axis
     * @param header bytes before its values
     */
    private record Array(ZipEntry entry, Shape shape, int header) {}

    /** What is wrong with an archive, in words. */
    static final class DamagedException extends IOException {
        private static final long serialVersionUID = 1L;

        DamagedException(String why) {
            super(why);
        }
    }

    /**
     * Reads the headers.
     *
     * @param wanted the arrays that must be there, and no others, each with its shape
     * @throws DamagedException if they are not
     * @throws IOException if it is no archive
     */
    HalfArchive(Path file, Map<String, Shape> wanted) throws IOException {
        zip = new ZipFile(file.toFile());
        try {
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                add(entries.nextElement(), wanted);
            }
            for (String name : wanted.keySet()) {
                if (!arrays.containsKey(name)) {
                    throw new DamagedException("it lacks " + name);
                }
            }
        } catch (IOException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    private void add(ZipEntry entry, Map<String, Shape> wanted) throws IOException {
        String name = entry.getName().replaceFirst("\\.npy$", "");
        Shape shape = wanted.get(name);
        if (shape == null) {
            throw new DamagedException("array '" + shortened(name) + "' is none of this architecture's");
        }
        Array array = array(name, entry);
        if (!array.shape().equals(shape)) {
            throw new DamagedException("array '" + name + "' has shape " + words(array.shape())
                    + ", the hyper-parameters in model.yaml ask for " + words(shape));
        }
        long bytes = array.header() + HALF_BYTES * shape.size();
        if (entry.getSize() != bytes) {
            throw new DamagedException(
                    "array '" + name + "' has " + entry.getSize() + " bytes, its header tells of " + bytes);
        }
        if (arrays.put(name, array) != null) {
            throw new DamagedException("array '" + name + "' is there twice");
        }
    }

    private Array array(String name, ZipEntry entry) throws IOException {
        try (var in = new DataInputStream(zip.getInputStream(entry))) {
            byte[] magic = in.readNBytes(MAGIC.length);
            int length = Short.toUnsignedInt(Short.reverseBytes(in.readShort()));
            if (!Arrays.equals(magic, MAGIC) || length > LONGEST_HEADER) {
                throw new DamagedException("array '" + name + "' has no header that numpy writes");
            }
            var header = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
            Matcher type = TYPE.matcher(header);
            if (!type.find()
                    || !type.group(1).equals(HALF)
                    || !ORDER.matcher(header).find()) {
                throw new DamagedException("array '" + name + "' is not of float16 ('" + HALF + "') in C order");
            }
            return new Array(entry, shape(name, header), MAGIC.length + Short.BYTES + length);
        } catch (EOFException e) {
            throw new DamagedException("array '" + name + "' is cut off");
        }
    }

    private static Shape shape(String name, String header) throws DamagedException {
        Matcher shape = SHAPE.matcher(header);
        String[] lengths = shape.find() ? shape.group(1).replace(" ", "").split(",") : new String[0];
        if (lengths.length == 0
                || !Arrays.stream(lengths)
                        .allMatch(length -> LENGTH.matcher(length).matches())) {
            throw new DamagedException("array '" + name + "' tells no shape");
        }
        return new Shape(Arrays.stream(lengths).mapToLong(Long::parseLong).toArray());
    }

    /**
     * The values of an array.
     *
     * @throws DamagedException if there are fewer or more of them than its header tells
     */
    NDArray read(NDManager manager, String name) throws IOException {
        Array array = arrays.get(name);
        if (array == null) {
            throw new DamagedException("it lacks " + name);
        }
        ByteBuffer values = manager.allocateDirect(
                Math.toIntExact(HALF_BYTES * array.shape().size()));
        try (InputStream in = zip.getInputStream(array.entry());
                ReadableByteChannel channel = Channels.newChannel(in)) {
            in.skipNBytes(array.header());
            while (values.hasRemaining() && channel.read(values) >= 0) {
                // The next part follows.
            }
            if (values.hasRemaining() || in.read() >= 0) {
                throw new DamagedException("array '" + name + "' has not as many values as its header tells");
            }
        }
        return manager.create(values.flip(), array.shape(), DataType.FLOAT16);
    }

    private static String words(Shape shape) {
        return Arrays.stream(shape.getShape()).mapToObj(String::valueOf).collect(Collectors.joining(",", "(", ")"));
    }

    private static String shortened(String name) {
        return name.length() > 80 ? name.substring(0, 80) + "..." : name;
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
