package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code models export}, as somebody types it. */
class ModelExportCommandTest {
    private static final String MODELS = Path.of("models").toAbsolutePath().toString();

    @TempDir
    Path folder;

    @Test
    void model_intoAFolder_isNamedByTheModel_whateverOtherCommandsAreToldToWrite() {
        Invocation exported = Invocation.of(
                Map.of("FRAMECAST_FORMAT", "mp4,gif"),
                "models",
                "export",
                "unet-shapes",
                "--models-dir",
                MODELS,
                "--out",
                folder.toString());

        assertThat(exported.exitCode()).as(exported.toString()).isZero();
        Path file = folder.resolve("unet-shapes.onnx");
        assertThat(file).isNotEmptyFile();
        assertThat(exported.output())
                .singleElement()
                .asString()
                .matches(Pattern.quote(file.toString()) + ": [0-9]+\\.[0-9] MiB, forecasts 32 frames from 10");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "persistence --out x.onnx | model 'persistence' has no network to export: choose one of convlstm",
                "flow-lst --out x.onnx | model 'flow-lst' is unknown",
                "unet-shapes --format gguf | --format 'gguf' is unknown: there is onnx",
                "unet-shapes --out missing/x.onnx | there is no folder"
            })
    void export_thatCannotBe_saysWhy_andWritesNothing(String arguments, String words) throws Exception {
        Invocation refused =
                Invocation.in(folder, ("models export " + arguments + " --models-dir " + MODELS).split(" "));

        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.errors()).singleElement().asString().contains(words);
        try (var files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }
}
