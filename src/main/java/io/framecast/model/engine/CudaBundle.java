package io.framecast.model.engine;

import ai.djl.util.ClassLoaderUtils;
import ai.djl.util.Utils;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The libtorch for CUDA in a build made with {@code -Pcuda}. DJL would unpack it only where it finds a CUDA toolkit
 * beside the driver; here the driver is enough.
 *
 * @param version as in {@code 2.5.1-20241113}: PyTorch's, and the day on which DJL packed it
 * @param flavor the version of CUDA
 * @param platform as in {@code linux-x86_64}
 * @param libraries file names
 */
record CudaBundle(String version, Flavor flavor, String platform, List<String> libraries) {
    private static final Logger LOG = LoggerFactory.getLogger(CudaBundle.class);

    CudaBundle {
        libraries = List.copyOf(libraries);
    }

    /** What this build holds. */
    static Optional<CudaBundle> ofBuild() {
        try {
            var urls = ClassLoaderUtils.getContextClassLoader().getResources("native/lib/pytorch.properties");
            for (URL url : Collections.list(urls)) {
                CudaBundle bundle = read(url);
                if (bundle.flavor.isCuda()) {
                    return Optional.of(bundle);
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read which native libraries this build holds", e);
        }
    }

    private static CudaBundle read(URL url) throws IOException {
        var properties = new Properties();
        try (InputStream in = Utils.openUrl(url)) {
            properties.load(in);
        }
        return new CudaBundle(
                properties.getProperty("version", ""),
                new Flavor(properties.getProperty("flavor", "")),
                properties.getProperty("classifier", ""),
                List.of(properties.getProperty("libraries", "").split(",")));
    }

    /**
     * Unpacks it once, to where DJL does: {@code ~/.djl.ai/pytorch}, or below {@code ENGINE_CACHE_DIR} or
     * {@code DJL_CACHE_DIR}.
     *
     * @throws EngineException if there is no room, or no right to write
     */
    Libtorch unpacked() {
        Path cache = Utils.getEngineCacheDir("pytorch");
        Path directory = cache.resolve(version + "-" + flavor + "-" + platform);
        if (!Files.exists(directory)) {
            LOG.info("unpacking the engine for NVIDIA GPUs to {}, once: 4 GB", directory);
            try {
                Files.createDirectories(cache);
                unpack(Files.createTempDirectory(cache, "tmp"), directory);
            } catch (IOException e) {
                throw new EngineException(
                        EngineException.Reason.LIBRARY,
                        "cannot unpack the engine for NVIDIA GPUs, 4 GB, to '" + directory + "' (" + e.getMessage()
                                + "); make room, name another folder by the environment's ENGINE_CACHE_DIR, or use"
                                + " --device cpu",
                        e);
            }
        }
        return new Libtorch(directory, Optional.of(version), flavor);
    }

    private void unpack(Path partial, Path directory) throws IOException {
        try {
            for (String library : libraries) {
                String resource = "pytorch/" + flavor + "/" + platform + "/" + library;
                try (InputStream in = ClassLoaderUtils.getResourceAsStream(resource)) {
                    Files.copy(in, partial.resolve(library));
                }
            }
            moveUnlessThere(partial, directory);
        } finally {
            Utils.deleteQuietly(partial);
        }
    }

    /** Two processes may unpack at the same time; the first one's is kept. */
    private static void moveUnlessThere(Path partial, Path directory) throws IOException {
        try {
            Files.move(partial, directory);
        } catch (FileAlreadyExistsException e) {
            LOG.debug("another process has unpacked the engine", e);
        }
    }
}
