package io.framecast.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import io.framecast.model.engine.TorchEngine;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * A network's weights as a numpy {@code .npz} of float16, one array a parameter; {@code numpy.load} reads it. Half
 * precision keeps 11 bits, and halves the file.
 */
final class Weights {
    private static final int HALF_BYTES = 2;
    private static final int LARGEST_HEADER = 1 << 10;

    private static final Pattern SHAPE = Pattern.compile("'shape': *\\(([0-9, ]*)\\)");

    private Weights() {}

    /** Writes all parameters, whole or not at all. */
    static void write(Path file, FramePredictor network) throws IOException {
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        try (NDManager manager = TorchEngine.load().newBaseManager(Device.cpu())) {
            var arrays = new NDList();
            network.getParameters().forEach(entry -> {
                NDArray half = entry.getValue().getArray().toType(DataType.FLOAT16, true);
                half.attach(manager);
                half.setName(entry.getKey());
                arrays.add(half);
            });
            try (OutputStream out = Files.newOutputStream(partial)) {
                arrays.encode(out, NDList.Encoding.NPZ);
            }
        }
        Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Reads all parameters of an initialised network.
     *
     * @throws ModelException if the file is not exactly the arrays that the network has
     */
    static void read(Path file, FramePredictor network) {
        Map<String, Parameter> parameters = new HashMap<>();
        network.getParameters().forEach(entry -> parameters.put(entry.getKey(), entry.getValue()));
        try (NDManager manager = TorchEngine.load().newBaseManager(Device.cpu())) {
            checkSizes(file, parameters);
            try (InputStream in = Files.newInputStream(file)) {
                for (NDArray array : NDList.decode(manager, in)) {
                    copy(file, array, parameters.remove(array.getName()));
                }
            }
        } catch (ModelException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // whatever a reader of foreign bytes may throw
            throw damaged(file, "it is no numpy archive of float16 arrays", e);
        }
        if (!parameters.isEmpty()) {
            throw damaged(file, "it lacks " + parameters.keySet().iterator().next(), null);
        }
    }

    /** Looks at the table of contents only, so that a file that would unpack to something huge is never unpacked. */
    private static void checkSizes(Path file, Map<String, Parameter> parameters) throws IOException {
        try (var zip = new ZipFile(file.toFile())) {
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                String name = entry.getName().replaceFirst("\\.npy$", "");
                Parameter parameter = parameters.get(name);
                if (parameter == null) {
                    throw damaged(file, "array '" + name + "' is none of this architecture's", null);
                }
                long expected = parameter.getArray().getShape().size() * HALF_BYTES;
                if (entry.getSize() < expected || entry.getSize() > expected + LARGEST_HEADER) {
                    throw damaged(
                            file,
                            "array '" + name + "' has " + entry.getSize() + " bytes, expected " + expected
                                    + " and a header",
                            null);
                }
                try (InputStream in = zip.getInputStream(entry)) {
                    checkHeader(file, name, in.readNBytes(LARGEST_HEADER), parameter);
                }
            }
        }
    }

    /** Looks at the shape that an array says to have, before it is given memory. */
    private static void checkHeader(Path file, String name, byte[] head, Parameter parameter) {
        String shape = Arrays.stream(parameter.getArray().getShape().getShape())
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(","));
        var header = SHAPE.matcher(new String(head, StandardCharsets.ISO_8859_1));
        String found = header.find() ? header.group(1).replaceAll(" |,$", "") : "none";
        if (!found.equals(shape)) {
            throw damaged(file, "array '" + name + "' has shape (" + found + "), expected (" + shape + ")", null);
        }
    }

    private static void copy(Path file, NDArray array, @Nullable Parameter parameter) {
        if (parameter == null || !array.getShape().equals(parameter.getArray().getShape())) {
            throw damaged(file, "array '" + array.getName() + "' has shape " + array.getShape(), null);
        }
        array.toType(DataType.FLOAT32, false).copyTo(parameter.getArray());
    }

    private static ModelException damaged(Path file, String why, @Nullable Throwable cause) {
        return new ModelException(
                ModelException.Reason.DAMAGED,
                "weights " + file + " are damaged: " + why + "; restore or retrain the model",
                cause);
    }
}
