package io.framecast.model;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * The PyTorch engine, and the operators that DJL's NDArray lacks.
 *
 * <p>Operators come from a TorchScript module whose source, {@code operators.torchscript}, is packed into an archive
 * when it is opened, so that every ATen function is one line away. Gradients pass through to inputs and weights.
 */
public final class Torch implements AutoCloseable {
    private static final String ENGINE = "PyTorch";
    private static final int ERROR_LEVEL = 2;

    private final Model operators;

    private Torch(Model operators) {
        this.operators = operators;
    }

    /** The engine, offline: its natives come with the build, and it reports to nobody. */
    public static Engine engine() {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        // Our scripts are single operators: profiling them for fusion only costs time at each new batch size.
        System.setProperty("ai.djl.pytorch.graph_optimizer", "false");
        keepToAvx2();
        Engine engine = Engine.getEngine(ENGINE);
        silence();
        return engine;
    }

    /**
     * Keeps the engine's convolutions (oneDNN) from the instructions of AVX-512: with PyTorch 2.7.1 on an AMD EPYC 9005
     * they gave wrong gradients, and numbers from memory that nobody had written; {@code ConvolutionTest} shows it. On
     * the same machine a forecast takes no longer for it, a training step a third. The library reads the variable in
     * the process's own environment, when it is first used; who sets it decides.
     */
    private static void keepToAvx2() {
        try {
            NativeLibrary.getProcess().getFunction("setenv").invokeInt(new Object[] {"ONEDNN_MAX_CPU_ISA", "AVX2", 0});
        } catch (UnsatisfiedLinkError e) { // no such function, as on Windows
            LoggerFactory.getLogger(Torch.class).warn("set ONEDNN_MAX_CPU_ISA=AVX2 before starting", e);
        }
    }

    /**
     * Lets the engine print errors only: it would warn of its own old ways on every start. It reads
     * {@code TORCH_CPP_LOG_LEVEL} only in Python, so the level is set where that would set it; who sets the variable
     * sees everything.
     */
    private static void silence() {
        if (System.getenv("TORCH_CPP_LOG_LEVEL") != null) {
            return;
        }
        try {
            NativeLibrary.getInstance("c10")
                    .getGlobalVariableAddress("FLAGS_caffe2_log_level")
                    .setInt(0, ERROR_LEVEL);
        } catch (UnsatisfiedLinkError e) { // an engine built otherwise; it only says more
            LoggerFactory.getLogger(Torch.class).debug("the engine's log level stays as it is", e);
        }
    }

    /**
     * Opens the operators.
     *
     * @throws UncheckedIOException if the temporary directory cannot be written
     */
    public static Torch open() {
        engine();
        try {
            Path folder = Files.createTempDirectory("framecast-operators");
            try {
                TorchScriptArchive.write(folder.resolve("operators.pt"), "Operators", source());
                Model model = Model.newInstance("operators", ENGINE);
                model.load(folder);
                return new Torch(model);
            } finally {
                delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the engine's operators to the temporary directory", e);
        } catch (MalformedModelException e) {
            throw new IllegalStateException("the engine does not accept the operators", e);
        }
    }

    /**
     * Convolution with half the kernel as padding, channels and filters filled up with zeros to multiples of 8. That
     * changes no result; it is there because the engine's convolutions read memory that was never written where
     * channels do not fill a vector register: NaN, whenever that memory was not new.
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

    private static String source() throws IOException {
        try (InputStream in = Torch.class.getResourceAsStream("/model/operators.torchscript")) {
            if (in == null) {
                throw new IllegalStateException("the build lacks the resource model/operators.torchscript");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The array that a method of the module returns. */
    NDArray call(String method, NDArray... arguments) {
        // DJL chooses a module's method by an extra array of this name, which is not passed on. The result goes to the
        // manager of the first array, so it must be that of the arguments.
        try (NDArray name = arguments[0].getManager().create(0)) {
            name.setName("module_method:" + method);
            var inputs = new NDList(name);
            for (NDArray argument : arguments) {
                inputs.add(argument);
            }
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
