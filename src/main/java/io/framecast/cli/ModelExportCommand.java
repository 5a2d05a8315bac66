package io.framecast.cli;

import io.framecast.model.ModelFolder;
import io.framecast.model.OnnxExport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code models export}: a model for other programs. */
@Command(
        name = "export",
        footer = "Example: framecast models export deconv-lstm --out deconv-lstm.onnx",
        description = "Write a model as an ONNX file, which ONNX Runtime, Triton or OpenVINO runs.")
final class ModelExportCommand implements Callable<Integer> {
    private static final long MIB = 1 << 20;

    @Parameters(paramLabel = "NAME|DIR", description = "Which model.")
    String name = "";

    @Option(
            names = "--format",
            paramLabel = "onnx",
            defaultValue = "onnx",
            description = "What to write. Default: ${DEFAULT-VALUE}")
    String format = "onnx";

    @Option(names = "--out", paramLabel = "FILE", description = "The file to write. Default: NAME.onnx")
    @Nullable
    Path out;

    @Mixin
    ModelsOption models = new ModelsOption();

    @Mixin
    SharedOptions shared = new SharedOptions();

    @Override
    public Integer call() {
        Logs.onlyWarnings();
        if (!format.equals("onnx")) {
            throw new IllegalArgumentException("--format '" + format + "' is unknown: there is onnx");
        }
        ModelFolder model = ModelFolder.find(models.directory(), name);
        Path file = out != null ? out : Path.of(model.description().name() + ".onnx");
        if (Files.isDirectory(file)) {
            throw new IllegalArgumentException("--out '" + file + "' is a folder: give the name of a file");
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw new IllegalArgumentException(
                    "--out '" + file + "': there is no folder '" + folder + "'; make it first");
        }
        OnnxExport.Inputs inputs = OnnxExport.write(model, file);
        Console.say(file + ": " + size(file) + ", " + inputs.contextLength() + " frames to 32"
                + (inputs.flowFields() == 0
                        ? ""
                        : "; it also takes " + inputs.flowFields() + " fields of optical flow, see docs/models.md"));
        return ExitCodes.DONE;
    }

    private static String size(Path file) {
        try {
            return Math.max(1, Files.size(file) / MIB) + " MiB";
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read '" + file + "'", e);
        }
    }
}
