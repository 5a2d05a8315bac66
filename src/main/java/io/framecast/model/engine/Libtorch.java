package io.framecast.model.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * PyTorch's native libraries in a folder, as pip installs them, PyTorch's own archives hold them, or DJL unpacks them.
 *
 * @param directory where the libraries themselves are
 * @param version PyTorch's version, as {@code 2.7.1}; empty where no file next to the libraries tells it
 * @param flavor what it was built for
 */
record Libtorch(Path directory, Optional<String> version, Flavor flavor) {
    private static final String TORCH = System.mapLibraryName("torch");
    private static final String TORCH_CUDA = System.mapLibraryName("torch_cuda");

    /** pip's {@code version.py}: {@code __version__ = '2.7.1+cu128'}. */
    private static final Pattern PYTHON_VERSION = Pattern.compile("(?m)^__version__ *= *'([^']+)'");
    /** Of a version, the number and what follows it: {@code 2.7.1+cu128}. */
    private static final Pattern VERSION = Pattern.compile("(\\d+\\.\\d+\\.\\d+)[^+]*(?:\\+([a-z]+)([0-9.]*).*)?");
    /** pip's {@code version.py}: {@code cuda: Optional[str] = '12.8'}, and {@code hip} likewise. */
    private static final Pattern PYTHON_PLATFORM = Pattern.compile("(?m)^(cuda|hip)\\b[^=\\n]*= *'(\\d+)\\.(\\d+)");
    /** The CUDA runtime next to the libraries: {@code libcudart-8774224f.so.12}, {@code cudart64_12.dll}. */
    private static final Pattern CUDART = Pattern.compile("(?:lib)?cudart.*?[._](\\d+)(?:\\..*)?");

    /**
     * Finds the libraries.
     *
     * @param folder holds them, or is the {@code torch} of a Python installation or the {@code libtorch} of an archive
     * @throws EngineException if there is none
     */
    static Libtorch in(Path folder) {
        Path directory = Stream.of(
                        folder, folder.resolve("lib"), folder.resolve("torch").resolve("lib"))
                .filter(each -> Files.isRegularFile(each.resolve(TORCH)))
                .findFirst()
                .orElseThrow(() -> new EngineException(
                        EngineException.Reason.LIBRARY,
                        "there is no " + TORCH + " in '" + folder + "' or its lib: name the folder that python3 -c"
                                + " 'import torch; print(torch.__path__[0])' prints, or the libtorch of PyTorch's"
                                + " archive"))
                .toAbsolutePath()
                .normalize();
        String python = text(directory.resolveSibling("version.py"));
        Matcher told = PYTHON_VERSION.matcher(python);
        String version = told.find()
                ? told.group(1)
                : text(directory.resolveSibling("build-version")).strip();
        Matcher parts = VERSION.matcher(version);
        return parts.matches()
                ? new Libtorch(directory, Optional.of(parts.group(1)), flavor(directory, python, parts))
                : new Libtorch(directory, Optional.empty(), flavorOfFiles(directory));
    }

    /** Whether its main library contains a version as a string; for folders without a version file. */
    boolean tells(String candidate) {
        Path library = directory.resolve(System.mapLibraryName("torch_cpu"));
        byte[] text = ("\0" + candidate + "\0").getBytes(StandardCharsets.US_ASCII);
        try (FileChannel channel = FileChannel.open(library)) {
            ByteBuffer bytes =
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, Math.min(channel.size(), Integer.MAX_VALUE));
            int matched = 0;
            while (bytes.hasRemaining() && matched < text.length) {
                byte next = bytes.get();
                matched = next == text[matched] ? matched + 1 : next == text[0] ? 1 : 0;
            }
            return matched == text.length;
        } catch (IOException e) {
            throw unreadable(library, e);
        }
    }

    private static Flavor flavor(Path directory, String python, Matcher version) {
        Matcher platform = PYTHON_PLATFORM.matcher(python);
        if (platform.find()) {
            String prefix = platform.group(1).equals("cuda") ? "cu" : "rocm";
            return abi(directory, new Flavor(prefix + platform.group(2) + platform.group(3)));
        }
        if (version.group(2) != null) {
            return abi(directory, new Flavor(version.group(2) + version.group(3).replace(".", "")));
        }
        return flavorOfFiles(directory);
    }

    private static Flavor flavorOfFiles(Path directory) {
        if (!Files.exists(directory.resolve(TORCH_CUDA))) {
            return abi(directory, Flavor.CPU);
        }
        try (Stream<Path> files = Files.list(directory)) {
            return abi(
                    directory,
                    new Flavor(
                            files.map(file -> CUDART.matcher(file.getFileName().toString()))
                                    .filter(Matcher::matches)
                                    .map(cudart -> "cu" + cudart.group(1) + "x")
                                    .findFirst()
                                    .orElse("cuda of unknown version")));
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    /**
     * Which C++ ABI it was compiled for: pip's did with the old one up to 2.5. Names of functions that take a string
     * tell.
     */
    private static Flavor abi(Path directory, Flavor flavor) {
        Path core = directory.resolve("libc10.so");
        if (!Files.exists(core)) { // Linux alone had two
            return flavor;
        }
        try {
            String names = Files.readString(core, StandardCharsets.ISO_8859_1);
            return names.contains("NSt7__cxx1112basic_string") ? flavor : flavor.withOldAbi();
        } catch (IOException e) {
            throw unreadable(core, e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static UncheckedIOException unreadable(Path file, IOException e) {
        return new UncheckedIOException("cannot read '" + file + "'", e);
    }
}
