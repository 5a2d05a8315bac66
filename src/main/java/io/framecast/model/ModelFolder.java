package io.framecast.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.framecast.forecast.ExpectedError;
import io.framecast.forecast.Forecast;
import io.framecast.forecast.ModelVersion;
import io.framecast.frame.FrameShape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A model on disk: {@code model.yaml}, {@code weights.npz} and {@code README.md}, its card.
 *
 * @param path the folder
 * @param description what its {@code model.yaml} says
 */
public record ModelFolder(Path path, ModelDescription description) {
    private static final String DESCRIPTION = "model.yaml";
    private static final String WEIGHTS = "weights.npz";
    private static final long LARGEST_DESCRIPTION = 1 << 20;
    private static final int LARGEST_SIDE = 128;

    /** A hundred times those of the largest network that is shipped, and half a gigabyte of memory. */
    private static final long MOST_WEIGHTS = 128_000_000;

    private static final ObjectMapper YAML = JsonMapper.builder(YAMLFactory.builder()
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .build();

    /**
     * Finds a model by name among the shipped ones, or by its folder.
     *
     * @param models the folder that holds the shipped models
     * @param nameOrFolder a name, as in {@code models/NAME}, or a path
     * @throws ModelException if there is none, or its description is damaged
     */
    public static ModelFolder find(Path models, String nameOrFolder) {
        Path named = models.resolve(nameOrFolder).normalize();
        Path folder = named.startsWith(models.normalize()) && Files.isDirectory(named) ? named : Path.of(nameOrFolder);
        if (!Files.isRegularFile(folder.resolve(DESCRIPTION))) {
            throw new ModelException(
                    ModelException.Reason.UNKNOWN,
                    "model '" + nameOrFolder + "' is unknown: there are " + names(models)
                            + ", or give a folder that holds " + DESCRIPTION);
        }
        return read(folder);
    }

    /** All models in a folder, by name; those that cannot be read are left out. */
    public static List<ModelFolder> all(Path models) {
        return names(models).stream().map(name -> read(models.resolve(name))).toList();
    }

    /** The names of all models in a folder, those that cannot be read included. */
    public static List<String> names(Path models) {
        if (!Files.isDirectory(models)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(models)) {
            return folders.filter(folder -> Files.isRegularFile(folder.resolve(DESCRIPTION)))
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the models in " + models, e);
        }
    }

    private static ModelFolder read(Path folder) {
        Path file = folder.resolve(DESCRIPTION);
        try {
            if (Files.size(file) > LARGEST_DESCRIPTION) {
                throw damaged(file, "it is larger than 1 MiB", null);
            }
            ModelDescription description = YAML.readValue(file.toFile(), ModelDescription.class);
            check(file, description);
            return new ModelFolder(folder, description);
        } catch (JsonProcessingException e) {
            throw damaged(file, e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw damaged(file, "it cannot be read", e);
        }
    }

    private static void check(Path file, ModelDescription description) {
        if (Stream.of(description.name(), description.version(), description.architecture(), description.shape())
                .anyMatch(Objects::isNull)) {
            throw damaged(file, "name, version, architecture and shape must be there", null);
        }
        if (description.contextLength() < 1 || description.contextLength() > 256) {
            throw damaged(file, "contextLength " + description.contextLength() + " is outside 1 to 256", null);
        }
        if (description.leastContext() < 1 || description.leastContext() > description.contextLength()) {
            throw damaged(
                    file,
                    "leastContextLength " + description.leastContext() + " is outside 1 to contextLength, "
                            + description.contextLength(),
                    null);
        }
        if (description.shape().size() != 3 || description.shape().contains(null)) {
            throw damaged(file, "shape " + description.shape() + " is not [height, width, channels]", null);
        }
        try {
            FrameShape shape = shape(description);
            if (shape.channels() != 3 || Math.max(shape.height(), shape.width()) > LARGEST_SIDE) {
                throw new IllegalArgumentException("shape " + description.shape() + " is out of range: sides up to "
                        + LARGEST_SIDE + ", 3 channels");
            }
            expectedError(description);
        } catch (IllegalArgumentException e) {
            throw damaged(file, String.valueOf(e.getMessage()), e);
        }
    }

    private static ModelException damaged(Path file, String why, @Nullable Throwable cause) {
        return new ModelException(
                ModelException.Reason.DAMAGED,
                "model file " + file + " is damaged: " + why.lines().findFirst().orElse("") + "; restore or retrain it",
                cause);
    }

    /** What its forecasts say they are of. */
    public ModelVersion version() {
        return new ModelVersion(description.name(), description.version());
    }

    /** The size of its frames. */
    public FrameShape shape() {
        return shape(description);
    }

    /** The size of the frames that a description tells of. */
    public static FrameShape shape(ModelDescription description) {
        List<Integer> shape = description.shape();
        return new FrameShape(shape.get(0), shape.get(1), shape.get(2));
    }

    /** What the model expects of its own error, if it was ever fitted. */
    public Optional<ExpectedError> expectedError() {
        return expectedError(description);
    }

    private static Optional<ExpectedError> expectedError(ModelDescription description) {
        Optional<ExpectedError> expected =
                Optional.ofNullable(description.expectedError()).map(ExpectedError::new);
        if (expected.isPresent() && expected.get().steps().size() < Forecast.HORIZON) {
            throw new IllegalArgumentException("expectedError has "
                    + expected.get().steps().size() + " steps, a forecast has " + Forecast.HORIZON);
        }
        return expected;
    }

    /**
     * Writes what the model expects of its own error, in addition to its description.
     *
     * @throws UncheckedIOException if the folder cannot be written
     */
    public void expect(ExpectedError errors) {
        try {
            writeDescription(path, description.expecting(errors.steps()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the model to " + path, e);
        }
    }

    /**
     * Builds the network and reads its weights, which ask for no gradient: the engine would otherwise keep everything
     * that a forecast computes on the way until the forecast is let go, four times the memory of the default model.
     *
     * <p>Until the weights in the file are known to be those that the description asks for, nothing is allocated.
     *
     * @param torch the operators the network calls
     * @throws ModelException if the weights are not those of the description, or one is NaN or infinite
     */
    public FramePredictor load(Torch torch, NDManager manager) {
        Map<String, Shape> weights;
        try {
            weights = weights(description, torch, manager);
        } catch (ModelException e) {
            throw damaged(path.resolve(DESCRIPTION), String.valueOf(e.getMessage()), e);
        }
        Weights.check(path.resolve(WEIGHTS), weights);
        FramePredictor network = initialized(description, torch, manager);
        Weights.read(path.resolve(WEIGHTS), network);
        network.getParameters().values().forEach(weight -> weight.getArray().setRequiresGradient(false));
        return network;
    }

    /**
     * Gives these weights to a network to start from. Where the network has fewer filters of a kind, because it draws
     * fewer frames, it gets the first. A network that is this one and more ({@link FramePredictor#extendsNetwork})
     * ignores what it reads in addition, and keeps its own further weights.
     *
     * @throws ModelException if the weights are damaged
     * @throws IllegalArgumentException if they are not those of such a network
     */
    public void giveTo(FramePredictor network, Torch torch, NDManager manager) {
        boolean extended = network.extendsNetwork(description.architecture());
        try (NDManager scratch = manager.newSubManager()) {
            Map<String, NDArray> own = new HashMap<>();
            load(torch, scratch)
                    .getParameters()
                    .forEach(entry -> own.put(entry.getKey(), entry.getValue().getArray()));
            network.getParameters().forEach(entry -> {
                NDArray into = entry.getValue().getArray();
                NDArray given = own.remove(entry.getKey());
                if (given == null && extended) {
                    return;
                }
                if (given != null && extended && isOfMoreChannels(into.getShape(), given.getShape())) {
                    into.muli(0);
                    into.set(new NDIndex(":, :{}", given.getShape().get(1)), given);
                    return;
                }
                if (given == null || !isFirstPart(into.getShape(), given.getShape())) {
                    throw otherNetwork("its " + entry.getKey() + " is " + (given == null ? "missing" : given.getShape())
                            + ", the network's " + into.getShape());
                }
                into.set(Arrays.copyOf(given.toFloatArray(), (int) into.size()));
            });
            if (!own.isEmpty()) {
                throw otherNetwork("its " + own.keySet().iterator().next() + " has no place in the network");
            }
        }
    }

    /** Whether kernels read more channels than others, and are as many and as large. */
    private static boolean isOfMoreChannels(Shape more, Shape fewer) {
        return more.dimension() == 4
                && fewer.dimension() == 4
                && more.get(0) == fewer.get(0)
                && more.get(1) > fewer.get(1)
                && more.slice(2).equals(fewer.slice(2));
    }

    private static boolean isFirstPart(Shape part, Shape whole) {
        return part.dimension() == whole.dimension()
                && part.dimension() > 0
                && part.get(0) <= whole.get(0)
                && part.slice(1).equals(whole.slice(1));
    }

    private IllegalArgumentException otherNetwork(String why) {
        return new IllegalArgumentException("model '" + description.name() + "' is of another network, no start for"
                + " this one: " + why + "; leave out --architecture and --hyper-parameter, or --from");
    }

    /**
     * Builds the described network with fresh weights.
     *
     * @throws ModelException if architecture or hyper-parameters are wrong, or make too many weights
     */
    public static FramePredictor build(ModelDescription description, Torch torch, NDManager manager) {
        weights(description, torch, manager);
        return initialized(description, torch, manager);
    }

    /** The shape of each weight of the described network, which takes no memory for them. */
    private static Map<String, Shape> weights(ModelDescription description, Torch torch, NDManager manager) {
        FramePredictor network = network(description, torch);
        network.setInitializer((scratch, shape, type) -> scratch.zeros(new Shape(1), type), weight -> true);
        var shapes = new LinkedHashMap<String, Shape>();
        try (NDManager scratch = manager.newSubManager()) {
            network.initialize(scratch, DataType.FLOAT32, frames(description));
            network.getParameters()
                    .forEach(
                            entry -> shapes.put(entry.getKey(), entry.getValue().getShape()));
        }
        long count = shapes.values().stream().mapToLong(Shape::size).sum();
        if (count > MOST_WEIGHTS) {
            throw new ModelException(
                    ModelException.Reason.DAMAGED,
                    "hyper-parameters " + hyper(description).sorted() + " make " + count / 1_000_000
                            + " million weights, more than " + MOST_WEIGHTS / 1_000_000 + " million");
        }
        return shapes;
    }

    private static FramePredictor initialized(ModelDescription description, Torch torch, NDManager manager) {
        FramePredictor network = network(description, torch);
        network.initialize(manager, DataType.FLOAT32, frames(description));
        return network;
    }

    private static FramePredictor network(ModelDescription description, Torch torch) {
        FramePredictor network = Architecture.named(description.architecture()).build(hyper(description), torch);
        int least = network.leastContext(description.contextLength());
        if (description.leastContext() < least) {
            throw new ModelException(
                    ModelException.Reason.DAMAGED,
                    "a context of at least " + description.leastContext() + " frames is too short for architecture "
                            + description.architecture() + ", which needs " + least + " where windows hold "
                            + description.contextLength());
        }
        return network;
    }

    private static HyperParameters hyper(ModelDescription description) {
        return new HyperParameters(description.hyperParameters() == null ? Map.of() : description.hyperParameters());
    }

    /** Of a single picture: (1, 1, C, H, W). */
    private static Shape frames(ModelDescription description) {
        List<Integer> shape = description.shape();
        return new Shape(1, 1, shape.get(2), shape.get(0), shape.get(1));
    }

    /**
     * Writes a model: description and weights, each whole or not at all.
     *
     * @throws UncheckedIOException if the folder cannot be written
     */
    public static void write(Path folder, ModelDescription description, FramePredictor network) {
        try {
            Files.createDirectories(folder);
            Weights.write(folder.resolve(WEIGHTS), network);
            writeDescription(folder, description);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the model to " + folder, e);
        }
    }

    /**
     * Copies the model into another folder, in place of one that is there. The description comes last: only it makes
     * the folder a model.
     *
     * @param version what the copy is called
     * @throws UncheckedIOException if the folder cannot be written
     */
    public ModelFolder copyTo(Path folder, String version) {
        try {
            Files.createDirectories(folder);
            for (String file : List.of(WEIGHTS, "README.md")) {
                if (Files.exists(path.resolve(file))) {
                    copyWhole(path.resolve(file), folder.resolve(file));
                }
            }
            writeDescription(folder, description.withVersion(version));
            return read(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the model to " + folder, e);
        }
    }

    /**
     * Copies a file in place of one that somebody may be loading: whole or not at all.
     *
     * @throws IOException if it cannot be written
     */
    public static void copyWhole(Path file, Path into) throws IOException {
        Path partial = into.resolveSibling(into.getFileName() + ".partial");
        try {
            Files.copy(file, partial, StandardCopyOption.REPLACE_EXISTING);
            Files.move(partial, into, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private static void writeDescription(Path folder, ModelDescription description) throws IOException {
        Path partial = folder.resolve(DESCRIPTION + ".partial");
        YAML.writeValue(partial.toFile(), description);
        Files.move(
                partial,
                folder.resolve(DESCRIPTION),
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.ATOMIC_MOVE);
    }
}
