package io.framecast.model.engine;

import ai.djl.util.ClassLoaderUtils;
import ai.djl.util.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * DJL's library between Java and libtorch, which a jar holds for one version of both and for some flavors of a
 * platform.
 *
 * @param torchVersion the only version of libtorch that it works with
 * @param djlVersion the only version of DJL that it works with
 * @param flavors what libtorch may be built for
 */
record JniLibrary(String torchVersion, String djlVersion, List<Flavor> flavors) {
    private static final String PROPERTIES = "jnilib/pytorch.properties";
    private static final Pattern VERSION = Pattern.compile("([0-9.]+)-([0-9.]+)");
    private static final Pattern LIBRARY =
            Pattern.compile("jnilib/([^/]+)/([^/]+)/(?:lib)?djl_torch\\.(?:so|dylib|dll)");

    JniLibrary {
        flavors = List.copyOf(flavors);
    }

    /** The one that this build has, for this machine. */
    static JniLibrary ofBuild() {
        try {
            URL properties = ClassLoaderUtils.getResource(PROPERTIES);
            if (properties == null) {
                throw new IllegalStateException("the build lacks DJL's JNI library (" + PROPERTIES + ")");
            }
            var connection = (JarURLConnection) properties.openConnection();
            connection.setUseCaches(false);
            try (JarFile jar = connection.getJarFile()) {
                return in(jar, Platform.fromSystem("pytorch").getClassifier());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read DJL's JNI library", e);
        }
    }

    /**
     * The one that a jar has.
     *
     * @param platform as natives name it: {@code linux-x86_64}, {@code linux-aarch64}, {@code osx-aarch64} or
     *     {@code win-x86_64}
     */
    static JniLibrary in(JarFile jar, String platform) throws IOException {
        var properties = new Properties();
        try (InputStream in = jar.getInputStream(jar.getEntry(PROPERTIES))) {
            properties.load(in);
        }
        Matcher version = VERSION.matcher(properties.getProperty("jni_version"));
        if (!version.matches()) {
            throw new IllegalStateException("'" + properties.getProperty("jni_version") + "' is no version of DJL's JNI"
                    + " library and libtorch");
        }
        List<Flavor> flavors = jar.stream()
                .map(entry -> flavor(entry.getName(), platform))
                .flatMap(Optional::stream)
                .sorted(Comparator.comparing(Flavor::name))
                .toList();
        return new JniLibrary(version.group(1), version.group(2), flavors);
    }

    private static Optional<Flavor> flavor(String entry, String platform) {
        Matcher library = LIBRARY.matcher(entry);
        return library.matches() && library.group(1).equals(platform)
                ? Optional.of(new Flavor(library.group(2)))
                : Optional.empty();
    }

    /**
     * The flavor to load with a libtorch: its own, or else the newest for the same major version of CUDA. The library
     * calls libtorch and functions of the CUDA runtime that every minor version has, and is linked to neither's file.
     *
     * @throws EngineException if it has none for this libtorch
     */
    Flavor flavorFor(Libtorch libtorch) {
        boolean fits = libtorch.version().map(torchVersion::equals).orElseGet(() -> libtorch.tells(torchVersion));
        if (!fits) {
            throw new EngineException(
                    EngineException.Reason.LIBRARY,
                    "libtorch in '" + libtorch.directory() + "' is "
                            + libtorch.version()
                                    .map(version -> "version " + version)
                                    .orElse("another version")
                            + ", and this build needs "
                            + torchVersion + ": install that (pip install torch==" + torchVersion
                            + "), or leave --libtorch out");
        }
        Flavor wanted = libtorch.flavor();
        return flavors.contains(wanted)
                ? wanted
                : flavors.stream()
                        .filter(flavor -> wanted.isCuda()
                                && flavor.cudaMajor() == wanted.cudaMajor()
                                && flavor.isOldAbi() == wanted.isOldAbi())
                        .reduce((older, newer) -> newer)
                        .orElseThrow(() -> new EngineException(
                                EngineException.Reason.LIBRARY,
                                "libtorch in '" + libtorch.directory() + "' is made for " + wanted
                                        + ", and this build can use only "
                                        + flavors.stream().map(Flavor::name).collect(Collectors.joining(", "))
                                        + ": install one of these, or leave --libtorch out"));
    }
}
