package io.framecast.model.engine;

import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import ai.djl.util.Platform;
import ai.djl.util.Utils;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PyTorch's engine, offline: its native libraries come with the build or from a folder that the user names, and it
 * reports to nobody. A process loads it once.
 */
public final class TorchEngine {
    static final String NAME = "PyTorch";

    private static final Logger LOG = LoggerFactory.getLogger(TorchEngine.class);
    private static final String OF_BUILD = "cpu, of this build";
    private static final int ERROR_LEVEL = 2;

    private static @Nullable TorchEngine loaded;

    private final Engine engine;
    private final GpuProbe gpus;
    /** What was loaded, for a person. */
    private final String libraries;
    /** What it would be made for if the GPUs of this machine could be used. */
    private final Flavor offered;

    private TorchEngine(Engine engine, GpuProbe gpus, String libraries, Flavor offered) {
        this.engine = engine;
        this.gpus = gpus;
        this.libraries = libraries;
        this.offered = offered;
    }

    /**
     * The engine that was loaded, or by default one with the libraries for CUDA where a GPU can use them.
     *
     * @throws EngineException if its libraries do not fit or cannot be loaded
     */
    public static Engine load() {
        return load(EngineConfig.defaults()).engine;
    }

    /**
     * Loads the engine; once it is loaded, another configuration changes nothing.
     *
     * @throws EngineException if its libraries do not fit or cannot be loaded
     */
    static synchronized TorchEngine load(EngineConfig config) {
        if (loaded == null) {
            System.setProperty("ai.djl.offline", "true");
            System.setProperty("OPT_OUT_TRACKING", "true");
            // Our scripts are single operators: profiling them for fusion only costs time at each new batch size.
            System.setProperty("ai.djl.pytorch.graph_optimizer", "false");
            keepToAvx2();
            GpuProbe gpus = CudaDriver.probe();
            loaded = load(config, gpus, JniLibrary.ofBuild(), DjlEnvironment.ofProcess());
            silence();
        }
        return loaded;
    }

    private static TorchEngine load(EngineConfig config, GpuProbe gpus, JniLibrary jni, DjlEnvironment environment) {
        environment.requireVersion(jni.torchVersion());
        Optional<Libtorch> named = environment.libtorch(config.libtorch());
        if (named.isEmpty()) {
            return loadOfBuild(gpus, config.mayUseGpu(), environment);
        }
        Libtorch libtorch = named.get();
        Flavor flavor = jni.flavorFor(libtorch);
        if (libtorch.flavor().isCuda() && !gpus.hasDriver()) {
            return startWithoutDriver(libtorch, gpus, environment);
        }
        environment.requireFlavor(flavor);
        use(libtorch, flavor);
        Engine engine = start("leave --libtorch out to use the build's own");
        return new TorchEngine(engine, gpus, libtorch.flavor() + ", in " + libtorch.directory(), libtorch.flavor());
    }

    /** Libraries for CUDA are linked to the driver's, and where there is none they cannot even be loaded. */
    private static TorchEngine startWithoutDriver(Libtorch named, GpuProbe gpus, DjlEnvironment environment) {
        if (environment.namesLibtorch()) { // which DJL would follow
            throw new EngineException(
                    EngineException.Reason.LIBRARY,
                    "PyTorch in '" + named.directory() + "' is made for " + named.flavor() + " and cannot be loaded: "
                            + gpus.obstacle(named.flavor()).orElse("") + "; or unset PYTORCH_LIBRARY_PATH");
        }
        return new TorchEngine(start("name a libtorch for the processor"), gpus, OF_BUILD, named.flavor());
    }

    private static TorchEngine loadOfBuild(GpuProbe gpus, boolean forGpu, DjlEnvironment environment) {
        Optional<CudaBundle> cuda = CudaBundle.ofBuild().filter(bundle -> forGpu);
        if (cuda.isPresent() && gpus.supports(cuda.get().flavor())) {
            Flavor flavor = cuda.get().flavor();
            environment.requireFlavor(flavor);
            use(cuda.get().unpacked(), flavor);
            return new TorchEngine(start("use --device cpu"), gpus, flavor + ", of this build", flavor);
        }
        Engine engine = start("name another PyTorch with --libtorch");
        return new TorchEngine(
                engine, gpus, OF_BUILD, cuda.map(CudaBundle::flavor).orElse(Flavor.CPU));
    }

    /** Tells DJL what it would otherwise guess, and wrongly where there is no CUDA toolkit; the environment decides. */
    private static void use(Libtorch libtorch, Flavor jni) {
        System.setProperty("PYTORCH_LIBRARY_PATH", libtorch.directory().toString());
        System.setProperty("PYTORCH_FLAVOR", jni.name());
        libtorch.version().ifPresent(version -> System.setProperty("PYTORCH_VERSION", version));
    }

    private static Engine start(String wayOut) {
        try {
            return Engine.getEngine(NAME);
        } catch (RuntimeException
                | LinkageError e) { // DJL throws its own, and what the system's loader says is in there
            LOG.debug("the engine does not start", e);
            throw new EngineException(EngineException.Reason.LIBRARY, refusal(rootCause(e), wayOut), e);
        }
    }

    private static String refusal(Throwable cause, String wayOut) {
        String said = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        if (said.contains("Offline mode")) { // DJL wanted to download them
            return "this build has no PyTorch for "
                    + Platform.fromSystem("pytorch").getClassifier() + "; " + wayOut;
        }
        if (cause instanceof IOException) {
            return "PyTorch's native libraries cannot be unpacked to '" + Utils.getEngineCacheDir("pytorch") + "' ("
                    + said + "); make room there, or name another folder with the environment's DJL_CACHE_DIR";
        }
        return "PyTorch's native libraries cannot be loaded (" + said + "); " + wayOut;
    }

    private static Throwable rootCause(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    Engine engine() {
        return engine;
    }

    GpuProbe gpus() {
        return gpus;
    }

    /** Whether this engine's libraries are made for CUDA, or would be if this machine had a driver. */
    boolean isForCuda() {
        return offered.isCuda();
    }

    /** Why no GPU can be used, and what to do about it; nothing if one can. */
    Optional<String> gpuObstacle() {
        Optional<String> obstacle = gpus.obstacle(offered);
        return obstacle.isPresent() || engine.hasCapability(StandardCapabilities.CUDA)
                ? obstacle
                : Optional.of("the engine (" + offered + ") finds no GPU that it can use, although the driver has "
                        + gpus.gpus().get(0) + "; see what nvidia-smi says");
    }

    /** Name, version and libraries, in one line. */
    String describe() {
        return engine.getEngineName() + " " + engine.getVersion() + ", " + libraries;
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
            LOG.warn("set ONEDNN_MAX_CPU_ISA=AVX2 before starting", e);
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
            LOG.debug("the engine's log level stays as it is", e);
        }
    }
}
