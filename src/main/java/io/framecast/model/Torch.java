package io.framecast.model;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import io.framecast.model.engine.TorchEngine;
import io.framecast.model.engine.VectorRegister;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Operators of PyTorch that DJL's NDArray lacks.
 *
 * <p>They come from a TorchScript module. Its methods, {@code operators.torchscript} and the arithmetic of
 * {@link FlowMixture} and {@link FlowLstm}, {@code flow-mixture.torchscript} and {@code flow-lstm.torchscript}, are
 * packed into an archive when it is opened, so every ATen function is one line away. Gradients pass through to inputs
 * and weights.
 */
public final class Torch implements AutoCloseable {
    private static final List<String> SCRIPTS =
            List.of("/model/operators.torchscript", "/model/flow-mixture.torchscript", "/model/flow-lstm.torchscript");

    private final Model operators;

    private Torch(Model operators) {
        this.operators = operators;
    }

    /**
     * Opens the operators.
     *
     * @throws UncheckedIOException if the temporary directory cannot be written
     */
    public static Torch open() {
        TorchEngine.load(); // which chooses the registers
        return open(SCRIPTS, Map.of("register_floats", VectorRegister.floats()));
    }

    /**
     * Opens other methods than the operators.
     *
     * @param scripts resources that hold them; one has a method {@code forward}
     * @param constants numbers that further methods return, by the methods' names
     * @throws UncheckedIOException if the temporary directory cannot be written
     * @throws IllegalStateException if this engine lacks an operator that they name
     */
    static Torch open(List<String> scripts, Map<String, Integer> constants) {
        Engine engine = TorchEngine.load();
        try {
            Path folder = Files.createTempDirectory("framecast-operators");
            try {
                TorchScriptArchive.write(folder.resolve("operators.pt"), "Operators", methods(scripts, constants));
                // They have no weights, and compute wherever their arguments are.
                Model model = engine.newModel("operators", Device.cpu());
                model.load(folder);
                return new Torch(model);
            } finally {
                delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the engine's operators to the temporary directory", e);
        } catch (MalformedModelException | EngineException e) {
            throw new IllegalStateException("the engine does not accept the operators of " + scripts, e);
        }
    }

    /**
     * Convolution with half the kernel as padding, channels and filters filled up with zeros to multiples of what a
     * vector register holds. That changes no result; it is there because the engine's convolutions read memory that was
     * never written where channels do not fill one: NaN, whenever that memory was not new.
     *
     * @param x (N, C, H, W)
     * @param weight (F, C, K, K), K odd
     * @param bias (F)
     * @param stride 1 or 2
     * @return (N, F, H / stride, W / stride)
     */
    public NDArray convolve(NDArray x, NDArray weight, NDArray bias, int stride) {
        return call("convolve_stride" + stride, x, weight, bias);
    }

    /**
     * Transposed 3x3 convolution with padding 1, whose output is {@code stride} times as high and wide as its input,
     * filled up as {@link #convolve}.
     *
     * @param x (N, C, H, W)
     * @param weight (C, F, 3, 3)
     * @param bias (F)
     * @param stride 1 or 2
     * @return (N, F, stride H, stride W)
     */
    public NDArray deconvolve(NDArray x, NDArray weight, NDArray bias, int stride) {
        return call("deconvolve_stride" + stride, x, weight, bias);
    }

    private static String methods(List<String> scripts, Map<String, Integer> constants) throws IOException {
        var methods = new StringBuilder();
        constants.forEach(
                (name, value) -> methods.append("def " + name + "(self) -> int:\n    return " + value + "\n"));
        for (String resource : scripts) {
            try (InputStream in = Torch.class.getResourceAsStream(resource)) {
                if (in == null) {
                    throw new IllegalStateException("the build lacks the resource " + resource);
                }
                methods.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return methods.toString();
    }

    /** The array that a method of the module returns. */
    NDArray call(String method, NDArray... arguments) {
        return call(method, new NDList(arguments));
    }

    /**
     * The array that a method of the module returns, attached to the manager of the first argument.
     *
     * @param arguments those of the same name that ends in {@code []} are one argument, a list
     */
    NDArray call(String method, NDList arguments) {
        // DJL chooses a module's method by an extra array of this name, which is not passed on. The result goes to the
        // manager of the first array, so it must be that of the arguments.
        try (NDArray name = arguments.head().getManager().create(0)) {
            name.setName("module_method:" + method);
            var inputs = new NDList(name);
            inputs.addAll(arguments);
            var store = new ParameterStore(manager(), false);
            // Always as in training: otherwise the engine would cut the gradient here.
            return operators.getBlock().forward(store, inputs, true).singletonOrThrow();
        }
    }

    /** Where the operators live. */
    NDManager manager() {
        return operators.getNDManager();
    }

    @Override
    public void close() {
        operators.close();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
