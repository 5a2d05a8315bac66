package io.framecast.cli;

import io.framecast.model.ModelDescription;
import io.framecast.model.ModelFolder;
import io.framecast.model.NetworkForecaster;
import io.framecast.model.engine.ComputeDevice;
import io.framecast.model.engine.EngineConfig;
import io.framecast.model.engine.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code models pull-from-training}: the result of a training becomes a model that can be run by its name. */
@Command(
        name = "pull-from-training",
        footer = "Example: framecast models pull-from-training runs/mine",
        description =
                "Copy the model from a training's folder to the folder of models, without checkpoint and" + " logs.")
final class PullCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "The folder that was --out of the training.")
    Path training = Path.of("");

    @Option(
            names = "--replace",
            negatable = true,
            fallbackValue = "true",
            description = "Replace a model of the same name.")
    boolean replace;

    @Mixin
    ModelsOption models = new ModelsOption();

    @Mixin
    SharedOptions shared = new SharedOptions();

    @Override
    public Integer call() {
        Logs.onlyWarnings();
        ModelFolder found = ModelFolder.find(training, training.toString());
        String name = found.description().name();
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
            throw new IllegalArgumentException("model name '" + name
                    + "' cannot be a folder's: train with a --name of up to 64 of A-Z a-z 0-9 . _ and -");
        }
        NetworkForecaster.load(found, ComputeDevice.choose(EngineConfig.cpu()), Precision.FLOAT32)
                .close(); // a damaged one is not taken
        Path target = models.directory().resolve(name);
        if (!replace && Files.exists(target)) {
            throw new IllegalArgumentException("model '" + name + "' is there already: add --replace");
        }
        copy(found, target);
        Console.say(name + " is in " + target + "; run it with --model " + name);
        return ExitCodes.DONE;
    }

    private static void copy(ModelFolder found, Path target) {
        try {
            Files.createDirectories(target);
            // The description last: only it makes the folder a model.
            for (String file : List.of("weights.npz", "model.yaml")) {
                ModelFolder.copyWhole(found.path().resolve(file), target.resolve(file));
            }
            Path card = found.path().resolve("README.md");
            Files.writeString(
                    target.resolve("README.md"),
                    Files.exists(card) ? Files.readString(card) : card(found.description()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the model to " + target, e);
        }
    }

    /** A first card: what the training knows of itself. */
    private static String card(ModelDescription model) {
        var card = new StringBuilder(
                "# " + model.name() + "\n\n" + model.summary() + "\n\n| figure | value |\n|---|---|\n");
        row(card, "architecture", model.architecture() + " " + model.hyperParameters());
        row(card, "input", model.contextInWords() + " of " + model.shape());
        card(card, model.training());
        card(card, model.metrics());
        return card.toString();
    }

    private static void card(StringBuilder card, Map<String, Object> values) {
        values.forEach((name, value) -> row(card, name, String.valueOf(value)));
    }

    private static void row(StringBuilder card, String name, String value) {
        card.append("| ")
                .append(name)
                .append(" | ")
                .append(value.replace("|", "\\|"))
                .append(" |\n");
    }
}
