package io.framecast.cli;

import io.framecast.model.ModelFolder;
import io.framecast.model.OnnxExport;
import io.framecast.node.Baselines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code models export}: a model for other programs. */
@Command(
        name = "export",
        footer = "Example: framecast models export flow-lstm --out flow-lstm.onnx",
        description = "Write a model as an ONNX file, which other programs run, such as ONNX Runtime.")
final class ModelExportCommand implements Callable<Integer> {
    private static final double MIB = 1 << 20;

    @Parameters(paramLabel = "NAME|DIR", description = "Which model.")
    String name = "";

    @Option(
            names = {"--format", "--model-format"}, // in a file, format is that of 'export'
            paramLabel = "onnx",
            defaultValue = "onnx",
            description = "What to write. Default: ${DEFAULT-VALUE}")
    String format = "onnx";

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "The file to write, or the folder for NAME.onnx. Default: the current folder")
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
        if (Baselines.has(name)) {
            throw new IllegalArgumentException("model '" + name + "' has no network to export: choose one of "
                    + String.join(", ", ModelFolder.names(models.directory())));
        }
        ModelFolder model = ModelFolder.find(models.directory(), name);
        Path given = out != null ? out : Path.of("");
        Path file = Files.isDirectory(given.toAbsolutePath())
                ? given.resolve(model.description().name() + ".onnx")
                : given;
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw new IllegalArgumentException(
                    "--out '" + file + "': there is no folder '" + folder + "'; make it first");
        }
        OnnxExport.Inputs inputs = OnnxExport.write(model, file);
        Console.say(file + ": " + size(file) + ", forecasts 32 frames from " + inputs.contextLength()
                + (inputs.flowFields() == 0
                        ? ""
                        : "; it also takes " + inputs.flowFields() + " fields of optical flow, see docs/models.md"));
        return ExitCodes.DONE;
    }

    private static String size(Path file) {
        try {
            return String.format(Locale.ROOT, "%.1f MiB", Files.size(file) / MIB);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read '" + file + "'", e);
        }
    }
}
