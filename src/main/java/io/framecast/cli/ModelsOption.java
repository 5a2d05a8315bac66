package io.framecast.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the shipped models lie. */
final class ModelsOption {
    /** The model that is used unless another is named. */
    static final String DEFAULT = "flow-lstm";

    @Option(
            names = "--models-dir",
            paramLabel = "DIR",
            description = "The folder of shipped models. Default: models of the installation")
    @Nullable
    Path models;

    /** The folder: the option, else that of the installation the launcher names, else of the working directory. */
    Path directory() {
        if (models != null) {
            return models;
        }
        return Path.of(System.getProperty("framecast.home", ".")).resolve("models");
    }
}
