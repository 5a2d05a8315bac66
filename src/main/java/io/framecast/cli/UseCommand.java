package io.framecast.cli;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.ModelVersion;
import io.framecast.model.ModelException;
import io.framecast.model.ModelFolder;
import io.framecast.node.Baselines;
import io.framecast.node.Broker;
import io.framecast.node.PredictConfig;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.ModelUses;
import io.framecast.train.NearestName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code models use}: changes the model of predictors that run. */
@Command(
        name = "use",
        footer = "Example: framecast models use mine --kafka localhost:9092",
        sortOptions = false,
        description = "Change the model of running predictors between two forecasts. Predictors that start"
                + " later also use it.")
final class UseCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME|DIR", description = "The model to run: a shipped model, a folder, or a baseline.")
    String name = "";

    @Option(
            names = "--of",
            paramLabel = "MODEL",
            defaultValue = "",
            description = "The model that the predictors were started with, if several groups of predictors run."
                    + " Default: that of the only group")
    String of = "";

    @Option(
            names = "--group",
            paramLabel = "NAME",
            defaultValue = "",
            description = "The --group of the predictors, if they have one.")
    String group = "";

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            description = "How long to wait for the first forecast of the new model. Default: 20s")
    Duration wait = Duration.ofSeconds(20);

    @Mixin
    ModelsOption models = new ModelsOption();

    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    @Mixin
    SharedOptions shared = new SharedOptions();

    /**
     * The model as predictors are told of it.
     *
     * @param use a name, or the whole path of a folder
     * @param title what forecasts say of it
     */
    private record Named(String use, ModelVersion title) {}

    @Override
    public Integer call() {
        Named named = named();
        try (Broker broker = Broker.open(kafka.config(true))) {
            KafkaConnection connection = broker.connection();
            var uses = new ModelUses(connection);
            var predictors = PredictorGroup.find(uses.groups(group), connection.prefix(), group, of);
            Optional<String> started = startedWith(connection, predictors);
            Optional<String> back =
                    started.map(model -> WayBack.of(uses, connection, predictors.name(), model, models.directory()));
            try (var forecasts = new FirstForecast(connection, named.title())) {
                uses.choose(predictors.name(), named.use());
                Console.say(predictors.name() + " is to run " + named.use() + "; " + members(predictors.members()));
                if (predictors.members() > 0) {
                    Console.say(forecasts
                            .await(wait)
                            .map(UseCommand::seen)
                            .orElseGet(() -> "no forecast of " + named.title().name() + " "
                                    + named.title().version() + " came within "
                                    + wait.toSeconds() + " s: each predictor says in its output what keeps it from"
                                    + " running that model"));
                }
                back.filter(model -> !model.equals(named.use()))
                        .ifPresent(model ->
                                Console.say("to go back, with the other options given here: framecast models use "
                                        + model + " --of " + started.get()));
            }
        }
        return ExitCodes.DONE;
    }

    /** Looked up here too, so that a misspelt name is told at once. */
    private Named named() {
        if (Baselines.has(name)) {
            return new Named(name, Baselines.open(name).model());
        }
        Path directory = models.directory();
        try {
            ModelFolder found = ModelFolder.find(directory, name);
            boolean isShipped = found.path().normalize().startsWith(directory.normalize());
            String whole = found.path().toAbsolutePath().normalize().toString();
            return new Named(isShipped ? name : whole, found.version());
        } catch (ModelException e) {
            var names = new HashSet<>(Baselines.names());
            names.addAll(ModelFolder.names(directory));
            throw NearestName.of(name, names)
                    .filter(near -> e.reason().equals("unknown"))
                    .<RuntimeException>map(near -> new IllegalArgumentException(
                            "model '" + name + "' is unknown: did you mean '" + near + "'?", e))
                    .orElse(e);
        }
    }

    private static String members(int count) {
        return switch (count) {
            case 0 -> "no predictor of that group runs now, the next one will";
            case 1 -> "it has 1 predictor";
            default -> "it has " + count + " predictors";
        };
    }

    private static String seen(Forecast forecast) {
        return "the first forecast of " + forecast.model().name() + " "
                + forecast.model().version() + " is there, of "
                + forecast.origin().camera();
    }

    /** The model in the name of a group; none if the group has a name of its own. */
    private static Optional<String> startedWith(KafkaConnection connection, PredictorGroup predictors) {
        String beginning = PredictConfig.group(connection.prefix(), "");
        return Optional.of(predictors.name())
                .filter(name -> name.startsWith(beginning))
                .map(name -> name.substring(beginning.length()));
    }
}
