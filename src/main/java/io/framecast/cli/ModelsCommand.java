package io.framecast.cli;

import io.framecast.model.ModelDescription;
import io.framecast.model.ModelFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code framecast models}: what can be run. */
@Command(
        name = "models",
        footer = "Example: framecast models show flow-mixture",
        sortOptions = false,
        description = "List, show and export models, or change the model of running predictors.",
        subcommands = {
            ModelsCommand.ListCommand.class,
            ModelsCommand.ShowCommand.class,
            UseCommand.class,
            ModelExportCommand.class,
            PullCommand.class
        })
final class ModelsCommand implements Callable<Integer> {
    @Mixin
    ModelsOption models = new ModelsOption();

    @Mixin
    SharedOptions shared = new SharedOptions();

    @Override
    public Integer call() {
        return list(models.directory());
    }

    /** {@code models list}. */
    @Command(name = "list", footer = "Example: framecast models list", description = "List the models that can be run.")
    static final class ListCommand implements Callable<Integer> {
        @Mixin
        ModelsOption models = new ModelsOption();

        @Mixin
        SharedOptions shared = new SharedOptions();

        @Override
        public Integer call() {
            return list(models.directory());
        }
    }

    /** {@code models show}. */
    @Command(
            name = "show",
            footer = "Example: framecast models show flow-mixture",
            description = "Show a model's description and its card.")
    static final class ShowCommand implements Callable<Integer> {
        @Parameters(paramLabel = "NAME|DIR", description = "Which model.")
        String name = "";

        @Mixin
        ModelsOption models = new ModelsOption();

        @Mixin
        SharedOptions shared = new SharedOptions();

        @Override
        public Integer call() {
            Path folder = ModelFolder.find(models.directory(), name).path();
            try {
                Console.say(Files.readString(folder.resolve("model.yaml")));
                Path card = folder.resolve("README.md");
                Console.say(Files.exists(card) ? Files.readString(card) : "(no model card)");
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read the model in " + folder, e);
            }
            return ExitCodes.DONE;
        }
    }

    private static int list(Path directory) {
        List<ModelFolder> all = ModelFolder.all(directory);
        for (ModelFolder folder : all) {
            ModelDescription description = folder.description();
            String mark = description.name().equals(ModelsOption.DEFAULT) ? " (default)" : "";
            Console.say(description.name() + mark + ": version " + description.version() + ", "
                    + description.contextInWords() + " to 32, " + description.summary());
        }
        Console.say("persistence: repeats the last frame; the baseline");
        Console.say("flow-fade: moves the last frame along its optical flow and fades it into the"
                + " background; a baseline with motion");
        return ExitCodes.DONE;
    }
}
