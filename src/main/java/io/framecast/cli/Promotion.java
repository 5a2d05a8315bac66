package io.framecast.cli;

import io.framecast.model.ModelFolder;
import io.framecast.node.PredictConfig;
import io.framecast.topic.BrokerException;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.ModelUse;
import io.framecast.topic.ModelUses;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A trained model takes the place of the one in use: as a folder, and with the predictors that run that one.
 *
 * @param champion the name of the model in use
 * @param asked how it was asked for: its name or folder
 */
record Promotion(String champion, String asked) {
    /** Where the model that was in the folder before is kept. */
    private static final String PREVIOUS = "previous";

    /**
     * Copies the model to a folder; the one that is there is kept below it.
     *
     * @return the model, with a version that is one higher if it has the name of the one before
     */
    static ModelFolder install(ModelFolder trained, Path out) {
        Optional<ModelFolder> before = Files.exists(out.resolve("model.yaml"))
                ? Optional.of(ModelFolder.find(out, out.toAbsolutePath().toString()))
                : Optional.empty();
        before.ifPresent(
                model -> model.copyTo(out.resolve(PREVIOUS), model.description().version()));
        return trained.copyTo(
                out,
                before.filter(model -> model.description()
                                .name()
                                .equals(trained.description().name()))
                        .map(model -> next(model.description().version()))
                        .orElse(trained.description().version()));
    }

    private static String next(String version) {
        return version.matches("\\d{1,9}") ? String.valueOf(Integer.parseInt(version) + 1) : version + ".1";
    }

    /** Tells the predictors that run the model in use, and says so line by line. */
    List<String> tellPredictors(KafkaConnection connection, ModelFolder model) {
        String folder = model.path().toAbsolutePath().normalize().toString();
        var lines = new ArrayList<String>();
        try {
            var uses = new ModelUses(connection);
            for (String group : running(uses, connection.prefix())) {
                uses.choose(group, folder);
                lines.add(group + " is to run " + folder
                        + "; to go back, with the options for Kafka given here: framecast models use " + asked
                        + " --of "
                        + group.substring(
                                PredictConfig.group(connection.prefix(), "").length()));
            }
        } catch (BrokerException e) {
            lines.add("no predictor has been told: " + e.getMessage());
        }
        if (lines.isEmpty()) {
            lines.add("no predictor runs " + champion + " on " + connection + ": run the new model with --model "
                    + folder);
        }
        return lines;
    }

    private List<String> running(ModelUses uses, String prefix) {
        String beginning = PredictConfig.group(prefix, "");
        Set<String> groups = uses.groups(beginning).keySet();
        Map<String, ModelUse> told = uses.newest();
        return groups.stream()
                .filter(group -> Optional.ofNullable(told.get(group))
                        .map(use -> isChampion(use.model()))
                        .orElse(group.equals(beginning + champion)))
                .sorted()
                .toList();
    }

    private boolean isChampion(String model) {
        return model.equals(champion)
                || model.equals(asked)
                || Path.of(model).equals(Path.of(asked).toAbsolutePath().normalize());
    }
}
