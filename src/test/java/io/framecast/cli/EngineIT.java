package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.pytorch.jni.LibUtils;
import io.framecast.model.engine.TorchEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which PyTorch a process loads, and where its models run. */
class EngineIT {
    private static final Duration DEADLINE = Duration.ofSeconds(90);
    private static final int FAILED = 1;

    @TempDir
    Path folder;

    @Test
    void libtorch_asPipInstallsIt_isUsed() throws IOException {
        Path torch = pip(version());
        copyLibraries(torch.resolve("lib"));

        var doctor = doctor(Map.of(), "--libtorch", torch.toString());
        assertThat(doctor).anySatisfy(line -> assertThat(line).matches("ok +engine .*, cpu, in " + torch + "/lib"));

        var forecasts = run(
                Map.of("FRAMECAST_LIBTORCH", torch.toString()),
                0,
                "bench",
                "model",
                "--model",
                ModelsOption.DEFAULT,
                "--batch",
                "1",
                "--calls",
                "5");
        assertThat(forecasts).anySatisfy(line -> assertThat(line).matches(ModelsOption.DEFAULT + " +1 .*"));
    }

    @Test
    void libtorch_unusable_isOneLineWithTheWayOut() throws IOException {
        refused(Map.of(), List.of("there is no libtorch.so in 'nosuch'", "torch.__path__"), "--libtorch", "nosuch");

        Path torch = pip("1.13.1+cpu");
        Files.writeString(torch.resolve("lib/libtorch.so"), "");
        refused(
                Map.of(),
                List.of(torch + "/lib", "is version 1.13.1", "needs " + version(), "leave --libtorch out"),
                "--libtorch",
                torch.toString());

        Files.delete(torch.resolve("lib/libtorch.so"));
        pip(version() + "+cpu");
        Files.copy(Path.of(LibUtils.getLibtorchPath(), "libtorch.so"), torch.resolve("lib/libtorch.so"));
        refused(
                Map.of(),
                List.of("cannot be loaded", "libtorch_cpu.so: cannot open shared object file", "leave --libtorch out"),
                "--libtorch",
                torch.toString());
    }

    @Test
    void libraryPath_ofDjl_isNeverIgnored() throws IOException {
        Path torch = pip(version());
        copyLibraries(torch.resolve("lib"));
        String lib = torch.resolve("lib").toString();

        assertThat(doctor(Map.of("PYTORCH_LIBRARY_PATH", "/nosuch:" + lib)))
                .anySatisfy(line -> assertThat(line).matches("ok +engine .*, in " + lib));
        refused(Map.of("PYTORCH_LIBRARY_PATH", torch.toString()), List.of("'" + torch + "'", "--libtorch"));
        refused(
                Map.of("PYTORCH_LIBRARY_PATH", lib),
                List.of("'" + lib + "'", "'" + torch + "'", "leave one of them out"),
                "--libtorch",
                torch.toString());
    }

    @Test
    void variablesOfDjl_thatDoNotFit_areNamed() throws IOException {
        refused(Map.of("PYTORCH_VERSION", "2.4.0"), List.of("PYTORCH_VERSION", "2.4.0", version(), "unset"));
        assertThat(doctor(Map.of("FRAMECAST_LIBTORCH", "", "PYTORCH_LIBRARY_PATH", "")))
                .anySatisfy(line -> assertThat(line).matches("ok +engine .*, of this build"));
    }

    @Test
    void cache_thatCannotBeWritten_isNamed() {
        refused(Map.of("DJL_CACHE_DIR", "/dev/null/cache"), List.of("/dev/null", "DJL_CACHE_DIR"));
    }

    @Test
    void device_notThere_isOneLineWithTheWayOut() {
        refused(
                List.of("run", "--preview", "none", "--kafka-port", "0", "--duration", "60s"),
                Map.of("CUDA_VISIBLE_DEVICES", "-1"),
                List.of("device 'cuda' cannot be used: ", "NVIDIA", "or use --device cpu"),
                "--device",
                "cuda");
        refused(Map.of(), List.of("device 'cuda:99' cannot be used: ", "or use --device cpu"), "--device", "cuda:99");
    }

    @Test
    void precision_isToldByDoctorAndKept() {
        assertThat(run(Map.of(), 0, "doctor"))
                .anySatisfy(
                        line -> assertThat(line).matches("ok +precision +b?float(16|32) for recurrent networks, .*"));
        assertThat(run(
                        Map.of(),
                        0,
                        "bench",
                        "model",
                        "--model",
                        "deconv-lstm",
                        "--precision",
                        "float32",
                        "--batch",
                        "1",
                        "--calls",
                        "5"))
                .contains("deconv-lstm computes in float32");
        refused(
                Map.of(),
                List.of("precision 'bfloat16' is for recurrent networks", "use --precision auto"),
                "--precision",
                "bfloat16");
    }

