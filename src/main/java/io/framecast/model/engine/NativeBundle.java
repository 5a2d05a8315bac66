package io.framecast.model.engine;

import ai.djl.util.ClassLoaderUtils;
import ai.djl.util.Platform;
import ai.djl.util.Utils;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A libtorch that this build holds: one for the processor, and with {@code -Pcuda} one for CUDA. DJL would choose
 * between them by whether a CUDA toolkit is there; here the driver decides, so they are unpacked here, to where DJL
 * does.
 *
 * @param version as in {@code 2.5.1-20241113}: PyTorch's, and the day on which DJL packed it
 * @param flavor what it is made for
 * @param platform as in {@code linux-x86_64}
 * @param libraries file names
 */
record NativeBundle(String version, Flavor flavor, String platform, List<String> libraries) {
    private static final Logger LOG = LoggerFactory.getLogger(NativeBundle.class);
    private static final String PARTIAL = "framecast-partial-";

    NativeBundle {
        libraries = List.copyOf(libraries);
    }

    /** The one for the processor. */
    static NativeBundle forProcessor() {
        return all().stream()
                .filter(bundle -> !bundle.flavor.isCuda())
                .findFirst()
                .orElseThrow(() -> new EngineException(
                        EngineException.Reason.LIBRARY,
                        "this build has no PyTorch for "
                                + Platform.fromSystem("pytorch").getClassifier()
                                + "; build it on this machine, or name a PyTorch with --libtorch"));
    }

    /** The one for CUDA, in a build made with {@code -Pcuda}. */
    static Optional<NativeBundle> forCuda() {
        return all().stream().filter(bundle -> bundle.flavor.isCuda()).findFirst();
    }

    private static List<NativeBundle> all() {
        String here = Platform.fromSystem("pytorch").getClassifier();
        try {
            var bundles = new ArrayList<NativeBundle>();
            var urls = ClassLoaderUtils.getContextClassLoader().getResources("native/lib/pytorch.properties");
            for (URL url : Collections.list(urls)) {
                NativeBundle bundle = read(url);
                if (bundle.platform.equals(here)) {
                    bundles.add(bundle);
                }
            }
            return bundles;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read which native libraries this build holds", e);
        }
    }

    private static NativeBundle read(URL url) throws IOException {
        var properties = new Properties();
        try (InputStream in = url.openStream()) {
            properties.load(in);
        }
        return new NativeBundle(
                properties.getProperty("version", ""),
                new Flavor(properties.getProperty("flavor", "")),
                properties.getProperty("classifier", ""),
                List.of(properties.getProperty("libraries", "").split(",")));
    }

    /**
     * Unpacks it once, to {@code ~/.djl.ai/pytorch}, or below {@code ENGINE_CACHE_DIR} or {@code DJL_CACHE_DIR}.
     *
     * @throws EngineException if there is no room, or no right to write
     */
    Libtorch unpacked() {
        Path cache = Utils.getEngineCacheDir("pytorch").toAbsolutePath().normalize();
        Path directory = cache.resolve(version + "-" + flavor + "-" + platform);
        try {
            if (!isComplete(directory)) {
                Files.createDirectories(cache);
                unpackAlone(cache, directory);
            }
        } catch (IOException e) {
            throw new EngineException(
                    EngineException.Reason.LIBRARY,
                    "PyTorch's native libraries cannot be unpacked to '" + directory + "' (" + e.getMessage()
                            + "); make room there, or name another folder with the environment's DJL_CACHE_DIR"
                            + (flavor.isCuda() ? ", or use --device cpu" : ""),
                    e);
        }
        return new Libtorch(directory, Optional.of(version), flavor);
    }

    private boolean isComplete(Path directory) {
        return libraries.stream().allMatch(library -> Files.isReadable(directory.resolve(library)));
    }

    /** One process at a time, which also removes what one that was killed has left. */
    private void unpackAlone(Path cache, Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(
                        cache.resolve("framecast.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var lock = channel.lock()) {
            LOG.debug("unpacking under {}", lock);
            if (isComplete(directory)) {
                return;
            }
            if (flavor.isCuda()) {
                LOG.info("unpacking the engine for NVIDIA GPUs to {}, once: 4 GB", directory);
            }
            try (Stream<Path> left = Files.list(cache)) {
                left.filter(file -> file.getFileName().toString().startsWith(PARTIAL))
                        .forEach(Utils::deleteQuietly);
            }
            unpack(Files.createDirectory(cache.resolve(PARTIAL + flavor)), directory);
        }
    }

    private void unpack(Path partial, Path directory) throws IOException {
        try {
            for (String library : libraries) {
                String resource = "pytorch/" + flavor + "/" + platform + "/" + library;
                try (InputStream in = ClassLoaderUtils.getResourceAsStream(resource)) {
                    Files.copy(in, partial.resolve(library));
                }
            }
            Utils.deleteQuietly(directory); // of which only a part is there
            Files.move(partial, directory);
        } finally {
            Utils.deleteQuietly(partial);
        }
    }
}
