package io.framecast.cli;

import io.framecast.forecast.ModelVersion;
import io.framecast.model.ModelException;
import io.framecast.model.ModelFolder;
import io.framecast.node.Baselines;
import io.framecast.topic.BrokerException;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.ModelUse;
import io.framecast.topic.ModelUses;
import io.framecast.topic.RecordedTopic;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How to go back to the model that a group of predictors runs. That is not always the one that it was told to run last:
 * predictors that cannot run a model go on with the one they have. The newest forecasts name it.
 */
final class WayBack {
    private static final Duration LATELY = Duration.ofSeconds(5);

    private WayBack() {}

    /**
     * What {@code models use} is to be given to go back.
     *
     * @param group the predictors, as Kafka knows them
     * @param started the model that they were started with
     * @param directory where names of models are looked up
     */
    static String of(ModelUses uses, KafkaConnection connection, String group, String started, Path directory) {
        var names = new ArrayList<String>();
        try {
            uses.of(group).stream().map(ModelUse::model).forEach(names::add);
        } catch (BrokerException e) { // this user may not read it
        }
        names.add(started);
        return choose(names, forecasting(connection), name -> title(name, directory));
    }

    /** What is asked of a name: what forecasts say of its model, if that is known here. */
    @FunctionalInterface
    interface Titles {
        Optional<ModelVersion> of(String name);
    }

    /**
     * The name of the model that runs.
     *
     * @param names what the group was told to run, newest first; not empty
     * @param running the models that forecast now, of any group; empty if that is not known
     */
    static String choose(List<String> names, Set<ModelVersion> running, Titles titles) {
        Predicate<String> runs =
                name -> titles.of(name).filter(running::contains).isPresent();
        Predicate<String> mayRun = name -> running.isEmpty() || titles.of(name).isEmpty();
        return names.stream()
                .filter(runs)
                .findFirst()
                .or(() -> names.stream().filter(mayRun).findFirst())
                .orElseGet(() -> names.get(0));
    }

    private static Set<ModelVersion> forecasting(KafkaConnection connection) {
        var titles = new HashSet<ModelVersion>();
        try {
            new RecordedTopic(connection, Instant.now().minus(LATELY), Instant.MAX)
                    .forecasts(forecast -> titles.add(forecast.model()));
        } catch (BrokerException e) {
            return Set.of();
        }
        return titles;
    }

    private static Optional<ModelVersion> title(String name, Path directory) {
        if (Baselines.has(name)) {
            return Optional.of(Baselines.open(name).model());
        }
        try {
            return Optional.of(ModelFolder.find(directory, name).version());
        } catch (ModelException e) {
            return Optional.empty();
        }
    }
}