    /** With a driver's library that tells what we want to hear: a real one has a GPU, or is not there. */
    @Tag("system")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FAKE_INIT=100   | ok +gpu +none: the NVIDIA driver finds no GPU; see what nvidia-smi says.*",
                "FAKE_GPUS=0     | ok +gpu +none: the NVIDIA driver finds no GPU; see what nvidia-smi says.*",
                "FAKE_INIT=999   | note +device +cpu: the NVIDIA driver fails \\(CUDA_ERROR_UNKNOWN\\); see .*",
                "FAKE_GPUS=2     | ok +gpu +NVIDIA Fake, NVIDIA Fake; driver for CUDA up to 12.4",
                "FAKE_GPUS=1     | note +device +cpu: this build computes on the processor only .* -Pcuda.*",
                "FAKE_CUDA=11040 | note +device +cpu: this build .* after an update of its driver to version 525 or newer"
            })
    void doctor_withDriver_tellsItsState(String environment, String expected) throws Exception {
        Path source = Path.of("src", "test", "resources", "model", "cuda_driver.c");
        Process compiler = new ProcessBuilder(
                        "gcc",
                        "-shared",
                        "-fPIC",
                        "-Wl,-soname,libcuda.so.1",
                        "-o",
                        folder.resolve("libcuda.so.1").toString(),
                        source.toAbsolutePath().toString())
                .inheritIO()
                .start();
        assertThat(compiler.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(compiler.exitValue()).isZero();

        String[] setting = environment.split("=", 2);
        assertThat(doctor(Map.of("LD_LIBRARY_PATH", folder.toString(), setting[0], setting[1])))
                .anySatisfy(line -> assertThat(line).matches(expected));
    }

    /** Asks for the engine, which must end in one line. */
    private void refused(Map<String, String> environment, List<String> words, String... options) {
        refused(List.of("bench", "model", "--batch", "1", "--calls", "5"), environment, words, options);
    }

    private void refused(List<String> command, Map<String, String> environment, List<String> words, String... options) {
        String[] arguments = Stream.concat(command.stream(), Stream.of(options)).toArray(String[]::new);
        try (var process = FramecastProcess.start(folder, environment, arguments)) {
            assertThat(process.exitCode(DEADLINE)).as(process::toString).isEqualTo(FAILED);
            assertThat(process.errors()).as(process::toString).hasSize(1);
            assertThat(process.errors().get(0)).startsWith("framecast: ").contains(words);
        }
    }

    /** With the default model only: that of others is tried for seconds. */
    private List<String> doctor(Map<String, String> environment, String... options) throws IOException {
        Path models = Files.createDirectories(folder.resolve("models"));
        Path model = models.resolve(ModelsOption.DEFAULT);
        if (!Files.exists(model)) {
            Files.createSymbolicLink(
                    model, Path.of("models", ModelsOption.DEFAULT).toAbsolutePath());
        }
        var command = Stream.of("doctor", "--models-dir", models.toString());
        return run(environment, 0, Stream.concat(command, Stream.of(options)).toArray(String[]::new));
    }

    private List<String> run(Map<String, String> environment, int exitCode, String... arguments) {
        try (var process = FramecastProcess.start(folder, environment, arguments)) {
            assertThat(process.exitCode(DEADLINE)).as(process::toString).isEqualTo(exitCode);
            return process.output();
        }
    }

    /** The folder of a package as pip leaves it, still without libraries. */
    private Path pip(String version) throws IOException {
        Path torch = folder.toRealPath().resolve("site-packages/torch");
        Files.createDirectories(torch.resolve("lib"));
        Files.writeString(
                torch.resolve("version.py"),
                "__version__ = '" + version + "'\ncuda: Optional[str] = None\nhip: Optional[str] = None\n",
                StandardCharsets.UTF_8);
        return torch;
    }

    /** This build's own libraries, but for DJL's part of them. */
    private static void copyLibraries(Path to) throws IOException {
        TorchEngine.load();
        try (Stream<Path> files = Files.list(Path.of(LibUtils.getLibtorchPath()))) {
            for (Path file : files.filter(file -> !file.getFileName().toString().contains("djl"))
                    .toList()) {
                link(to.resolve(file.getFileName()), file);
            }
        }
    }

    /** The same file under another name, for it is large; a copy where the file system cannot. */
    private static void link(Path name, Path file) throws IOException {
        try {
            Files.createLink(name, file);
        } catch (FileSystemException | UnsupportedOperationException elsewhere) {
            Files.copy(file, name);
        }
    }

    /** PyTorch's version in this build. */
    private static String version() {
        return TorchEngine.load().getVersion();
    }
}
