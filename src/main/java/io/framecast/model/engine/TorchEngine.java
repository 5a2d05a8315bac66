package io.framecast.model.engine;

import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import ai.djl.pytorch.jni.LibUtils;
import com.sun.jna.NativeLibrary;
import java.nio.file.Path;
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
    private static final int ERROR_LEVEL = 2;

    private static @Nullable TorchEngine loaded;

    private final Engine engine;
    private final GpuProbe gpus;
    /** What was loaded, for a person. */
    private final String libraries;
    /** What it would be made for if the GPUs of this machine could be used. */
    private final Flavor offered;

    /** The folder that the user names, if it was loaded. */
    private final Optional<Path> named;

    private TorchEngine(Engine engine, GpuProbe gpus, String libraries, Flavor offered, Optional<Path> named) {
        this.engine = engine;
        this.gpus = gpus;
        this.libraries = libraries;
        this.offered = offered;
        this.named = named;
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
            VectorRegister.choose();
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
        Engine engine = start(libtorch.directory(), "leave --libtorch out to use the build's own");
        return new TorchEngine(
                engine,
                gpus,
                libtorch.flavor() + ", in " + libtorch.directory(),
                libtorch.flavor(),
                Optional.of(libtorch.directory()));
    }

    /** Libraries for CUDA are linked to the driver's, and where there is none they cannot even be loaded. */
    private static TorchEngine startWithoutDriver(Libtorch named, GpuProbe gpus, DjlEnvironment environment) {
        if (environment.namesLibtorch()) { // which DJL would follow
            throw new EngineException(
                    EngineException.Reason.LIBRARY,
                    "PyTorch in '" + named.directory() + "' is made for " + named.flavor() + " and cannot be loaded: "
                            + gpus.obstacle(named.flavor()).orElse("") + "; or unset PYTORCH_LIBRARY_PATH");
        }
        Engine engine = startOfBuild(NativeBundle.forProcessor(), environment, "name another with --libtorch");
        String libraries = "cpu, of this build, as that in " + named.directory() + " needs an NVIDIA driver";
        return new TorchEngine(engine, gpus, libraries, named.flavor(), Optional.empty());
    }

    private static TorchEngine loadOfBuild(GpuProbe gpus, boolean forGpu, DjlEnvironment environment) {
        Optional<NativeBundle> cuda = NativeBundle.forCuda().filter(bundle -> forGpu);
        Flavor offered = cuda.map(NativeBundle::flavor).orElse(Flavor.CPU);
        NativeBundle bundle =
                cuda.filter(found -> gpus.supports(found.flavor())).orElseGet(NativeBundle::forProcessor);
        Engine engine = startOfBuild(
                bundle, environment, bundle.flavor().isCuda() ? "use --device cpu" : "name another with --libtorch");
        return new TorchEngine(engine, gpus, bundle.flavor() + ", of this build", offered, Optional.empty());
    }

    private static Engine startOfBuild(NativeBundle bundle, DjlEnvironment environment, String wayOut) {
        environment.requireFlavor(bundle.flavor());
        Libtorch libtorch = bundle.unpacked();
        use(libtorch, bundle.flavor());
        return start(libtorch.directory(), wayOut);
    }

    /** Tells DJL what it would otherwise guess, and wrongly where there is no CUDA toolkit; the environment decides. */
    private static void use(Libtorch libtorch, Flavor jni) {
        System.setProperty("PYTORCH_LIBRARY_PATH", libtorch.directory().toString());
        System.setProperty("PYTORCH_FLAVOR", jni.name());
        libtorch.version().ifPresent(version -> System.setProperty("PYTORCH_VERSION", version));
    }

    private static Engine start(Path libraries, String wayOut) {
        try {
            Engine engine = Engine.getEngine(NAME);
            Path used = Path.of(LibUtils.getLibtorchPath()).normalize();
            if (!used.equals(libraries)) { // a figure or a line about the wrong libraries would mislead
                throw new IllegalStateException("DJL took the libraries of " + used + " instead of " + libraries);
            }
            return engine;
        } catch (RuntimeException | LinkageError e) { // DJL's own, with what the system's loader says in it
            LOG.debug("the engine does not start", e);
            String said = String.valueOf(rootCause(e).getMessage())
                    .lines()
                    .findFirst()
                    .orElse("");
            throw new EngineException(
                    EngineException.Reason.LIBRARY,
                    "PyTorch's native libraries cannot be loaded (" + said + "); " + wayOut,
                    e);
        }
    }

    private static Throwable rootCause(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
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
        if (named.isPresent() && !offered.isCuda() && gpus.state() == GpuProbe.State.FOUND) {
            return Optional.of("PyTorch in '" + named.get() + "' is made for the processor only and does not use "
                    + gpus.gpus().get(0) + "; name one for CUDA, or leave --libtorch out");
        }
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
