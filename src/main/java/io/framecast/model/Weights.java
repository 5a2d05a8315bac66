package io.framecast.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import io.framecast.model.engine.TorchEngine;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A network's weights as a numpy {@code .npz} of float16, one array a parameter; {@code numpy.load} reads it. Half
 * precision keeps 11 bits, and halves the file.
 */
final class Weights {
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
     * Makes sure, by its headers, that a file has the arrays of a network; before such a network takes memory.
     *
     * @param wanted the shape of each parameter
     * @throws ModelException if it has not exactly those
     */
    static void check(Path file, Map<String, Shape> wanted) {
        reading(file, wanted, archive -> {});
    }

    /**
     * Reads all parameters of an initialised network.
     *
     * @throws ModelException if the file is not exactly the arrays that the network has, or a value is NaN or infinite
     */
    static void read(Path file, FramePredictor network) {
        var shapes = new LinkedHashMap<String, Shape>();
        network.getParameters()
                .forEach(entry -> shapes.put(entry.getKey(), entry.getValue().getShape()));
        reading(file, shapes, archive -> {
            try (NDManager manager = TorchEngine.load().newBaseManager(Device.cpu())) {
                for (Pair<String, Parameter> entry : network.getParameters()) {
                    try (NDManager scratch = manager.newSubManager()) {
                        NDArray half = archive.read(scratch, entry.getKey());
                        NDArray values = half.toType(DataType.FLOAT32, false);
                        requireFinite(entry.getKey(), values);
                        values.copyTo(entry.getValue().getArray());
                    }
                }
            }
        });
    }

    private interface Reading {
        void of(HalfArchive archive) throws IOException;
    }

    private static void reading(Path file, Map<String, Shape> wanted, Reading reading) {
        try (var archive = new HalfArchive(file, wanted)) {
            reading.of(archive);
        } catch (HalfArchive.DamagedException e) {
            throw damaged(file, String.valueOf(e.getMessage()), e);
        } catch (IOException | RuntimeException e) { // whatever a reader of foreign bytes may throw
            throw damaged(file, "it is no numpy archive of float16 arrays", e);
        }
    }

    /** A network with one such value forecasts nothing but NaN, which is drawn as black. */
    private static void requireFinite(String name, NDArray values) throws IOException {
        long unusable =
                values.isNaN().logicalOr(values.isInfinite()).countNonzero().getLong();
        if (unusable > 0) {
            throw new HalfArchive.DamagedException("array '" + name + "' has " + unusable + " of " + values.size()
                    + " values that are NaN or infinite");
        }
    }

    private static ModelException damaged(Path file, String why, @Nullable Throwable cause) {
        return new ModelException(
                ModelException.Reason.DAMAGED,
                "weights " + file + " are damaged: " + why + "; restore or retrain the model",
                cause);
    }
}
